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
  compare,
  lessons,
  renderHtml,
  tune,
  type CompareOptions,
  type LessonsOptions,
  type ProgressEvent,
  type TuneOptions,
  type Watching,
} from './api.ts';
export { defineConfig, type LanewiseConfig, type RunConfig } from './config.ts';
export { LanewiseError, type ErrorCode } from './errors.ts';
export type { Step } from './lessons/teach.ts';
export type {
  BuiltInStrategy,
  Cell,
  Comparison,
  InFlight,
  LessonsReport,
  Recommendation,
  Results,
  Sample,
  StrategyName,
  Verdict,
  Warning,
} from './model.ts';
export type { Settings } from './settings.ts';
