/** What is read of one batch, and what is drawn of one. */
import { Type } from 'typebox';
import { described, maybeMeasured, object, orNotMeasured } from './common.ts';

export const contextSwitches = orNotMeasured(
  object({ voluntary: Type.Number(), involuntary: Type.Number() }),
  'Of the host and all its lanes, without programs that tasks start, in one batch; null where the system does not count them.',
);
export const loopDelay = described(
  'How long an event that comes at any moment of the batch would wait for the host’s main loop, ms: from how late a timer fired, weighed by time.',
  { p50: Type.Number(), p99: Type.Number(), max: Type.Number() },
);
export const taskLatency = described(
  'From the moment at which the program submits the batch to the task’s result being there, less its digest, ms; the same in every cell.',
  {
    p5: Type.Optional(Type.Number()),
    p25: Type.Optional(Type.Number()),
    p50: Type.Number(),
    p75: Type.Optional(Type.Number()),
    p90: Type.Number(),
    p95: Type.Optional(Type.Number()),
    p99: Type.Number(),
    max: Type.Number(),
  },
);
const partOfLatency = (description: string) => described(description, { p50: Type.Number(), p99: Type.Number() });
/** The parts that each task's latency is made of; quantiles over the tasks, so that they need not add up. */
export const latencyParts = {
  queuedMs: Type.Optional(
    partOfLatency(
      'From submission until a worker was given the task and was done with those before it, ms; on the main thread until its start.',
    ),
  ),
  dispatchMs: partOfLatency(
    'From there to the task’s start, ms: the price of handing it to a worker that is free. 0 on the main thread. In results without queuedMs, all of the latency that is not the task itself.',
  ),
  runningMs: Type.Optional(partOfLatency('From the task’s start to its end, its waits included, ms.')),
  returnMs: Type.Optional(partOfLatency('From the task’s end to its result being there, ms.')),
};

/** What a host reads of one batch. */
export const readingFields = {
  wallMs: Type.Number({ exclusiveMinimum: 0, description: 'From handing over the batch to its last result.' }),
  cpuMs: Type.Number({
    description:
      'CPU time of the host, its threads and its children, and of the programs that tasks start, where the system counts them.',
  }),
  commandsMs: maybeMeasured(
    Type.Number(),
    'Of cpuMs: what programs used that tasks had started, to 10 ms; absent: nothing; null: the system does not count them.',
  ),
  systemMs: Type.Optional(Type.Number({ description: 'Of cpuMs: time in the kernel.' })),
  inProgress: Type.Number({ description: 'Mean number of tasks started and not finished: concurrency.' }),
  coresUsed: Type.Number({ description: 'cpuMs / wallMs: parallelism.' }),
  loopDelayMs: loopDelay,
  taskMs: taskLatency,
  ...latencyParts,
  contextSwitches,
  digestShare: Type.Number({
    description: 'Time that all lanes spent on digests / wallMs: Lanewise’s own work in the batch.',
  }),
  verified: Type.Optional(Type.Integer({ minimum: 0, description: 'Outputs of the batch whose digest was taken.' })),
  longestTask: Type.Optional(
    described('The task that ran longest.', {
      index: Type.Integer({ minimum: 0, description: '0-based position in the batch.' }),
      share: Type.Number({ description: 'Its running time / that of all tasks of the batch.' }),
    }),
  ),
  disorderedStamps: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Tasks whose stamps are not in order; the sample is suspect.' }),
  ),
};
export const sample = object({
  block: Type.Integer({ minimum: 0 }),
  round: Type.Integer({ minimum: 0 }),
  position: Type.Integer({ minimum: 0, description: 'The cell’s place in the order of its round.' }),
  ...readingFields,
});

const slices = Type.Array(
  object({
    task: Type.Integer({ minimum: 0 }),
    lane: Type.Integer({ minimum: 0 }),
    startMs: Type.Number({ description: 'Since the batch was handed over.' }),
    endMs: Type.Number(),
    kind: Type.Enum(['run', 'wait']),
  }),
);
export const timelineFields = {
  slices,
  batchMs: Type.Optional(
    Type.Number({
      description: 'Wall time of the traced batch: of up to three, the one nearest to the median measured batch.',
    }),
  ),
  tasks: Type.Optional(Type.Integer({ minimum: 1, description: 'Tasks of it: no more than 200 are traced.' })),
};
export const timeline = object({ cell: Type.String(), ...timelineFields });
