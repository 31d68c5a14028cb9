/** A configuration with its samples, or with why it failed. */
import { Type } from 'typebox';
import { STRATEGY_NAMES } from '../strategies.ts';
import { object, ofGroup, orNotMeasured } from './common.ts';
import { latencyParts, contextSwitches, loopDelay, taskLatency, sample } from './sample.ts';

export const strategy = Type.String({
  minLength: 1,
  description: `${STRATEGY_NAMES.join(', ')}, or the name of one of the user’s.`,
});
export const inFlight = Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('all')], {
  description: 'How many tasks one lane may have under way at once.',
});

const estimate = object({
  median: Type.Number({ description: 'Hodges-Lehmann estimate over the blocks.' }),
  lo: orNotMeasured(Type.Number(), 'Lower end of the 95% interval; null with fewer blocks than it takes.'),
  hi: orNotMeasured(Type.Number(), 'Upper end of the 95% interval; null with fewer blocks than it takes.'),
});

const summary = object({
  wallMs: estimate,
  tasksPerSecond: Type.Number({ description: 'Tasks of a batch / median wall time.' }),
  taskMs: taskLatency,
  ...latencyParts,
  inProgress: Type.Number(),
  coresUsed: Type.Number(),
  cpuMsPerTask: Type.Number(),
  loopDelayMs: loopDelay,
  memoryMiB: orNotMeasured(
    Type.Number(),
    'Of the host and its children, what they share counted once: the largest reading between batches and during an extra one.',
  ),
  hostCopyMiB: Type.Optional(
    Type.Number({
      description:
        'Of memoryMiB, about: the host’s own copy of the module and of the inputs that it makes, beside those of its lanes.',
    }),
  ),
  startupMs: Type.Number({ description: 'Median over blocks of the time to open all lanes.' }),
  verifiedShare: Type.Optional(
    Type.Number({ description: 'Of the outputs of measured batches: how many had their digest taken.' }),
  ),
  contextSwitches,
});

export const lane = object({
  kind: Type.Enum(['main', 'thread', 'process']),
  index: Type.Integer({ minimum: 0 }),
});
const errorSummary = object({ name: Type.String(), message: Type.String() });
export const errorFields = {
  name: Type.String(),
  message: Type.String(),
  stack: Type.Optional(Type.String()),
  causes: Type.Optional(
    Type.Array(errorSummary, { description: 'Its `cause`, the cause of that, and so on: at most the first five.' }),
  ),
  errors: Type.Optional(
    Type.Array(errorSummary, {
      description: 'The first five `errors` of the first AggregateError among it and its causes.',
    }),
  ),
};
export const taskError = object({
  ...errorFields,
  task: Type.Optional(Type.Integer({ minimum: 0, description: '0-based position in the batch.' })),
  lane: Type.Optional(lane),
});

const cellFields = {
  id: Type.String({ description: 'workload[params]/strategy@poolSize x inFlight #twin.' }),
  ...ofGroup,
  strategy,
  poolSize: Type.Integer({ minimum: 1 }),
  inFlight,
  uvThreads: Type.Optional(
    Type.Integer({ minimum: 1, description: 'UV_THREADPOOL_SIZE of its processes, where it is not that of the run.' }),
  ),
  laneKind: Type.Optional(
    Type.Enum(['main', 'thread', 'process'], {
      description: 'Where the tasks of a strategy of the user’s run; absent for those of Lanewise.',
    }),
  ),
  keepsLanes: Type.Optional(
    Type.Boolean({
      description: 'False of a strategy of the user’s that starts a lane for every task; absent otherwise.',
    }),
  ),
  runtime: Type.Optional(
    Type.String({ description: 'Label of what its processes run on, where that is not the same for all cells.' }),
  ),
  phase: Type.Optional(
    Type.Literal('screening', {
      description: 'Measured by `tune` with little evidence, to choose what to measure again; in no comparison.',
    }),
  ),
  family: Type.Optional(
    Type.Enum(['loop', 'threads', 'processes'], {
      description: 'Where its tasks run; absent in results of before that was written.',
    }),
  ),
  twin: Type.Optional(
    Type.Integer({
      minimum: 2,
      description: 'Which of several cells that are the same but for their id: `2` of `#2`; absent of the first.',
    }),
  ),
  version: Type.Optional(
    Type.Enum(['old', 'new'], {
      description: 'Which of two versions of the workload, where it was given twice (--versus).',
    }),
  ),
  startupMs: Type.Array(Type.Number(), { description: 'One per block.' }),
  samples: Type.Array(sample, { description: 'In the order in which they were measured.' }),
};
export const cell = Type.Union([
  object({ ...cellFields, status: Type.Literal('ok'), summary }),
  object({ ...cellFields, status: Type.Literal('failed'), error: taskError }),
]);
