/** The public API of `lanewise`. */
export { defineWorkload } from '../workers/define-workload.ts';
export type {
  Bound,
  InputContext,
  LaneId,
  Params,
  Services,
  SetupContext,
  TaskContext,
  WorkloadDefinition,
} from '../workers/contract.ts';
export {
  compareResults,
  doctor,
  lessons,
  load,
  renderHtml,
  run,
  tune,
  type CompareResultsOptions,
  type DoctorOptions,
  type LessonsOptions,
  type LoadOptions,
  type RunOptions,
  type TuneOptions,
} from './api.ts';
export {
  defineConfig,
  type LanewiseConfig,
  type LoadConfig,
  type RunConfig,
  type Settings,
  type SuiteConfig,
} from './options/config.ts';
export { LanewiseError, type ErrorCode } from './model/errors.ts';
export type { Watching } from './session/library.ts';
export type { ProgressEvent } from './session/progress-event.ts';
export type { Step } from './lessons/teach.ts';
export type { Change, RunComparison } from './model/comparison.ts';
export type { Diagnosis } from './model/diagnosis.ts';
export type { LessonsReport } from './model/lessons.ts';
export type { LoadResults } from './model/load.ts';
export type {
  Cell,
  Comparison,
  Concurrency,
  Recommendation,
  Results,
  Sample,
  StrategyName,
  Tuning,
  TuningResults,
  Verdict,
  Warning,
} from './model/results.ts';
export type { BuiltInStrategy } from './model/strategies.ts';
