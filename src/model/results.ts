/** What a run has measured and concluded: types of what results.json holds, by name. */
import type { Static } from 'typebox';
import type { resultsSchema } from './results-schema.ts';

/** All that a run has measured and concluded, field by field in docs/results.md. */
export type Results = Static<typeof resultsSchema>;
/** One way to run one workload, with its samples; `status` says whether it could be measured. */
export type Cell = Results['cells'][number];
export type MeasuredCell = Extract<Cell, { status: 'ok' }>;
/** What was read of one batch. */
export type Sample = Cell['samples'][number];
export type Summary = MeasuredCell['summary'];
export type CellError = Extract<Cell, { status: 'failed' }>['error'];
/** One cell against the baseline of its workload: speed-up, interval and verdict. */
export type Comparison = Results['comparisons'][number];
/** How many times as fast, and what it may be. */
export type Ratio = Omit<Comparison['speedup'], 'level'>;
/** `same` is a finding: the whole interval lies within the margin. `inconclusive` is none. */
export type Verdict = Comparison['verdict'];
/** Which cell to use for a workload, and which others are as fast by what was measured. */
export type Recommendation = Results['recommendations'][number];
/** What told the choice from the rest of its tie. */
export type ChosenFor = NonNullable<Recommendation['chosenFor']>;
export type Timeline = Results['timelines'][number];
/** A stretch of time in which a task ran, or waited. */
export type Slice = Timeline['slices'][number];
export type Environment = Results['environment'];
export type Options = Results['options'];
/** A fact about the run that its reader must know, by `kind`. */
export type Warning = Results['warnings'][number];
export type Tuning = NonNullable<Results['tuning']>;
/** What code to paste must know of a module that was tuned. */
export type TunedModule = NonNullable<Tuning['module']>;
export type Scaling = NonNullable<Results['scaling']>[number];
export type ScalingFit = NonNullable<Scaling['fit']>;
export type Prediction = NonNullable<Results['predictions']>[number];
export type Crossover = NonNullable<Results['crossovers']>[number];
export type TuningGoal = NonNullable<Options['tuning']>;
export type Noise = NonNullable<Results['noise']>[number];
export type BlockNoise = Noise['blocks'][number];
export type NoiseLimits = NonNullable<Options['noiseLimits']>;
export type UpperBound = NonNullable<Results['upperBounds']>[number];
export type UpperBoundSample = UpperBound['samples'][number];
/** One of Lanewise’s own, or what a module of the user’s calls itself. */
export type StrategyName = Options['strategies'][number];
/** How many tasks one lane may have under way at once: a number from 1 on, or `'all'`. */
export type Concurrency = Cell['concurrency'];
/** Of a workload that is given twice from two paths. */
export type Version = NonNullable<Cell['version']>;

/** The version of the results: fields may be added under it, none may change its meaning. */
export const RESULTS_SCHEMA_ID = 'lanewise/results@1';

const WITHHOLDING = ['memoised', 'unawaited', 'costly-digest'] as const satisfies readonly Warning['kind'][];

/** Whether the warning says that what was timed is not the work, or not the work alone: then nothing is concluded from it. */
export function isWithholding(warning: Warning): warning is Extract<Warning, { kind: (typeof WITHHOLDING)[number] }> {
  return WITHHOLDING.some((kind) => kind === warning.kind);
}
