import { objectiveOf, ratesOf } from '../model/arrivals.ts';
import type { RatedLoad } from '../model/plan.ts';
import { attempt, eligible, newLogs, prepare, startHosts, type GroupContext } from './cell-hosts.ts';
import { EqualWork } from './equal-work.ts';
import { runWindow } from './measure-window.ts';

/** Tasks that arrive far apart, to see how long one takes that meets no other. */
const ALONE_TASKS = 15;
/** Distance between two of them, as a multiple of how long one ran in a batch, in ms at least and at most. */
const ALONE_GAP = 2;
const SHORTEST_GAP_MS = 10;
const LONGEST_GAP_MS = 400;

/**
 * Finds what the windows of a group depend on: how long a task takes that meets no other, and how many the baseline does
 * in a second when all are there at once. From these come the objective and the rates, unless they were given.
 *
 * @returns undefined if the baseline failed, or the run was interrupted
 */
export async function rateGroup(context: GroupContext): Promise<RatedLoad | undefined> {
  const { group, logs, signal } = context;
  const { load, baseline, workload } = group;
  const log = logs.get(baseline);
  if (load === undefined || log === undefined || log.error !== undefined || log.batchMs === undefined) return undefined;
  const capacity = (workload.tasks / log.batchMs) * 1000;
  const trial: GroupContext = { ...context, logs: newLogs([log.cell]), equalWork: new EqualWork() };
  const hosts = await startHosts(trial, [log.cell]);
  try {
    await prepare(trial, hosts, [log.cell], { rounds: 1, openingTogether: 1, untilSteady: true });
    const [cellHost] = eligible(hosts, [log.cell]);
    if (cellHost === undefined || signal.aborted) return undefined;
    const alone = await attempt(trial, cellHost, async () => {
      const { runningMs } = (await cellHost.host.measure()).reading;
      const gapMs = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, ALONE_GAP * (runningMs?.p50 ?? 0)));
      return runWindow(
        trial,
        cellHost,
        {
          ...load,
          arrivals: { kind: 'constant' },
          objective: { quantile: 'p50', ms: LONGEST_GAP_MS },
          keepsRequests: false,
        },
        { rate: 1000 / gapMs, requests: ALONE_TASKS, settling: 0, number: 0 },
      );
    });
    log.error ??= trial.logs.get(baseline)?.error;
    if (alone === undefined) return undefined;
    const aloneMs = alone.reading.latencyMs.p50;
    const { objective = objectiveOf(aloneMs), rates = ratesOf(capacity), ...kept } = load;
    return { ...kept, aloneMs, capacity, objective, rates };
  } finally {
    await Promise.all([...hosts.values()].map(({ host }) => host.kill()));
    context.leftBehind.sweep();
  }
}
