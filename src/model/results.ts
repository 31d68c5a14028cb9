/** Types of results.json, by name. */
import type { Static } from 'typebox';
import type { resultsSchema } from './results-schema.ts';

/** Measurements and conclusions of a run, field by field in docs/results.md. */
export type Results = Static<typeof resultsSchema>;
/** One configuration of one workload, with its samples; `status`: whether it could be measured. */
export type Cell = Results['cells'][number];
export type MeasuredCell = Extract<Cell, { status: 'ok' }>;
/** Readings of one batch. */
export type Sample = Cell['samples'][number];
export type Summary = MeasuredCell['summary'];
export type CellError = Extract<Cell, { status: 'failed' }>['error'];
/** One cell against the baseline of its workload: speedup, CI and verdict. */
export type Comparison = Results['comparisons'][number];
/** A factor and its CI. */
export type Ratio = Omit<Comparison['speedup'], 'level'>;
/** `same` is a finding: the whole CI lies within the minimum effect. `inconclusive` is none. */
export type Verdict = Comparison['verdict'];
/** The cell to use for a workload, and the cells tied with it. */
export type Recommendation = Results['recommendations'][number];
/** Why one cell of a tie was chosen. */
export type ChosenFor = NonNullable<Recommendation['chosenFor']>;
/** Where the time of a configuration's extra batches went. */
export type CellProfile = NonNullable<Cell['profile']>;
export type WorkerProfile = CellProfile['workers'][number];
/** Shares of a worker's time. */
export type TimeParts = NonNullable<WorkerProfile['parts']>;
export type Timeline = Results['timelines'][number];
/** An interval in which a task ran or waited. */
export type Slice = Timeline['slices'][number];
export type Environment = Results['environment'];
export type Options = Results['options'];
/** A fact about the run that the reader must know, by `kind`. */
export type Warning = Results['warnings'][number];
/** Outcome of a tuning: its choice, its finalists and the candidates that were left out. */
export type Tuning = NonNullable<Results['tuning']>;
/** Results of `tune`: those of a run, and its choice. */
export type TuningResults = Results & { readonly tuning: Tuning };
/** Facts about a tuned module that code to paste needs. */
export type TunedModule = NonNullable<Tuning['module']>;
export type Scaling = NonNullable<Results['scaling']>[number];
export type ScalingFit = NonNullable<Scaling['fit']>;
export type Prediction = NonNullable<Results['predictions']>[number];
export type Crossover = NonNullable<Results['crossovers']>[number];
export type TuningGoal = NonNullable<Options['tuning']>;
export type Noise = NonNullable<Results['noise']>[number];
export type BlockNoise = Noise['blocks'][number];
export type MachineNoise = NonNullable<BlockNoise['machines']>[number];
export type NoiseLimits = NonNullable<Options['noiseLimits']>;
export type UpperBound = NonNullable<Results['upperBounds']>[number];
export type UpperBoundSample = UpperBound['samples'][number];
/** A built-in strategy, or the name of a custom one. */
export type StrategyName = Options['strategies'][number];
/** How many tasks one worker may run at once: a number from 1, or `'all'`. */
export type Concurrency = Cell['concurrency'];
/** Version of a workload that is given as two paths. */
export type Version = NonNullable<Cell['version']>;

/** Schema version of results: fields may be added under it, but never change their meaning. */
export const RESULTS_SCHEMA_ID = 'lanewise/results@1';

const WITHHOLDING = [
  'memoised',
  'unawaited',
  'costly-digest',
  'taken-cpus',
] as const satisfies readonly Warning['kind'][];

/** Puts the times in doubt: another thing than the work was timed, or the work without the CPUs that it needs. */
export type WithholdingWarning = Extract<Warning, { kind: (typeof WITHHOLDING)[number] }>;

/** Whether the times are in doubt: then nothing is concluded from them. */
export function isWithholding(warning: Warning): warning is WithholdingWarning {
  return WITHHOLDING.some((kind) => kind === warning.kind);
}

/** CPUs that are emulated by a quota, since the last one is shared; undefined: none, or whole ones, by affinity. */
export function partOfCpu(emulated: Environment['emulated']): number | undefined {
  const cpus = emulated?.cpus ?? undefined;
  return Number.isInteger(cpus) ? undefined : cpus;
}
