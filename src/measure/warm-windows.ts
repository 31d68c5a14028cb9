import { warmUpOf } from '../model/evidence.ts';
import { paceOf } from '../model/measured.ts';
import type { LoadPlan, PlannedCell, RatedLoad, Rating } from '../model/plan.ts';
import { attempt, eligible, type CellHost, type CellHosts, type GroupContext } from './cell-hosts.ts';
import { ratedLoad, runWindow } from './measure-window.ts';
import type { WindowOutcome } from './request-window.ts';

/** Objective of windows from which nothing is judged: they end early only where 4 s of arrivals are unfinished. */
const UNJUDGED = { quantile: 'p50', ms: 400 } as const;

/**
 * Runs a window that does not count.
 *
 * @returns undefined if it was interrupted
 */
export function runUnjudged(
  context: GroupContext,
  cellHost: CellHost,
  { giveUpMs: _giveUpMs, ...load }: LoadPlan | RatedLoad,
  { arrivals, rate, requests }: { readonly rate: number; readonly requests: number } & Pick<LoadPlan, 'arrivals'>,
): Promise<WindowOutcome | undefined> {
  return runWindow(
    context,
    cellHost,
    { ...load, arrivals, objective: UNJUDGED, keepsRequests: false, probePerSecond: 0 },
    { rate, requests, settling: 0, number: 0 },
  );
}

/** Before the windows of a host: batches do not compile what passes a request on. */
export async function warmWindows(
  context: GroupContext,
  cellHost: CellHost,
  load: LoadPlan | RatedLoad,
  rating: Pick<Rating, 'capacity'>,
): Promise<void> {
  const { group, options } = context;
  const turns = (group.blocks.at(-1) ?? []).flat().filter(({ id }) => id === cellHost.log.cell.id).length;
  const { rate, requests } = warmUpOf(rating, load, { turns, warmups: options.warmups });
  await runUnjudged(context, cellHost, load, { arrivals: { kind: 'constant' }, rate, requests });
}

/** The hosts of a block, one after the other, since each takes its share of a busy machine. */
export async function warmAllWindows(
  context: GroupContext,
  hosts: CellHosts,
  order: readonly PlannedCell[],
): Promise<void> {
  const load = ratedLoad(context.group);
  for (const cellHost of eligible(hosts, order)) {
    if (context.signal.aborted) return;
    const pace = paceOf(load, cellHost.log, context.group.workload.tasks);
    await attempt(context, cellHost, () => warmWindows(context, cellHost, load, pace));
  }
}
