/**
 * What can be called from code. Nothing here prints, ends the process or keeps anything between two calls. What measures is imported when it
 * is asked for: a workload that takes its types from here is loaded in every lane, and what that costs is measured.
 */
import type { Step } from './lessons/teach.ts';
import type { Watching } from './session/library.ts';
import type { RunComparison } from './model/comparison.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { LessonsReport } from './model/lessons.ts';
import type { Results } from './model/results.ts';
import type { LessonsSettings, Settings, TuneSettings } from './options/config.ts';

/** What is measured, how, and who watches. */
export interface RunOptions extends Settings, Watching {}

/**
 * Runs the same work in every configuration that is asked for, and shows by measurements which one wins: what `lanewise run` does.
 *
 * @returns what `results.json` holds: the samples of every configuration, comparisons with intervals, verdicts and recommendations. After an aborted
 *   `signal`, what was measured until then, with `complete: false`; without a recommendation where there are no comparisons
 * @throws LanewiseError for anything that cannot be done as asked, in a sentence, before anything is measured; a task that fails
 *   fails its configuration, and throws nothing
 */
export async function run({ signal, onProgress, lock, ...settings }: RunOptions = {}): Promise<Results> {
  const [flow, { inSession }, { checkValues }] = await Promise.all([
    import('./flow.ts'),
    import('./session/library.ts'),
    import('./options/values.ts'),
  ]);
  const request = checkValues('run', settings, { where: 'run', in: 'code' });
  return inSession({ request }, { signal, onProgress, lock }, flow.run);
}

/** How two saved runs are compared. */
export interface CompareResultsOptions {
  /** Smaller differences count as equal: a fraction. Default: that of the later run. */
  readonly minEffect?: number;
  /** Compare runs of different machines or major versions of Node all the same. Default: false. */
  readonly force?: boolean;
}

/**
 * Compares two runs, each configuration with itself: what `lanewise compare` does with two results files.
 *
 * @param old the results of the earlier run, as `run` resolves to them or as they were parsed from `results.json`
 * @param current those of the later run
 * @returns for each configuration how many times as fast it is now, with an interval that is widened by what the machine may have changed, and the verdict
 * @throws LanewiseError for what is not results, for runs of different machines or Nodes and for runs that have nothing in common
 */
export async function compareResults(
  old: Results,
  current: Results,
  { minEffect, force = false }: CompareResultsOptions = {},
): Promise<RunComparison> {
  const [{ checkResults }, { compareSaved }, { MIN_EFFECT }] = await Promise.all([
    import('./model/check-results.ts'),
    import('./flow/comparable-runs.ts'),
    import('./options/measuring.ts'),
  ]);
  const [earlier, later] = ['the earlier run', 'the later run'];
  return compareSaved(
    { name: earlier, results: await checkResults(old, earlier) },
    { name: later, results: await checkResults(current, later) },
    {
      minEffect: minEffect === undefined ? undefined : MIN_EFFECT.check(minEffect, '"minEffect"'),
      remedy: force ? undefined : 'force: true',
    },
  );
}

/** What is tuned, for what, and who watches. */
export interface TuneOptions extends TuneSettings, Watching {}

/**
 * Finds the setting to use for one kind of work.
 *
 * @returns results whose `tuning.choose` is the id of the cell to use, null if there is none
 * @throws LanewiseError for anything that cannot be done as asked, before anything is measured
 */
export async function tune(options: TuneOptions): Promise<Results> {
  const { signal, onProgress, lock, ...settings } = options;
  const [flow, { inSession }, { checkValues }] = await Promise.all([
    import('./flow.ts'),
    import('./session/library.ts'),
    import('./options/values.ts'),
  ]);
  const request = checkValues('tune', settings, { where: 'tune', in: 'code' });
  return inSession(request, { signal, onProgress, lock }, flow.tune);
}

/** Which lessons, in which language and at what speed. */
export interface LessonsOptions extends LessonsSettings {
  /** Aborted: the report says `complete: false`. */
  readonly signal?: AbortSignal;
  /** Before each way of each lesson. */
  readonly onProgress?: (step: Step) => void;
  readonly lock?: Watching['lock'];
}

/**
 * Performs the experiments of the tutorial, and measures whether its claims hold.
 *
 * @throws LanewiseError for a lesson that there is not, or a value that cannot be used
 */
export async function lessons({ signal, onProgress, lock, ...asked }: LessonsOptions = {}): Promise<LessonsReport> {
  const [{ checkValues }, { resolveCurriculum }, { teach }, { LibrarySession }] = await Promise.all([
    import('./options/values.ts'),
    import('./lessons/curriculum.ts'),
    import('./lessons/teach.ts'),
    import('./session/library.ts'),
  ]);
  const curriculum = resolveCurriculum(checkValues('lessons', asked, { where: 'lessons', in: 'code' }));
  const session = new LibrarySession(curriculum, { signal, lock });
  try {
    await session.lock();
    return await teach(curriculum, { signal: session.signal, began: onProgress ?? (() => undefined) });
  } finally {
    await session.close();
  }
}

/** How the machine is examined. */
export interface DoctorOptions extends Watching {
  /** Only its facts, in a moment; nothing is measured. Default: false. */
  readonly factsOnly?: boolean;
  readonly seed?: number;
}

/**
 * Examines what this machine can measure: CPUs, noise, upper bound, what it takes to start a worker; what `lanewise doctor` does, in about a minute.
 *
 * @returns what `lanewise doctor --json` prints
 * @throws LanewiseError if it is aborted: half a diagnosis is none
 */
export async function doctor({
  factsOnly = false,
  seed,
  signal,
  onProgress,
  lock,
}: DoctorOptions = {}): Promise<Diagnosis> {
  const [flow, { inSession }] = await Promise.all([import('./flow.ts'), import('./session/library.ts')]);
  const { SEED } = await import('./options/measuring.ts');
  const asked = { factsOnly, ...(seed !== undefined && { seed: SEED.check(seed, '"seed"') }) };
  return inSession(asked, { signal, onProgress, lock }, flow.doctor);
}

/**
 * The report as one page of HTML that needs nothing else: no network, no script to be read, its data inside.
 *
 * @returns the text of the page
 * @throws LanewiseError for what is not results
 */
export async function renderHtml(results: Results): Promise<string> {
  const [{ checkResults }, page] = await Promise.all([import('./model/check-results.ts'), import('./report/page.ts')]);
  return page.renderHtml(await checkResults(results, 'What renderHtml was given'));
}
