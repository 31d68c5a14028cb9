import { readSupport } from '../measure/environment.ts';
import { LanewiseError } from '../model/errors.ts';
import type { StoppingRules } from '../model/measured.ts';
import type { CalibratedBatches, Plan } from '../model/plan.ts';
import type { Cell, Environment, Results, Tuning, TuningGoal, TuningResults, Warning } from '../model/results.ts';
import { MOST_FINALISTS, planConfirmation } from '../plan/plan-tuning.ts';
import type { NamedTuning } from '../plan/resolve-tuning.ts';
import type { Conclusions } from '../stats/conclude.ts';
import { whyNot } from '../stats/recommend.ts';
import { sameAsLoop } from '../stats/same-program.ts';
import { isPrecise, shortlist } from '../stats/shortlist.ts';
import { fastestFirst } from '../stats/summarize.ts';
import type { Found } from './find.ts';
import { tunedModule } from './tuned-module.ts';

export { planScreening } from '../plan/plan-tuning.ts';
export { resolveTuning } from '../plan/resolve-tuning.ts';

/** Ends a screening once it is precise enough: nothing is concluded from it, so it may be looked at after every block. */
export function selectingRules({ options: { tuning: goal } }: Plan): Pick<StoppingRules, 'decided'> {
  return {
    decided: ({ cells }) => {
      const left = cells.filter(({ error, droppedFor }) => error === undefined && droppedFor === undefined);
      return goal !== undefined && isPrecise(left, goal) ? left.map(({ cell }) => cell.id) : [];
    },
  };
}

/** A screening with its outcome. */
interface Screened {
  readonly plan: Plan;
  readonly conclusions: Conclusions;
  readonly durationMs: number;
  readonly finalists: readonly string[];
}

/** @param durationMs duration of the screening, which ends now */
export function screened(plan: Plan, conclusions: Conclusions, durationMs: number): Screened {
  return { plan, conclusions, durationMs, finalists: finalistsOf(plan, conclusions) };
}

/** @throws LanewiseError for a memory goal where memory cannot be measured */
export function checkTunable({ goal }: Pick<NamedTuning, 'goal'>, environment: Environment): void {
  if ((goal.maxMemoryMiB === null && goal.for !== 'memory') || readSupport(environment).memoryOfTree) return;
  throw new LanewiseError(
    'usage',
    'Invalid --max-memory or --for memory: this system does not measure the memory of a process and its children. Leave it out.',
  );
}

/** A single Node version needs no name in every cell. */
export function onOneNode({ machine, ...found }: Found): Found {
  const runtimes = machine.runtimes.map(({ label: _label, ...runtime }) => runtime);
  return { ...found, machine: { ...machine, runtimes } };
}

/** Plan of the finalists; undefined without any. */
export function planFinalists(
  { plan, conclusions: { workloads, cells, warnings }, finalists }: Screened,
  tuning: NamedTuning,
  cores: number,
): Plan | undefined {
  const medians = cells.flatMap((cell) => (cell.status === 'ok' ? [cell.summary.wallMs.median] : []));
  // Calibration looks for work that is not awaited, and has to find it again.
  const calibrated = warnings.some(({ kind }) => kind === 'unawaited') ? undefined : calibratedBy(cells, tuning);
  const batches = { tasks: workloads[0]?.tasks ?? 1, batchMs: Math.min(...medians), calibrated };
  return finalists.length === 0 ? undefined : planConfirmation(plan, tuning, { finalists, ...batches }, cores);
}

/** The screening has run all of them, in batches of the same size. */
function calibratedBy(cells: readonly Cell[], { request: { options } }: NamedTuning): CalibratedBatches {
  const known = cells.flatMap((cell) => {
    if (cell.status !== 'ok') return [];
    const { startupMs, wallMs } = cell.summary;
    return [[cell.id, { batchMs: wallMs.median, preparingMs: startupMs + options.warmups * wallMs.median }] as const];
  });
  return Object.fromEntries(known);
}

/** None after an interrupted screening: the best may not have been measured yet. */
function finalistsOf({ options, groups }: Plan, { complete, cells }: Conclusions): readonly string[] {
  const { tuning: goal, minEffect } = options;
  if (!complete || goal === undefined) return [];
  const measured = cells.filter((cell) => cell.status === 'ok');
  const same = sameAsLoop(measured, groups[0]?.baseline);
  const ok = measured.filter((cell) => !same.includes(cell));
  // Only what was not dropped has a turn in every block.
  const last = Math.max(...ok.flatMap(({ samples }) => samples.map(({ block }) => block)));
  const left = ok.filter(({ samples }) => samples.some(({ block }) => block === last));
  const finalists = shortlist(left, goal, MOST_FINALISTS, Math.log1p(minEffect));
  const [only] = finalists;
  if (finalists.length !== 1 || only !== groups[0]?.baseline) return finalists;
  // A baseline far ahead needs something to be compared with, so the next best joins it.
  const next = fastestFirst(ok).find(({ id }) => id !== only);
  return next === undefined ? finalists : [...finalists, next.id];
}

/** Conclusions come from the confirmation alone; of the screening only the cells are kept. */
export function joined({ conclusions }: Screened, confirmed: Conclusions | undefined): Conclusions {
  const cells = conclusions.cells.map((cell): Cell => ({ ...cell, phase: 'screening' }));
  if (confirmed === undefined)
    return { ...conclusions, cells, comparisons: [], recommendations: [], upperBounds: [], timelines: [] };
  return {
    ...confirmed,
    complete: conclusions.complete && confirmed.complete,
    cells: [...cells, ...confirmed.cells],
    warnings: [...conclusions.warnings.filter(isLasting), ...confirmed.warnings],
  };
}

/** True for warnings about the workload and what remains, not about the quality of the measurements. */
function isLasting({ kind }: Warning): boolean {
  return kind === 'left-behind' || kind === 'unequal-work' || kind === 'queues-left';
}

/** Adds the outcome of the tuning to the results of the run. */
export function tuned(
  results: Results,
  { plan, conclusions, durationMs: screeningMs, finalists }: Screened,
  asked: string,
  tuning: NamedTuning,
): TuningResults {
  const [group] = plan.groups;
  const module = group && tunedModule(asked, group.workload);
  return {
    ...results,
    tuning: {
      choose: results.recommendations[0]?.choose ?? null,
      ...(tuning.current !== undefined && { current: group?.baseline ?? '' }),
      ...(module !== undefined && { module }),
      finalists: [...finalists],
      screened: conclusions.cells.length,
      durationMs: results.durationMs,
      screeningMs,
      leftOut: leftOut(results.cells, plan.options.tuning),
    },
  };
}

function leftOut(cells: readonly Cell[], goal: TuningGoal | undefined): Tuning['leftOut'] {
  // A finalist is judged by what was measured again, which comes last.
  const latest = new Map(cells.map((cell) => [cell.id, cell]));
  return [...latest.values()].flatMap((cell): Tuning['leftOut'] => {
    const because = cell.status === 'failed' ? 'failed' : goal && whyNot(cell, goal);
    return because === undefined ? [] : [{ cell: cell.id, because }];
  });
}
