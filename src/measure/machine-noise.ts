/** Readings of a machine that has joined, which the run cannot see. */
import { createHash } from 'node:crypto';
import { textOf } from '../../workers/system-files.ts';
import { usageOfThisProcess } from '../../workers/usage.ts';
import type { MachineNoise } from '../model/results.ts';
import { allowedCpus, findCgroups } from './cgroup.ts';
import { usableCpus } from './environment.ts';
import { createNoiseReader, minus } from './noise-watch.ts';

/**
 * @param ownMs CPU time of this process and all that it and its workers have started, ms
 * @returns its noise since the last call
 */
export function createMachineWatch(cgroups = findCgroups(), ownMs = usageHere): () => Omit<MachineNoise, 'name'> {
  const { read, canary, noiseOf } = createNoiseReader(cgroups);
  const now = () => ({ canaryMs: canary(), counters: read(), ownMs: ownMs() });
  let since = now();
  return () => {
    const [before, after] = [since, now()];
    since = after;
    return {
      cpus: usableCpus(cgroups),
      canaryMs: (before.canaryMs + after.canaryMs) / 2,
      // Nothing is prepared there between two batches.
      ...noiseOf(minus(after.counters, before.counters), after.ownMs - before.ownMs, 0),
    };
  };
}

function usageHere(): number {
  return usageOfThisProcess().cpuMs;
}

/** The same for all processes that may use the same CPUs; undefined: not known. */
export function cpuSet(): string | undefined {
  const boot = textOf('/proc/sys/kernel/random/boot_id').trim();
  return boot === '' ? undefined : createHash('sha256').update(`${boot} ${allowedCpus()?.join()}`).digest('hex');
}
