/** The machine, and what disturbed it. */
import { Type } from 'typebox';
import { described, maybeMeasured, object, orNotMeasured } from './common.ts';

export const environment = object({
  node: Type.String(),
  v8: Type.String(),
  os: Type.String(),
  arch: Type.String(),
  cpuModel: Type.String(),
  cores: Type.Integer({
    minimum: 1,
    description: 'Usable cores: the smallest of the CPUs, the affinity and the quota, rounded up.',
  }),
  availableParallelism: Type.Integer({ minimum: 1, description: 'What Node claims.' }),
  cpuQuota: orNotMeasured(Type.Number(), 'CPUs granted by the cgroup; null if unlimited or not on Linux.'),
  memoryBytes: Type.Number(),
  affinityCpus: maybeMeasured(Type.Integer(), 'CPUs that this process may run on.'),
  physicalCores: maybeMeasured(Type.Integer(), 'Of the usable CPUs: those that are no SMT sibling of another.'),
  governor: maybeMeasured(Type.String(), 'Of the CPU’s frequency.'),
  loadAverage: maybeMeasured(Type.Number(), 'Of the last minute, before the run.'),
  stealShare: maybeMeasured(
    Type.Number(),
    'Of the time in which there was work to do since boot, the share that the hypervisor took.',
  ),
  throttledMs: maybeMeasured(Type.Number(), 'How long this control group has waited for its quota since it was made.'),
  memoryLimitBytes: maybeMeasured(Type.Number(), 'Of the control group; null if unlimited or not on Linux.'),
  memoryAvailableBytes: maybeMeasured(
    Type.Number(),
    'Of the cgroup or the machine, before the run: what was free or could be taken back.',
  ),
  uvThreads: maybeMeasured(
    Type.Integer({ minimum: 1 }),
    'UV_THREADPOOL_SIZE as processes inherited it; null: it was not set, so that they had Node’s default.',
  ),
  nodeFlags: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Flags that processes inherited in NODE_OPTIONS: names, and values that are numbers.',
    }),
  ),
  variables: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]), {
      description:
        'Other environment variables that change results, as processes inherited them: a number, a well-known word, or only "set".',
    }),
  ),
  withheldFlags: Type.Optional(
    Type.Array(Type.String(), {
      description: 'What a debugger or a watcher had put into the environment, and processes were started without.',
    }),
  ),
});

export const noiseLimits = described('Beyond any of these, a block counts as disturbed.', {
  stealShare: Type.Number({ description: 'Of the CPUs’ time.' }),
  throttledShare: Type.Number({ description: 'Of the CPUs’ time.' }),
  otherCores: Type.Number({ description: 'Above the median of the group’s blocks.' }),
  involuntaryPerSecond: Type.Number({ description: 'Above the median of the group’s blocks.' }),
  canaryShare: Type.Number({ description: 'Slower than the median of the group’s blocks.' }),
});

export const blockNoise = object({
  block: Type.Integer({ minimum: 0 }),
  canaryMs: Type.Number({
    exclusiveMinimum: 0,
    description: 'Mean time of a fixed piece of work, done by the orchestrator before each round.',
  }),
  stealShare: orNotMeasured(Type.Number(), 'Share of the CPUs’ time that the hypervisor took.'),
  throttledShare: orNotMeasured(
    Type.Number(),
    'Share of the CPUs’ time in which lanes waited because the CPU quota was used up.',
  ),
  otherCores: orNotMeasured(
    Type.Number(),
    'Cores kept busy besides by the batches: other programs, and what Lanewise does between two batches.',
  ),
  involuntaryPerSecond: orNotMeasured(Type.Number(), 'Context switches forced upon the lanes, per second of batch.'),
});
