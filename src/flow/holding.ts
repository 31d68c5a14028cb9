import { JournalError } from '../model/errors.ts';
import type { BegunRun, CellLog, Measured, MeasuredGroup, SearchLog } from '../model/measured.ts';
import type { CalibratedBatches, Plan, PlannedCell } from '../model/plan.ts';
import { planAround, planHeld } from '../plan/plan-held.ts';
import { windowOf, type NamedLoad } from '../plan/resolve-load.ts';
import { nextRateIn, searchOf, type Searching } from '../stats/load/next-rate.ts';
import type { Follower, Stage } from './session.ts';
import { sampled } from './stages.ts';

/** Windows with the plan that they belong to. */
export interface MeasuredPlan {
  readonly plan: Plan;
  readonly measured: Measured;
}

/**
 * Searches for the rate that each configuration holds, then measures around these rates in new blocks. What an earlier
 * process has found is not searched for again.
 */
export async function heldIn(
  { plan, began, spentMs = 0 }: Stage,
  asked: NamedLoad,
  cores: number,
  session: Pick<Follower, 'signal' | 'follow'>,
  begun?: BegunRun,
): Promise<MeasuredPlan> {
  const { options } = asked.request;
  const [known] = begun?.groups ?? [];
  if (known?.rated !== undefined && begun?.search !== undefined) {
    const held = planAround(plan, { tasks: known.tasks, rated: known.rated }, options, asked.load);
    if (held === undefined) throw new JournalError('The journal names no rate that was found');
    const stage: Stage = { plan: held, began, spentMs, phase: 'holding', search: begun.search };
    return { plan: held, measured: joined(plan, begun.search, await sampled(stage, cores, session, begun)) };
  }
  const searching: Searching = { seed: plan.seed, target: windowOf(asked.load.requests) };
  const measured = await sampled({ plan, began, spentMs, phase: 'searching' }, cores, session, undefined, {
    nextRate: nextRateIn(searching),
  });
  const spent = spentMs + began.elapsedMs();
  const { searched, held } = aroundFound({ plan, measured }, searching, asked, spent);
  const [found] = searched.groups;
  if (found === undefined || held === undefined || !searched.complete || session.signal.aborted)
    return { plan, measured: searched };
  const search = found.cells.map(searchLogOf);
  const stage: Stage = { plan: held, began, spentMs: spent, phase: 'holding', search };
  return { plan: held, measured: joined(plan, search, await sampled(stage, cores, session)) };
}

interface Around {
  /** The search with the rates that it shows. */
  readonly searched: Measured;
  /** Blocks around these; undefined: there are none. */
  readonly held: Plan | undefined;
}

/**
 * Plans the blocks around what a search has found. Where there is no time for windows of the target's size, more is held
 * in the shorter ones, so the rates are found again for these: else the blocks would be 15% too low for windows of 100.
 */
export function aroundFound(found: MeasuredPlan, searching: Searching, asked: NamedLoad, spentMs: number): Around {
  const first = aroundOnce(found, searching, asked, spentMs);
  const size = first.held?.groups[0]?.load;
  return size === undefined ? first : aroundOnce(found, { ...searching, target: size }, asked, spentMs);
}

function aroundOnce({ plan, measured }: MeasuredPlan, searching: Searching, asked: NamedLoad, spentMs: number): Around {
  const searched = { ...measured, groups: measured.groups.map((one) => withRates(one, searching)) };
  const [found] = searched.groups;
  const load = found?.group.load;
  const rates = load !== undefined && 'searched' in load ? load.searched : undefined;
  if (found === undefined || rates === undefined) return { searched, held: undefined };
  const { group } = found;
  return { searched, held: planHeld(plan, { group, rates, calibrated: calibratedBy(found), spentMs }, asked) };
}

function searchLogOf({ cell, startupMs, windows = [], doubts, error }: CellLog): SearchLog {
  return { cell: cell.id, startupMs, windows, doubts, ...(error && { error }) };
}

/** The search has started all of them. */
function calibratedBy({ cells }: MeasuredGroup): CalibratedBatches {
  return Object.fromEntries(
    cells.map(({ cell, startupMs, batchMs = 0 }) => [
      cell.id,
      { batchMs, preparingMs: Math.max(0, ...startupMs) + batchMs },
    ]),
  );
}

/** The group with the rates that its windows show, and what disturbed these. */
function withRates(measured: MeasuredGroup, searching: Searching): MeasuredGroup {
  const { group, cells, noise } = measured;
  if (group.load === undefined || !('ratings' in group.load)) return measured;
  const searched = Object.fromEntries(
    cells.flatMap((log) => {
      const found = searchOf(group, log, searching);
      return found === undefined ? [] : [[log.cell.id, found.estimate]];
    }),
  );
  return { ...measured, group: { ...group, load: { ...group.load, searched, searchNoise: noise.blocks } } };
}

/** The windows of both phases; those of the search are marked. Cells without a rate are those of the search. */
function joined({ groups: [planned] }: Plan, search: readonly SearchLog[], confirmed: Measured): Measured {
  const cells = planned?.cells ?? [];
  return {
    ...confirmed,
    groups: confirmed.groups.map((found) => ({
      ...found,
      group: { ...found.group, cells },
      cells: cells.flatMap((cell) => {
        const before = search.find((log) => log.cell === cell.id);
        const own = found.cells.find((log) => log.cell.id === cell.id) ?? (before && logOf(cell, before));
        if (own === undefined || before === undefined) return own ?? [];
        const { doubts, windows } = before;
        return [{ ...own, doubts: [...doubts, ...own.doubts], windows: [...windows, ...(own.windows ?? [])] }];
      }),
    })),
  };
}

/** A cell that the search has started, and for which there was no rate to measure. */
function logOf(cell: PlannedCell, { startupMs, error }: SearchLog): CellLog {
  const nothing = { memoryBytes: [], hostCopyBytes: [], startsMs: [], samples: [], doubts: [], windows: [] };
  return { ...nothing, cell, startupMs, error };
}
