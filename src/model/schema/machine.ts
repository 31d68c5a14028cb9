/** The machine and the noise on it. */
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
    description: 'Usable CPUs: the smallest of CPU count, affinity and quota, rounded up.',
  }),
  availableParallelism: Type.Integer({ minimum: 1, description: 'What os.availableParallelism() returns.' }),
  cpuQuota: orNotMeasured(Type.Number(), 'CPUs granted by the cgroup; null if unlimited or not on Linux.'),
  memoryBytes: Type.Number(),
  affinityCpus: maybeMeasured(Type.Integer(), 'CPUs that this process may run on (affinity).'),
  physicalCores: maybeMeasured(Type.Integer(), 'Physical cores among the usable CPUs: SMT siblings count once.'),
  governor: maybeMeasured(Type.String(), 'CPU frequency governor.'),
  loadAverage: maybeMeasured(Type.Number(), 'Load average of the last minute, before the run.'),
  stealShare: maybeMeasured(Type.Number(), 'Share of the busy CPU time since boot that the hypervisor took.'),
  throttledMs: maybeMeasured(Type.Number(), 'How long this cgroup has waited for its CPU quota since its creation.'),
  memoryLimitBytes: maybeMeasured(Type.Number(), 'Memory limit of the cgroup; null if unlimited or not on Linux.'),
  memoryAvailableBytes: maybeMeasured(
    Type.Number(),
    'Memory of the cgroup or the machine that was free or reclaimable before the run.',
  ),
  uvThreads: maybeMeasured(
    Type.Integer({ minimum: 1 }),
    'UV_THREADPOOL_SIZE as processes inherited it; null: not set, so Node’s default applied.',
  ),
  nodeFlags: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Flags that processes inherited in NODE_OPTIONS: names, and numeric values.',
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
      description: 'Flags of a debugger or watcher in the environment that were removed before starting processes.',
    }),
  ),
});

export const noiseLimits = described('A block beyond any of these limits counts as disturbed.', {
  stealShare: Type.Number({ description: 'Share of the CPU time.' }),
  throttledShare: Type.Number({ description: 'Share of the CPU time.' }),
  otherCores: Type.Number({ description: 'CPUs above the median of the group’s blocks.' }),
  involuntaryPerSecond: Type.Number({ description: 'Switches above the median of the group’s blocks.' }),
  canaryShare: Type.Number({
    description: 'Share by which the canary is slower than the median of the group’s blocks.',
  }),
});

export const blockNoise = object({
  block: Type.Integer({ minimum: 0 }),
  canaryMs: Type.Number({
    exclusiveMinimum: 0,
    description: 'Mean time of a fixed piece of work that the orchestrator does before each round.',
  }),
  stealShare: orNotMeasured(Type.Number(), 'Share of the CPU time that the hypervisor took (steal).'),
  throttledShare: orNotMeasured(
    Type.Number(),
    'Share of the CPU time in which workers waited because the CPU quota was used up.',
  ),
  otherCores: orNotMeasured(Type.Number(), 'CPUs kept busy by other programs, and by Lanewise between two batches.'),
  freeCpus: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'CPUs left for the work: usable ones, without those that other programs certainly kept busy.',
    }),
  ),
  involuntaryPerSecond: orNotMeasured(
    Type.Number(),
    'Involuntary context switches of the workers, per second of batch.',
  ),
});
