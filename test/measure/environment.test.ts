import { availableParallelism } from 'node:os';
import { expect, it, vi } from 'vitest';
import { readEnvironment, readSupport, readTimer } from '../../dist/src/measure/environment.js';

it('tells facts of the machine, and nothing of its user', async () => {
  const environment = readEnvironment();
  expect(environment.cores).toBeGreaterThanOrEqual(1);
  expect(environment.cores).toBeLessThanOrEqual(availableParallelism());
  expect(environment.node).toBe(process.version);
  expect(JSON.stringify(environment)).not.toContain(process.cwd());
});

it('tells how fine the clock is and what a timer takes', async () => {
  const { clockStepNs, oneMsTimerMs } = await readTimer();
  expect(clockStepNs).toBeGreaterThan(0);
  expect(oneMsTimerMs).toBeGreaterThan(0.5);
});

it('tells what is read on this system', async () => {
  const support = readSupport(readEnvironment());
  expect(support.contextSwitches).toBe(process.platform !== 'win32');
  const isLinux = process.platform === 'linux';
  expect(support).toMatchObject({ memoryOfTree: isLinux, stealAndThrottling: isLinux });
});

it('everything that files of Linux report is not measured on Windows', () => {
  const spy = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  const environment = readEnvironment();
  const support = readSupport(environment);
  spy.mockRestore();
  expect(environment).toMatchObject({
    cpuQuota: null,
    affinityCpus: null,
    physicalCores: null,
    governor: null,
    stealShare: null,
    throttledMs: null,
    memoryLimitBytes: null,
  });
  expect(support).toMatchObject({ contextSwitches: false, memoryOfTree: false, stealAndThrottling: false });
});
