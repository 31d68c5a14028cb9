/** The noise on the machine. */
import { Type } from 'typebox';
import { described, object, orNotMeasured } from './common.ts';

export const noiseLimits = described('A block beyond any of these limits counts as disturbed.', {
  stealShare: Type.Number({ description: 'Share of the CPU time.' }),
  throttledShare: Type.Number({ description: 'Share of the CPU time.' }),
  otherCores: Type.Number({ description: 'CPUs above the median of the group’s blocks.' }),
  involuntaryPerSecond: Type.Number({ description: 'Switches above the median of the group’s blocks.' }),
  canaryShare: Type.Number({
    description: 'Share by which the canary is slower than the median of the group’s blocks.',
  }),
});

/** Readings of each machine of a run, of its own CPUs. */
const readings = {
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
};

const canaryMs = (description: string) => Type.Number({ exclusiveMinimum: 0, description });

export const blockNoise = object({
  block: Type.Integer({ minimum: 0 }),
  canaryMs: canaryMs('Mean time of a fixed piece of work that the orchestrator does before each round.'),
  ...readings,
  involuntaryPerSecond: orNotMeasured(
    Type.Number(),
    'Involuntary context switches of the workers, per second of batch.',
  ),
  refusedWindows: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Windows of a load measurement that are refused, since their requests were sent or read too late.',
    }),
  ),
  machines: Type.Optional(
    Type.Array(
      object({
        name: Type.String({ description: 'A letter from b, as in options.queue.joined.' }),
        cpus: Type.Integer({ minimum: 1, description: 'CPUs that its workers may use.' }),
        canaryMs: canaryMs(
          'Mean time of that piece of work there, before the first batch of the block and after the last.',
        ),
        ...readings,
      }),
      { description: 'Readings of machines that joined the run and have CPUs of their own.' },
    ),
  ),
});
