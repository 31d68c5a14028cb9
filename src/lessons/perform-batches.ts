import type { ModuleRef } from '../../workers/contract.ts';
import type { Reading } from '../model/measured.ts';
import type { HostAssignment } from '../host/host-protocol.ts';
import { assign } from '../measure/assign.ts';
import { startHost, type Host } from '../measure/host.ts';
import { configurationId } from '../model/cell-id.ts';
import type { BatchConfiguration } from './configurations.ts';
import type { Measured } from './lesson.ts';

const OPTIONS = { timeoutMs: 60_000, env: {} };
/** Enough for the code to be compiled and every worker to have had a task. */
const WARM_UPS = 3;
const ROUNDS = 7;

/**
 * Runs batches of a lesson's workload in every configuration, each in its own host process, one at a time.
 * @throws HostError if a host fails
 */
export async function performBatches(
  module: ModuleRef,
  configurations: readonly BatchConfiguration[],
  seed: number,
  signal: AbortSignal,
): Promise<readonly Measured[]> {
  const hosts: Host[] = [];
  const kill = (): void => void Promise.all(hosts.map((host) => host.kill()));
  signal.addEventListener('abort', kill);
  try {
    const opened: { readonly configuration: BatchConfiguration; readonly host: Host; readonly readings: Reading[] }[] =
      [];
    for (const configuration of configurations) {
      const host = await startHost(OPTIONS);
      hosts.push(host);
      signal.throwIfAborted();
      await host.open(assignmentOf(module, configuration, seed));
      for (let batch = 0; batch < WARM_UPS; batch++) await host.warm(1);
      opened.push({ configuration, host, readings: [] });
    }
    for (let round = 0; round < ROUNDS; round++) {
      // Alternating the order exposes all configurations to the same noise.
      const order = round % 2 === 0 ? opened : opened.toReversed();
      for (const { host, readings } of order) readings.push((await host.measure()).reading);
    }
    const measured: Measured[] = [];
    for (const { configuration, host, readings } of opened) {
      const { slices } = await host.trace(false);
      await host.close();
      measured.push({ configuration, readings, slices });
    }
    return measured;
  } finally {
    signal.removeEventListener('abort', kill);
    await Promise.all(hosts.map((host) => host.kill()));
  }
}

function assignmentOf(
  module: ModuleRef,
  { tasks, params, ...configuration }: BatchConfiguration,
  seed: number,
): HostAssignment {
  const group = { workload: { ref: module, tasks, hostLoadsIt: true }, params, versions: [] };
  const options = { atomics: 'sync', verify: 'sample' } as const;
  const cell = { ...configuration, id: `lesson/${configurationId(configuration)}` };
  return assign({ group, services: {}, options, seed, ownStrategies: [] }, cell, ROUNDS);
}
