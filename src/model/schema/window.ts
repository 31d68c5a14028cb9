/** Readings of one window: tasks that arrived at a rate, whether or not earlier ones were done. */
import { Type } from 'typebox';
import { described, object, orNotMeasured, size } from './common.ts';
import { contextSwitches, loopDelay } from './sample.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });
export const latencyQuantiles = described(
  'Latency, from when a task was due until its result was there, of the tasks that are done, ms; 0: none is.',
  { p50: size(), p90: size(), p95: size(), p99: size(), max: size() },
);
const part = (description: string) => described(description, { p50: Type.Number(), p99: Type.Number() });
const meanParts = (description: string) =>
  described(description, {
    late: Type.Number({ description: 'From when the task was due until its request was sent; 0 in process.' }),
    accept: Type.Number(),
    queue: Type.Number(),
    task: Type.Number(),
    back: Type.Number(),
  });

/** Why a window is refused. */
const driverLimit = Type.Enum(['late', 'reads-late', 'unsent', 'not-poisson'], {
  description:
    'late: it sent too late; reads-late: it read answers too late; unsent: it sent other than the planned number; not-poisson: the gaps between its requests are not those of Poisson arrivals.',
});

const driver = described('The process that sends the requests over HTTP.', {
  lateMs: described('From when a request was due until it was sent, ms.', {
    p50: Type.Number(),
    p99: Type.Number(),
    max: Type.Number(),
  }),
  readLateMs: described('How long an answer at a random moment would wait until it is read, ms.', {
    p99: Type.Number(),
  }),
  cpus: Type.Number({ description: 'CPUs that it used: CPU time / wall time.' }),
  sockets: count('Connections that it used.'),
  hostsAreNice: Type.Boolean({
    description: 'Whether the measured processes had a lower priority (nice 5), so that it is scheduled first.',
  }),
  limits: Type.Array(driverLimit, { description: 'Why the window is refused; empty: it is not.' }),
});

/** Costs of a window. */
export const windowCosts = {
  wallMs: Type.Number({ exclusiveMinimum: 0, description: 'From its start to the last result.' }),
  cpuMs: Type.Number({ description: 'CPU time of the host, its threads, its children and their commands.' }),
  cpusUsed: Type.Number({ description: 'CPUs used: cpuMs / wallMs.' }),
  loopDelayMs: loopDelay,
  contextSwitches,
};

/** Readings that a host takes of one window. */
export const windowFields = {
  rate: Type.Number({ exclusiveMinimum: 0, description: 'Planned arrivals per second.' }),
  offered: count('Planned arrivals, without those before the window counts.'),
  sent: count('Tasks that were submitted: fewer than offered in an overloaded window, which ends early.'),
  done: count('Tasks with a result, for which somebody still waited.'),
  failed: count('Tasks that threw.'),
  rejected: count('Tasks that the full queue of the strategy did not take.'),
  gaveUp: count('Tasks for which nobody waited any longer when they were done.'),
  wasted: described('Work for tasks for which nobody waited any longer.', {
    tasks: count('Tasks that were done all the same.'),
    runningMs: size('How long they ran in total, ms.'),
  }),
  missed: count('Tasks that did not meet the objective: late, failed, rejected, given up or never submitted.'),
  latencyMs: latencyQuantiles,
  judgedMs: orNotMeasured(
    Type.Number({ exclusiveMinimum: 0 }),
    'The quantile of the objective over all offered tasks: those without a result count as slower than all others, ms; null: so many had none that the quantile is one of them.',
  ),
  parts: described('Parts of the latency: quantiles over the tasks, so they need not add up.', {
    accept: part(
      'Until the event loop submitted the task, ms, over HTTP from when the request was sent: a blocked loop shows here.',
    ),
    queue: part('From there until it started, ms.'),
    task: part('From its start to its end, ms.'),
    back: part('From its end until its result was there, ms.'),
  }),
  meanParts: Type.Optional(
    described('Mean parts of the latency, ms, which add up to the mean latency; absent: no task is done.', {
      all: meanParts('Over the tasks that are done.'),
      slowest: meanParts('Over those at least as slow as the quantile of the objective among them.'),
    }),
  ),
  byWorker: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0 }), {
      description: 'How many of the answered requests each worker of a cluster got; absent: no cluster.',
    }),
  ),
  backlog: described('Tasks that were due and had no result yet.', {
    mean: Type.Number({ description: 'Over the time of the window.' }),
    max: Type.Integer({ minimum: 0 }),
    end: Type.Integer({ minimum: 0, description: 'When the last task arrived.' }),
  }),
  ...windowCosts,
  probeMs: Type.Optional(
    described('Latency of requests to /ping, which do no work: whether the server still answers meanwhile, ms.', {
      n: count('Answered requests.'),
      p50: Type.Number(),
      p90: Type.Number(),
      p99: Type.Number(),
    }),
  ),
  driver: Type.Optional(driver),
  state: Type.Enum(['ok', 'driver-limited', 'overloaded'], {
    description:
      'driver-limited: the process that sends the requests could not keep to the schedule; overloaded: so many tasks were waiting that the window ended early.',
  }),
};

/** When what happened to a task, ms since the start of its window. */
export const requestTimes = object({
  dueMs: Type.Number({ description: 'When it was to arrive.' }),
  sentMs: Type.Optional(Type.Number({ description: 'When its request was sent; absent in process.' })),
  acceptedMs: Type.Number({ description: 'When the event loop submitted it.' }),
  startedMs: orNotMeasured(Type.Number(), 'null: it threw, or was rejected.'),
  finishedMs: orNotMeasured(Type.Number(), 'null: it threw, or was rejected.'),
  receivedMs: Type.Number({ description: 'When its result was there.' }),
});

export const window = object({
  phase: Type.Optional(
    Type.Literal('search', { description: 'It searched for a rate, and no statistics rest on it; absent: they do.' }),
  ),
  block: Type.Integer({ minimum: 0 }),
  round: Type.Integer({ minimum: 0 }),
  position: Type.Integer({ minimum: 0, description: '0-based place of the window in the order of its round.' }),
  ...windowFields,
  repeated: Type.Optional(
    described('Its first measurement, which was refused: this one stands in its place; absent: there is no other.', {
      limits: Type.Array(driverLimit),
      wallMs: Type.Number({ exclusiveMinimum: 0 }),
      cpuMs: Type.Number({ description: 'CPU time, with that of the driver.' }),
    }),
  ),
  thrown: Type.Optional(
    described(
      'The first error that a task threw, of those that count; absent: none did, or an earlier window of the block has the same one.',
      {
        name: Type.String(),
        message: Type.String(),
        stack: Type.Optional(Type.String()),
      },
    ),
  ),
  requests: Type.Optional(
    Type.Array(requestTimes, {
      description:
        'With --keep-requests: every submitted task, in the order of arrival, ms since the start of the window.',
    }),
  ),
});
