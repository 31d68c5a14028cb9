import type { Measured, MeasuredGroup } from '../model/measured.ts';
import type { CalibratedBatches, Plan } from '../model/plan.ts';
import { planHeld } from '../plan/plan-held.ts';
import type { NamedLoad } from '../plan/resolve-load.ts';
import { nextRate, searchOf } from '../stats/load/next-rate.ts';
import type { Follower, Stage } from './session.ts';
import { sampled } from './stages.ts';

/** Windows with the plan that they belong to. */
export interface MeasuredPlan {
  readonly plan: Plan;
  readonly measured: Measured;
}

/** Searches for the rate that each configuration holds, then measures around these rates in new blocks. */
export async function heldIn(
  { plan, began, spentMs = 0 }: Stage,
  asked: NamedLoad,
  cores: number,
  session: Pick<Follower, 'signal' | 'follow'>,
): Promise<MeasuredPlan> {
  const measured = await sampled({ plan, began, spentMs, phase: 'searching' }, cores, session, undefined, { nextRate });
  const searched = { ...measured, groups: measured.groups.map(withRates) };
  const [found] = searched.groups;
  const rates =
    found?.group.load !== undefined && 'searched' in found.group.load ? found.group.load.searched : undefined;
  if (found === undefined || rates === undefined || !searched.complete || session.signal.aborted)
    return { plan, measured: searched };
  const spent = spentMs + began.elapsedMs();
  const held = planHeld(plan, { group: found.group, rates, calibrated: calibratedBy(found), spentMs: spent }, asked);
  if (held === undefined) return { plan, measured: searched };
  const confirmed = await sampled({ plan: held, began, spentMs: spent, phase: 'holding' }, cores, session);
  return { plan: held, measured: joined(searched, confirmed) };
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

/** The group with the rates that its windows show. */
function withRates(measured: MeasuredGroup): MeasuredGroup {
  const { group, cells } = measured;
  if (group.load === undefined || !('ratings' in group.load)) return measured;
  const searched = Object.fromEntries(
    cells.flatMap((log) => {
      const found = searchOf(group, log);
      return found === undefined ? [] : [[log.cell.id, found.estimate]];
    }),
  );
  return { ...measured, group: { ...group, load: { ...group.load, searched } } };
}

/** The windows of both phases; those of the search are marked. Cells without a rate are those of the search. */
function joined(searched: Measured, confirmed: Measured): Measured {
  return {
    ...confirmed,
    complete: searched.complete && confirmed.complete,
    groups: confirmed.groups.map((found, index) => {
      const before = searched.groups[index];
      if (before === undefined) return found;
      const cells = before.cells.map((log) => {
        const again = found.cells.find(({ cell }) => cell.id === log.cell.id);
        return again === undefined
          ? log
          : {
              ...again,
              doubts: [...log.doubts, ...again.doubts],
              windows: [...(log.windows ?? []), ...(again.windows ?? [])],
            };
      });
      return { ...found, group: { ...found.group, cells: before.group.cells }, cells };
    }),
  };
}
