/** The public API. */
export { defineWorkload } from '../workers/contract.ts';
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
  renderHtml,
  run,
  tune,
  type CompareResultsOptions,
  type DoctorOptions,
  type LessonsOptions,
  type ProgressEvent,
  type RunOptions,
  type TuneOptions,
  type Watching,
} from './api.ts';
export { defineConfig, type LanewiseConfig, type RunConfig } from './config.ts';
export { LanewiseError, type ErrorCode } from './errors.ts';
export type { Step } from './lessons/teach.ts';
export type {
  BuiltInStrategy,
  Cell,
  Change,
  Comparison,
  Diagnosis,
  InFlight,
  LessonsReport,
  Recommendation,
  Results,
  RunComparison,
  Sample,
  StrategyName,
  Verdict,
  Warning,
} from './model.ts';
export type { Settings } from './settings.ts';
