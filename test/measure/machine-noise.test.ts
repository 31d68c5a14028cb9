import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cpuSet, createMachineWatch } from '../../dist/src/measure/machine-noise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const isLinux = process.platform === 'linux';

it('tells what it can of a machine, time after time', () => {
  const read = createMachineWatch();
  for (const { cpus, canaryMs, otherCores, stealShare } of [read(), read()]) {
    expect(cpus).toBe(availableParallelism());
    expect(canaryMs).toBeGreaterThan(0);
    expect([typeof otherCores, typeof stealShare]).toEqual(isLinux ? ['number', 'number'] : ['object', 'object']);
  }
});

it('takes for others what it has not used itself, since the last time', () => {
  let ownMs = 0;
  const useTicks = (user: number): void => writeFileSync(join(folder.path, 'stat'), `cpu0 ${user} 0 0 0 0 0 0 0\n`);
  useTicks(0);
  const read = createMachineWatch({ cpu: [], memory: [], proc: folder.path }, () => ownMs);
  // Ten hours of this process and what it has started: 100 ticks are a second.
  useTicks(3_600_000);
  ownMs = 36_000_000;
  expect(read()).toMatchObject({ otherCores: 0, freeCpus: 1 });
  useTicks(7_200_000);
  const { otherCores, freeCpus } = read();
  expect(otherCores).toBeGreaterThan(1);
  expect(freeCpus).toBe(0);
});

it.skipIf(!isLinux)(
  'does not take programs for others that a program of its own has started, even once they have ended',
  () => {
    const stat = join(folder.path, 'stat');
    writeFileSync(stat, 'cpu0 0 0 0 0 0 0 0 0\n');
    const read = createMachineWatch({ cpu: [], memory: [], proc: folder.path });
    // So much CPU time, however long it takes beside other programs.
    const spin = 'while (process.cpuUsage().user < 300_000);';
    const starts = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(spin)}])`;
    spawnSync(process.execPath, ['-e', starts]);
    // All that was used here is that of the programs: 30 ticks or more.
    writeFileSync(stat, 'cpu0 30 0 0 0 0 0 0 0\n');
    expect(read().otherCores).toBe(0);
  },
);

it('the same CPUs have the same name, which is not that of the system', () => {
  expect(cpuSet()).toBe(cpuSet());
  expect(String(cpuSet())).toMatch(isLinux ? /^[0-9a-f]{64}$/ : /^undefined$/);
});
