/** A configuration with its samples, or with why it failed. */
import { Type } from 'typebox';
import { QUEUE_STRATEGY_NAMES, STRATEGY_NAMES } from '../strategies.ts';
import { described, object, ofGroup, orNotMeasured } from './common.ts';
import { lane, latencyParts, contextSwitches, loopDelay, profileFields, taskLatency, sample } from './sample.ts';

export const strategy = Type.String({
  minLength: 1,
  description: `${[...STRATEGY_NAMES, ...QUEUE_STRATEGY_NAMES].join(', ')}, or the name of a custom strategy.`,
});
export const concurrency = Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('all')], {
  description: 'Concurrency: how many tasks one worker may run at once.',
});

const estimate = object({
  median: Type.Number({ description: 'Hodges-Lehmann estimate over the blocks.' }),
  lo: orNotMeasured(Type.Number(), 'Lower end of the 95% CI; null: too few blocks.'),
  hi: orNotMeasured(Type.Number(), 'Upper end of the 95% CI; null: too few blocks.'),
});

const summary = object({
  wallMs: estimate,
  tasksPerSecond: Type.Number({ description: 'Tasks of a batch / median wall time.' }),
  taskMs: taskLatency,
  ...latencyParts,
  tasksInFlight: Type.Number(),
  cpusUsed: Type.Number(),
  cpuMsPerTask: Type.Number(),
  loopDelayMs: loopDelay,
  memoryMiB: orNotMeasured(
    Type.Number(),
    'Memory of the host and its children, shared pages counted once: the largest reading between batches and during an extra one.',
  ),
  hostCopyMiB: Type.Optional(
    Type.Number({
      description:
        'Part of memoryMiB, roughly: the host’s own copy of the module and the inputs, which a pool in a program would not need.',
    }),
  ),
  gapMs: Type.Optional(
    Type.Number({ description: 'Mean time between two tasks of a worker, ms: median over the batches.' }),
  ),
  queue: Type.Optional(
    described('What the parts of a queue use; CPU times are of one task. Absent without a queue.', {
      producerMs: Type.Number({ description: 'Part of cpuMsPerTask: the producer, which is the host.' }),
      producerMainMs: Type.Optional(
        Type.Number({ description: 'Part of producerMs: its main thread; absent where the system does not count it.' }),
      ),
      serverMs: Type.Optional(
        Type.Number({ description: 'Part of cpuMsPerTask: the server; absent where it is not counted.' }),
      ),
      workersMs: Type.Number({
        description: 'Part of cpuMsPerTask: the workers with their tasks; the server, too, if it is not counted.',
      }),
      serverMemoryMiB: Type.Optional(
        Type.Number({ description: 'Largest reading of the server’s memory between batches; part of memoryMiB.' }),
      ),
      serverStartupMs: Type.Optional(
        Type.Number({ description: 'Part of startupMs: the start of the server, median over the blocks.' }),
      ),
    }),
  ),
  startupMs: Type.Number({ description: 'Median over blocks of the time to start all workers.' }),
  slowShare: Type.Optional(
    Type.Number({ description: 'Share of the measured batches that took more than 1.5 times the median batch.' }),
  ),
  verifiedShare: Type.Optional(
    Type.Number({ description: 'Share of the outputs of measured batches whose checksum was taken.' }),
  ),
  contextSwitches,
});

const errorSummary = object({ name: Type.String(), message: Type.String() });
export const errorFields = {
  name: Type.String(),
  message: Type.String(),
  stack: Type.Optional(Type.String()),
  causes: Type.Optional(
    Type.Array(errorSummary, { description: 'Its `cause`, the cause of that and so on: at most five.' }),
  ),
  errors: Type.Optional(
    Type.Array(errorSummary, {
      description: 'The first five `errors` of the first AggregateError in the chain of causes.',
    }),
  ),
};
export const taskError = object({
  ...errorFields,
  task: Type.Optional(Type.Integer({ minimum: 0, description: '0-based position in the batch.' })),
  lane: Type.Optional(lane),
});

/** Fields that say which configuration a cell is. */
export const identityFields = {
  id: Type.String({ description: 'workload[params]/strategy@poolSize x concurrency #twin.' }),
  ...ofGroup,
  strategy,
  poolSize: Type.Integer({ minimum: 1 }),
  concurrency,
  uvThreads: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'UV_THREADPOOL_SIZE of its processes, if it differs from that of the run.',
    }),
  ),
  machines: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Number of joined machines that share its workers equally with this one; absent: all workers are on this one.',
    }),
  ),
  laneKind: Type.Optional(
    Type.Enum(['main', 'thread', 'process'], {
      description: 'Where the tasks of a custom strategy run; absent for built-in strategies.',
    }),
  ),
  keepsLanes: Type.Optional(
    Type.Boolean({
      description: 'False: a custom strategy that starts a worker for every task; absent otherwise.',
    }),
  ),
  runtime: Type.Optional(
    Type.String({
      description: 'Label of the binary and flags that it runs on, if these differ between cells: node24, bun1.4.',
    }),
  ),
  family: Type.Optional(
    Type.Enum(['loop', 'threads', 'processes'], {
      description: 'Where its tasks run; absent in results of earlier versions.',
    }),
  ),
  twin: Type.Optional(
    Type.Integer({
      minimum: 2,
      description: 'Number of a repeated configuration (A/A test): 2 for the id suffix `#2`; absent for the first.',
    }),
  ),
  version: Type.Optional(
    Type.Enum(['old', 'new'], {
      description: 'Version of the workload, with --versus or --versus-ref.',
    }),
  ),
};

const cellFields = {
  ...identityFields,
  phase: Type.Optional(
    Type.Literal('screening', {
      description: 'Screened by `tune`, to choose the finalists; in no comparison.',
    }),
  ),
  startsMs: Type.Optional(
    Type.Array(Type.Number(), {
      description:
        'In a race: batch time of each fresh start before the confirmation, ms, the calibration’s first. No verdict rests on them alone.',
    }),
  ),
  dropped: Type.Optional(
    described('Not measured again after its starts; its samples are those of the starts.', {
      behind: described('How many times as long as the leader it took, the least and the most of the starts.', {
        lo: Type.Number(),
        hi: Type.Number(),
      }),
      speedup: Type.Optional(
        described(
          'The same as a speedup over the baseline; absent: the baseline failed, or the cell is of one of two versions.',
          {
            lo: Type.Number(),
            hi: Type.Number(),
          },
        ),
      ),
      isSameProgram: Type.Optional(
        Type.Literal(true, {
          description:
            'Why: no task waits, so it runs the same program as the baseline, and a difference would be noise. Absent: it was too far behind in every start.',
        }),
      ),
      isSlower: Type.Boolean({
        description: 'It was as far behind the baseline: with the assumption about single batches, it is slower.',
      }),
    }),
  ),
  startupMs: Type.Array(Type.Number(), { description: 'One value per block; in a race, of the starts.' }),
  samples: Type.Array(sample, { description: 'In the order of measuring.' }),
  discardedSamples: Type.Optional(
    Type.Array(sample, {
      description: 'First measurements of blocks that were disturbed and measured again: in no statistics.',
    }),
  ),
  profile: Type.Optional(
    described('Where the time of extra batches went (--cpu-prof): in no statistics.', profileFields),
  ),
};
export const cell = Type.Union([
  object({ ...cellFields, status: Type.Literal('ok'), summary }),
  object({ ...cellFields, status: Type.Literal('failed'), error: taskError }),
]);
