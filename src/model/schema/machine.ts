/** The machine. */
import { Type } from 'typebox';
import { described, maybeMeasured, object, orNotMeasured } from './common.ts';

export const environment = object({
  node: Type.String(),
  v8: Type.String(),
  runtime: Type.Optional(
    described('What ran Lanewise, if it was not Node; `node` is then the version that it resembles.', {
      name: Type.Enum(['bun', 'deno']),
      version: Type.String(),
    }),
  ),
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
  emulated: Type.Optional(
    described('The smaller machine that was asked for, on which everything was measured.', {
      cpus: Type.Union([Type.Number(), Type.Null()], {
        description: '--cpus: whole ones by affinity, a part of one by a quota; null: all.',
      }),
      memory: Type.Union([Type.Number(), Type.Null()], {
        description: '--memory: limit of each configuration in MiB; null: none.',
      }),
    }),
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
