import os from 'node:os';
import { expect, it } from 'vitest';
import { busyBetween, busyCpus } from '../../dist/src/system/busy-cpus.js';

/** A limit of a cgroup does not change which CPUs the system counts. */
const ALL = os.cpus().length;

const reading = (...cpus: readonly (readonly [user: number, idle: number])[]) =>
  cpus.map(([user, idle]) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } }));

it('busy CPUs are the shares of time in which each was not idle, added up', () => {
  expect(busyBetween(reading([0, 0], [100, 0]), reading([250, 0], [100, 250]))).toBe(1);
  expect(busyBetween(reading([0, 0], [0, 0]), reading([100, 100], [50, 150]))).toBeCloseTo(0.75, 12);
});

it('busy CPUs are not known where the system does not count', () => {
  expect(busyBetween([], [])).toBeUndefined();
  expect(busyBetween(reading([0, 0]), reading([0, 0]))).toBeUndefined();
});

it('busy CPUs of this machine are between none and all', async () => {
  const busy = await busyCpus();
  expect(busy).toSatisfy((found: unknown) => typeof found === 'number' || process.platform !== 'linux');
  expect(busy ?? 0).toBeGreaterThanOrEqual(0);
  // Counts of single CPUs are not read at one moment.
  expect(busy ?? 0).toBeLessThanOrEqual(1.1 * ALL);
});
