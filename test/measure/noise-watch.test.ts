import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCgroups } from '../../dist/src/measure/cgroup.js';
import { createNoiseWatch } from '../../dist/src/measure/noise-watch.js';
import { sampleOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

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
