import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCgroups } from '../../dist/src/measure/cgroup.js';
import { createNoiseWatch, spentIn } from '../../dist/src/measure/noise-watch.js';
import { sampleOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';
import { windowOf } from '../support/windows.js';

const watchNoise = createNoiseWatch(findCgroups());
const folder = useTempFolder();

it('tells what it can of a block, and counts what Lanewise itself has used for none of the others', () => {
  const watch = watchNoise();
  watch.canary();
  watch.canary();
  const found = watch.stop([sampleOf({ wallMs: 100, contextSwitches: { voluntary: 1, involuntary: 3 } })], 1e6);
  expect(found.canaryMs).toBeGreaterThan(0);
  // 3 switches in 100 ms.
  expect(found.involuntaryPerSecond).toBeCloseTo(30, 9);
  const isLinux = process.platform === 'linux';
  // More was used for batches than there was.
  expect(found.otherCores).toBe(isLinux ? 0 : null);
  expect(found.freeCpus).toBe(isLinux ? availableParallelism() : undefined);
  expect(typeof found.stealShare).toBe(isLinux ? 'number' : 'object');
});

it('does not make a number of switches that were not counted', () => {
  const watch = watchNoise();
  watch.canary();
  expect(watch.stop([sampleOf({ contextSwitches: null })], 0).involuntaryPerSecond).toBeNull();
});

it('leaves out what happens while a worker is started for every task', () => {
  const proc = folder.path;
  const useTicks = (user: number, steal: number): void => {
    writeFileSync(join(proc, 'stat'), `cpu0 ${user} 0 0 0 0 0 0 ${steal}\n`);
  };
  useTicks(0, 0);
  const watch = createNoiseWatch({ ...findCgroups(), cpu: [], proc })();
  watch.canary();
  const resume = watch.leaveOut();
  useTicks(1_000_000, 1_000_000);
  resume();
  useTicks(1_000_000, 1_000_000);
  const { otherCores, stealShare } = watch.stop([sampleOf({ wallMs: 1, cpuMs: 0 })], 0);
  expect([otherCores, stealShare]).toEqual([0, 0]);
});

it('counts the driver and refused windows beside what a load measured', () => {
  const lateMs = { p50: 0.1, p99: 0.2, max: 0.3 };
  const driver = { lateMs, readLateMs: { p99: 0.1 }, cpus: 0.5, sockets: 64, hostsAreNice: true, limits: [] };
  const sent = windowOf(0, 0, 10, { wallMs: 1000, driver });
  const refused = windowOf(0, 1, 10, { wallMs: 2000, driver: { ...driver, limits: ['late' as const] } });
  const again = { ...refused, repeated: { limits: ['late' as const], wallMs: 500, cpuMs: 70 } };
  const { samples, besidesMs, refusedWindows } = spentIn([sent, again]);
  expect(besidesMs).toBe(500 + 1000 + 70);
  expect(refusedWindows).toBe(1);
  // It interrupts its server with every request.
  expect(samples.map(({ contextSwitches }) => contextSwitches)).toEqual([null, null]);
  const sample = sampleOf({ contextSwitches: { voluntary: 1, involuntary: 3 } });
  expect(spentIn([sample])).toEqual({ samples: [sample], besidesMs: 0, refusedWindows: 0 });
});
