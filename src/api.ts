/**
 * The functions of the library. None of them prints, exits the process or keeps state between calls. Measuring code is
 * imported on use: a workload that takes its types from here is loaded in every lane, and the cost of that is measured.
 */
import type { Step } from './lessons/teach.ts';
import type { Watching } from './session/library.ts';
import type { RunComparison } from './model/comparison.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { LessonsReport } from './model/lessons.ts';
import type { LoadResults } from './model/load.ts';
import type { Results, TuningResults } from './model/results.ts';
import type { LessonsSettings, LoadSettings, Settings, TuneSettings } from './options/config.ts';

/** Options as they are at the call: modules are loaded before they are read, and a program may change its lists. */
function taken<Options>(options: Options): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options;
  const copied = Object.entries(options).map(([name, value]: [string, unknown]) => [
    name,
    name === 'params' ? taken(value) : copyOf(value),
  ]);
  return Object.fromEntries(copied) as Options;
}

function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as readonly unknown[])] : value;
}

/** Settings of a run, and how it is watched. */
export interface RunOptions extends Settings, Watching {}

/**
 * Runs the same work in every configuration asked for and shows by measurements which one is best, as `lanewise run`
 * does.
 *
 * @returns the content of `results.json`: the samples of every configuration, comparisons with CIs, verdicts and
 * recommendations. After an aborted `signal`: the results so far, with `complete: false`, and no recommendation without
 * comparisons
 * @throws LanewiseError if the request cannot be carried out, before anything is measured; a failing task fails its
 * configuration and throws nothing
 */
export async function run(options: RunOptions = {}): Promise<Results> {
  const given = taken(options);
  const [flow, { checkCall, inSession }, { checkValues }] = await Promise.all([
    import('./flow.ts'),
    import('./session/library.ts'),
    import('./options/values.ts'),
  ]);
  const { settings, watching } = checkCall('run', given);
  const request = checkValues('run', settings, { where: 'run', in: 'code' });
  return inSession('run', { request }, watching, flow.run);
}

/** Settings for comparing saved results. */
export interface CompareResultsOptions {
  /** Minimum effect, as a fraction: `same` is shown to differ by less. Default: that of the later run. */
  readonly minEffect?: number;
  /** Compare even runs from different machines or major versions of Node. Default: false. */
  readonly force?: boolean;
}

/**
 * Compares a run with earlier ones, or a load measurement with earlier ones, each configuration with itself, as `lanewise
 * compare` does with results files. With fewer than three earlier ones a change only `looks` like one, since how much
 * they differ by themselves is unknown.
 *
 * @param old the results of one or more earlier measurements, from `run` or `load`, or parsed from their JSON
 * @param current the results of the later one, of the same kind
 * @returns the verdict and the speedup of each configuration, with a CI as wide as measurements of the same code differ; of
 *   load measurements, by the rate that is held or, if rates were given, by the latency at each
 * @throws LanewiseError for invalid results, for measurements from different machines or versions of Node and for those with
 *   no configuration in common
 */
export async function compareResults<Kind extends Results | LoadResults>(
  old: Kind | readonly [Kind, ...Kind[]],
  current: Kind,
  options: CompareResultsOptions = {},
): Promise<RunComparison> {
  const given = taken(options);
  const earlier = copyOf(old);
  const [{ checkSaved }, { compareSaved }, { MIN_EFFECT }, { LanewiseError }, { checkCall, refuseUnknown }] =
    await Promise.all([
      import('./model/check-results.ts'),
      import('./flow/compare-saved.ts'),
      import('./options/measuring.ts'),
      import('./model/errors.ts'),
      import('./session/library.ts'),
    ]);
  const { minEffect, force = false, ...unknown } = checkCall('compareResults', given).settings;
  refuseUnknown('compareResults', unknown, ['minEffect', 'force']);
  if (typeof force !== 'boolean')
    throw new LanewiseError('usage', 'compareResults: Invalid "force": expected true or false.');
  const checked = async (one: unknown, name: string) => ({ name, ...(await checkSaved(one, name)) });
  const runs: readonly unknown[] = Array.isArray(earlier) ? earlier : [earlier];
  const [first, ...others] = await Promise.all(runs.map((one) => checked(one, 'the earlier run')));
  if (first === undefined) throw new LanewiseError('usage', 'compareResults: give at least one earlier run.');
  return compareSaved([first, ...others], await checked(current, 'the later run'), {
    minEffect: minEffect === undefined ? undefined : MIN_EFFECT.check(minEffect, '"minEffect"'),
    remedy: force ? undefined : 'force: true',
  });
}

/** Settings of a tuning, and how it is watched. */
export interface TuneOptions extends TuneSettings, Watching {}

/**
 * Finds the configuration to use for one workload, as `lanewise tune` does.
 *
 * @returns results whose `tuning.choose` is the id of the cell to use; null if none can be chosen
 * @throws LanewiseError if the request cannot be carried out, before anything is measured
 */
export async function tune(options: TuneOptions): Promise<TuningResults> {
  const given = taken(options);
  const [flow, { checkCall, inSession }, { checkValues }] = await Promise.all([
    import('./flow.ts'),
    import('./session/library.ts'),
    import('./options/values.ts'),
  ]);
  const { settings, watching } = checkCall('tune', given);
  const request = checkValues('tune', settings, { where: 'tune', in: 'code' });
  return inSession('tune', request, watching, flow.tune);
}

/** Settings of a load measurement, and how it is watched. */
export interface LoadOptions extends LoadSettings, Watching {}

/**
 * Lets tasks of one workload arrive at given rates, whether or not earlier ones are done, and measures how long each
 * takes to its result, as `lanewise load` does.
 *
 * @throws LanewiseError if the request cannot be carried out, before anything is measured
 */
export async function load(options: LoadOptions): Promise<LoadResults> {
  const given = taken(options);
  const [flow, { checkCall, inSession }, { checkValues }] = await Promise.all([
    import('./flow.ts'),
    import('./session/library.ts'),
    import('./options/values.ts'),
  ]);
  const { settings, watching } = checkCall('load', given);
  const request = checkValues('load', settings, { where: 'load', in: 'code' });
  return inSession('load', { request }, watching, flow.load);
}

/** Settings of the lessons: which ones, in which language and at what speed. */
export interface LessonsOptions extends LessonsSettings {
  /** Aborted: the report says `complete: false`. */
  readonly signal?: AbortSignal;
  /** Called before each configuration of each lesson. */
  readonly onProgress?: (step: Step) => void;
  readonly lock?: Watching['lock'];
}

/**
 * Runs the experiments of the tutorial and measures whether its claims hold, as `lanewise lessons` does.
 *
 * @throws LanewiseError for an unknown lesson, an invalid value, or a modified copy that does not load
 */
export async function lessons(options: LessonsOptions = {}): Promise<LessonsReport> {
  const given = taken(options);
  const [{ checkValues }, { resolveCurriculum }, { teach }, { checkCall, inSession, toListener }] = await Promise.all([
    import('./options/values.ts'),
    import('./lessons/curriculum.ts'),
    import('./lessons/teach.ts'),
    import('./session/library.ts'),
  ]);
  const { settings, watching } = checkCall('lessons', given);
  const request = checkValues('lessons', settings, { where: 'lessons', in: 'code' });
  const { signal, lock, onProgress } = watching;
  return inSession('lessons', request, { signal, lock }, async (session) => {
    const curriculum = resolveCurriculum(request);
    await session.lock();
    const { pass, settle } = toListener(onProgress);
    const report = await teach(curriculum, { signal: session.signal, began: pass });
    await settle();
    return report;
  });
}

/** Settings for examining the machine. */
export interface DoctorOptions extends Watching {
  /** Only read the facts of the machine, without measuring. Default: false. */
  readonly factsOnly?: boolean;
  readonly seed?: number;
}

/**
 * Examines what this machine can measure, as `lanewise doctor` does in about a minute: CPUs, noise, upper bound and the
 * startup time of a worker.
 *
 * @returns what `lanewise doctor --json` prints
 * @throws LanewiseError if it is aborted: there are no partial results
 */
export async function doctor(options: DoctorOptions = {}): Promise<Diagnosis> {
  const given = taken(options);
  const [flow, { checkCall, inSession, refuseUnknown }, { SEED }, { LanewiseError }] = await Promise.all([
    import('./flow.ts'),
    import('./session/library.ts'),
    import('./options/measuring.ts'),
    import('./model/errors.ts'),
  ]);
  const { settings, watching } = checkCall('doctor', given);
  const { factsOnly = false, seed, ...unknown } = settings;
  refuseUnknown('doctor', unknown, ['factsOnly', 'seed']);
  if (typeof factsOnly !== 'boolean')
    throw new LanewiseError('usage', 'doctor: Invalid "factsOnly": expected true or false.');
  const asked = { factsOnly, ...(seed !== undefined && { seed: SEED.check(seed, '"seed"') }) };
  return inSession('doctor', asked, watching, flow.doctor);
}

/**
 * Renders the report as one self-contained HTML page: no network, readable without scripts; that of a run includes its
 * data.
 *
 * @param results of `run`, `tune` or `load`
 * @returns the text of the page
 * @throws LanewiseError for invalid results
 */
export async function renderHtml(results: Results | LoadResults): Promise<string> {
  const [{ checkSaved }, { FORMATS, LOAD_FORMATS }] = await Promise.all([
    import('./model/check-results.ts'),
    import('./report/formats.ts'),
  ]);
  const saved = await checkSaved(results, 'The argument of renderHtml');
  return saved.kind === 'run' ? FORMATS.html[0].render(saved.results) : LOAD_FORMATS.html[0].render(saved.results);
}
