import { LanewiseError } from '../model/errors.ts';
import { likelyKind, withKinds } from './kinds.ts';
import { readEnvironment } from '../measure/environment.ts';
import { findRuntimes } from '../measure/find-runtimes.ts';
import { findStrategies } from '../measure/find-strategies.ts';
import { findWorkloads } from '../measure/find-workloads.ts';
import { takeLock, type LockOptions } from '../session/lock.ts';
import { readSupport } from '../measure/machine-facts.ts';
import type { Observer } from '../measure/observer.ts';
import type { Plan, Runtime } from '../model/plan.ts';
import type { Cell, Environment, Results, Tuning, TuningGoal, Warning } from '../model/results.ts';
import { MOST_FINALISTS, planConfirmation, planScreening, type Screened } from '../plan/plan-tuning.ts';
import { nameStrategies } from '../plan/name-strategies.ts';
import { isPath } from '../model/module-path.ts';
import { selectWorkloads } from '../plan/select-workloads.ts';
import { resolveTuning, type ResolvedTuning, type TuningRequest } from '../options/tuning-request.ts';
import { randomSeed } from '../system/random-seed.ts';
import { carryOut, resultsOf, withWarnings } from './run.ts';
import type { Conclusions } from '../stats/conclude.ts';
import { whyNot } from '../stats/recommend.ts';
import { shortlist } from '../stats/shortlist.ts';
import { tunedModule } from './tuned-module.ts';

/** What is measured next: many settings with little evidence, or a few with much. */
type Phase = 'screening' | 'confirming';

/** Called before each phase. */
export type WatchTuning = (plan: Plan, phase: Phase) => Observer | Promise<Observer>;

/**
 * Finds the setting to use: a coarse grid is screened, what is near the best is measured again in blocks of its own, and
 * from those alone the choice is made.
 *
 * @throws LanewiseError for anything that cannot be done as asked, before anything is measured
 */
export async function tune(
  request: TuningRequest,
  watch: WatchTuning,
  lockOptions: LockOptions = { mode: 'refuse' },
): Promise<Results> {
  const environment = await readEnvironment();
  const asked = resolveTuning(request, environment);
  const own = await findStrategies(
    asked.request.options.strategies.filter(isPath),
    asked.request.options.startTimeoutMs,
  );
  const tuning = { ...asked, request: nameStrategies(asked.request, own.strategies) };
  checkMemory(tuning, environment);
  const [found, ...others] = await findWorkloads(selectWorkloads(tuning.request.workloads), {
    workerData: tuning.request.workerData,
    startTimeoutMs: tuning.request.options.startTimeoutMs,
  });
  if (found === undefined || others.length > 0) throw severalWorkloads(request.workload);
  const machine = {
    ...environment,
    runtimes: (await findRuntimes(tuning.request)).map(unlabelled),
    ownStrategies: own.strategies,
  };
  const seed = tuning.request.seed ?? randomSeed();
  // What cannot be done as asked is refused before anything is started.
  planScreening(likelyKind(found, tuning.request), tuning, seed, machine);
  const lock = await takeLock(lockOptions);
  try {
    const { options } = tuning.request;
    const [known = found] = await withKinds([found], tuning.request, { options, seed, runtimes: machine.runtimes });
    const screening = withWarnings(planScreening(known, tuning, seed, machine), own.warnings);
    const startedAt = new Date();
    const elapsedMs = (): number => Date.now() - startedAt.getTime();
    const screened = await carryOut(screening, environment.cores, await watch(screening, 'screening'));
    const screeningMs = elapsedMs();
    const finalists = finalistsOf(screened, screening);
    const confirmation =
      finalists.length === 0
        ? undefined
        : planConfirmation(screening, tuning, { finalists, ...batchesOf(screened) }, environment.cores);
    const confirmed =
      confirmation && (await carryOut(confirmation, environment.cores, await watch(confirmation, 'confirming')));
    const conclusions = joined(screened, confirmed);
    const times = { startedAt: startedAt.toISOString(), durationMs: elapsedMs() };
    const results = resultsOf(conclusions, confirmation ?? screening, {
      environment,
      isShared: lock.isShared,
      ...times,
    });
    return {
      ...results,
      warnings: confirmation === undefined ? results.warnings : [...screening.warnings, ...results.warnings],
      tuning: {
        choose: confirmed?.recommendations[0]?.choose ?? null,
        ...(tuning.current !== undefined && { current: screening.groups[0]?.baseline ?? '' }),
        ...moduleOf(request.workload, screening),
        finalists: [...finalists],
        screened: screened.cells.length,
        durationMs: times.durationMs,
        screeningMs,
        leftOut: leftOut(conclusions.cells, screening.options.tuning),
      },
    };
  } finally {
    lock.release();
  }
}

function moduleOf(asked: string, { groups }: Plan): Pick<Tuning, 'module'> {
  const module = groups[0] && tunedModule(asked, groups[0].workload);
  return module === undefined ? {} : { module };
}

/** The one that everything runs on needs no name in every cell. */
function unlabelled({ label: _label, ...runtime }: Runtime): Runtime {
  return runtime;
}

/** None of a screening that was interrupted: the best may not have been measured yet. */
function finalistsOf({ complete, cells }: Conclusions, { options, groups }: Plan): readonly string[] {
  const goal = options.tuning;
  if (!complete || goal === undefined) return [];
  const ok = cells.filter((cell) => cell.status === 'ok');
  const finalists = shortlist(ok, goal, MOST_FINALISTS);
  const [only] = finalists;
  if (finalists.length !== 1 || only !== groups[0]?.baseline) return finalists;
  // What everything is held against is far ahead: nothing can be said of it alone, so the next one is measured beside it.
  const [next] = ok
    .filter(({ id }) => id !== only)
    .toSorted((a, b) => a.summary.wallMs.median - b.summary.wallMs.median);
  return next === undefined ? finalists : [...finalists, next.id];
}

function batchesOf({ workloads, cells }: Conclusions): Omit<Screened, 'finalists'> {
  const medians = cells.flatMap((cell) => (cell.status === 'ok' ? [cell.summary.wallMs.median] : []));
  return { tasks: workloads[0]?.tasks ?? 1, batchMs: Math.min(...medians) };
}

/** What is said of settings comes from the confirmation alone; of the screening, its cells are kept. */
function joined(screened: Conclusions, confirmed: Conclusions | undefined): Conclusions {
  const cells = screened.cells.map((cell): Cell => ({ ...cell, phase: 'screening' }));
  if (confirmed === undefined)
    return { ...screened, cells, comparisons: [], recommendations: [], ceilings: [], timelines: [] };
  return {
    ...confirmed,
    complete: screened.complete && confirmed.complete,
    cells: [...cells, ...confirmed.cells],
    warnings: [...screened.warnings.filter(isOfWorkload), ...confirmed.warnings],
  };
}

/** Not of how well it was measured. */
function isOfWorkload({ kind }: Warning): boolean {
  return kind === 'left-behind' || kind === 'unequal-work';
}

function leftOut(cells: readonly Cell[], goal: TuningGoal | undefined): Tuning['leftOut'] {
  const reasons = cells.flatMap((cell): Tuning['leftOut'] => {
    const because = cell.status === 'failed' ? 'failed' : goal && whyNot(cell, goal);
    return because === undefined ? [] : [{ cell: cell.id, because }];
  });
  return [...new Map(reasons.map((reason) => [reason.cell, reason])).values()];
}

/** @throws LanewiseError if memory is asked for where it cannot be measured */
function checkMemory({ goal }: ResolvedTuning, environment: Environment): void {
  if ((goal.maxMemoryMiB === null && goal.for !== 'memory') || readSupport(environment).memoryOfTree) return;
  throw new LanewiseError(
    'usage',
    'The memory of a process and its children is not measured on this system, so that nothing can be tuned for it: leave out --max-memory and --for memory.',
  );
}

function severalWorkloads(asked: string): LanewiseError {
  return new LanewiseError(
    'usage',
    `A setting is for one kind of work, and "${asked}" stands for several: give one name or path, for example lanewise tune primes.`,
  );
}
