/** Readings of one batch, and its timeline. */
import { Type } from 'typebox';
import { described, maybeMeasured, object, orNotMeasured } from './common.ts';

export const contextSwitches = orNotMeasured(
  object({ voluntary: Type.Number(), involuntary: Type.Number() }),
  'Context switches of the host and its workers in one batch, without the commands of tasks; null: not counted on this system.',
);
export const loopDelay = described(
  'How long an event at a random moment of the batch would wait for the host’s event loop, ms: from how late a timer fired, weighted by time.',
  { p50: Type.Number(), p99: Type.Number(), max: Type.Number() },
);
export const taskLatency = described(
  'Task latency, from submitting the batch until the task’s result has arrived, less its checksum, ms; defined alike for all cells.',
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
/** Parts of a task's latency: quantiles over the tasks, so they need not add up. */
export const latencyParts = {
  queuedMs: Type.Optional(
    partOfLatency(
      'Queued: from submitting the batch until a worker has the task and is done with those before it, ms; on the main thread until its start.',
    ),
  ),
  dispatchMs: partOfLatency(
    'Dispatch: from there to the task’s start, ms: the cost of giving it to a free worker. 0 on the main thread. In results without queuedMs, all latency but the task itself.',
  ),
  runningMs: Type.Optional(partOfLatency('Running: from the task’s start to its end, waits included, ms.')),
  returnMs: Type.Optional(partOfLatency('Return: from the task’s end until its result has arrived, ms.')),
};

/** Readings that a host takes of one batch. */
export const readingFields = {
  wallMs: Type.Number({ exclusiveMinimum: 0, description: 'From submitting the batch to its last result.' }),
  cpuMs: Type.Number({
    description:
      'CPU time of the host, its threads, its children and, where the system counts them, the commands of tasks.',
  }),
  commandsMs: maybeMeasured(
    Type.Number(),
    'Part of cpuMs: commands that tasks started, to 10 ms; absent: none; null: not counted on this system.',
  ),
  systemMs: Type.Optional(Type.Number({ description: 'Part of cpuMs: time in the kernel.' })),
  elsewhereMs: Type.Optional(Type.Number({ description: 'Part of cpuMs: on other machines that joined the run.' })),
  mainMs: Type.Optional(
    Type.Number({
      description:
        'Part of cpuMs: the host’s main thread, which dispatches tasks to workers; absent where the system does not count it.',
    }),
  ),
  hostMs: Type.Optional(
    Type.Number({ description: 'Part of cpuMs: the host, which is the producer of a queue; absent without one.' }),
  ),
  serverMs: Type.Optional(
    Type.Number({
      description:
        'Part of cpuMs: the server of a queue; with --queue-url, whatever it did meanwhile, and for others too. Absent: there is none, or its CPU time is not counted.',
    }),
  ),
  serverMemoryBytes: Type.Optional(
    Type.Number({
      description: 'Memory of the server of a queue after the batch; absent: not measured, or it is --queue-url.',
    }),
  ),
  serverStartupMs: Type.Optional(
    Type.Number({
      description: 'Part of the startup of its block: the start of the server of a queue; absent with --queue-url.',
    }),
  ),
  gapMs: Type.Optional(
    Type.Number({
      description:
        'Mean time between two tasks of a worker, ms: without one in flight, from its first task to its last, by its own clock; where every task starts a worker, until the next one has started. Absent on the main thread.',
    }),
  ),
  tasksInFlight: Type.Number({
    description: 'Tasks in flight: mean number of tasks started and not finished, the measured concurrency.',
  }),
  cpusUsed: Type.Number({ description: 'CPUs used: cpuMs / wallMs, the measured parallelism.' }),
  loopDelayMs: loopDelay,
  taskMs: taskLatency,
  ...latencyParts,
  contextSwitches,
  digestShare: Type.Number({
    description: 'Time that all workers spent on output checksums / wallMs: Lanewise’s own work in the batch.',
  }),
  verified: Type.Optional(Type.Integer({ minimum: 0, description: 'Outputs whose checksum was taken.' })),
  longestTask: Type.Optional(
    described('The task that ran longest.', {
      index: Type.Integer({ minimum: 0, description: '0-based position in the batch.' }),
      share: Type.Number({ description: 'Its running time / the running time of all tasks of the batch.' }),
    }),
  ),
  ranAgain: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Replies of a queue for tasks that had one before: they ran twice, and both runs were timed.',
    }),
  ),
  fetchedReplies: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Replies that a queue did not report, and that were fetched from it.' }),
  ),
  disorderedStamps: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Tasks whose timestamps are out of order; the sample is suspect.' }),
  ),
};
export const sample = object({
  block: Type.Integer({ minimum: 0 }),
  round: Type.Integer({ minimum: 0 }),
  position: Type.Integer({ minimum: 0, description: '0-based place of the cell in the order of its round.' }),
  ...readingFields,
});

export const lane = object({
  kind: Type.Enum(['main', 'thread', 'process']),
  index: Type.Integer({ minimum: 0 }),
});
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

/** The parts of a worker's time, which add up to 1. */
const timeParts = object({
  own: share('The module’s code, and all that it calls.'),
  serialization: share('Copying messages to and from other workers, and writing and reading them.'),
  gc: share('Garbage collection, as sampled.'),
  idle: share('Waiting for events, or parked.'),
  other: share('Lanewise, Piscina and Node outside these, and native code that V8 does not name.'),
});
export const profileFields = {
  workers: Type.Array(
    object({
      lane,
      parts: orNotMeasured(timeParts, 'Shares of the time of the profiled batches.'),
      loopUtilization: orNotMeasured(
        share('Event-loop utilization.'),
        'Busy share of its event loop in other extra batches, without the profiler; null: not measured, as in a parked thread of Piscina.',
      ),
      gcShare: orNotMeasured(
        share('Garbage collection.'),
        'Share of the time of those batches that garbage collection stopped it for.',
      ),
    }),
    { description: 'The main thread first; beside workers, it is the thread that sends them tasks.' },
  ),
  profiledMs: Type.Number({ description: 'Wall time of the profiled batches.' }),
  countedMs: Type.Number({ description: 'Wall time of the batches without the profiler.' }),
};

const slices = Type.Array(
  object({
    task: Type.Integer({ minimum: 0 }),
    lane: Type.Integer({ minimum: 0 }),
    startMs: Type.Number({ description: 'Since the batch was submitted.' }),
    endMs: Type.Number(),
    kind: Type.Enum(['run', 'wait']),
  }),
);
export const timelineFields = {
  slices,
  batchMs: Type.Optional(
    Type.Number({
      description: 'Wall time of the traced batch: of up to three, the one closest to the median measured batch.',
    }),
  ),
  tasks: Type.Optional(Type.Integer({ minimum: 1, description: 'Tasks of the traced batch: at most 200.' })),
};
export const timeline = object({ cell: Type.String(), ...timelineFields });
