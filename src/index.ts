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
export { LanewiseError, type ErrorCode } from './errors.ts';
export type { Observer } from './measure/observer.ts';
export type { Cell, Comparison, Plan, Recommendation, Results, Sample, Verdict, Warning } from './model.ts';
export type { RunRequest } from './plan/request.ts';
export { resultsSchema } from './results-schema.ts';
export { run } from './run.ts';
export { tune, type WatchTuning } from './tune.ts';
export type { TuningRequest } from './plan/tuning-request.ts';
