/** The API for custom strategies: `lanewise/strategy`. */
export type {
  LaneAssignment,
  LaneError,
  LaneId,
  Nanoseconds,
  Task,
  TaskRecord,
  TaskReply,
  Transferable,
  UnderWay,
  Usage,
} from '../workers/contract.ts';
export type { LaneAnswer, LaneMessage } from '../workers/own-lane.ts';
export { defineStrategy, type OwnLanes, type StrategyDefinition } from './lanes/own-strategy.ts';
export { poolStrategy, type Pool, type PoolDefinition, type PoolSettings } from './lanes/pool-strategy.ts';
export type { StrategySettings, TaskWatch } from './lanes/strategy.ts';
