import { availableParallelism } from 'node:os';
import { expect, it, vi } from 'vitest';
import { availableOnMac, readEnvironment, readSupport, readTimer } from '../../dist/src/measure/environment.js';

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

it('the available memory of macOS includes inactive pages', () => {
  // A Mac with 32 GiB, as its owner has published it.
  const output = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                    10069.
Pages active:                                 432859.
Pages inactive:                               426177.
Pages speculative:                              5899.
Pages throttled:                                   0.
Pages wired down:                             171481.
Pages purgeable:                               11278.
"Translation faults":                     1935466161.
`;
  expect(availableOnMac(output)).toBe((10_069 + 426_177 + 5899) * 16_384);
});

it('the available memory of macOS is unknown without all counts', () => {
  expect(availableOnMac('')).toBeUndefined();
  expect(
    availableOnMac('Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free: 10069.\n'),
  ).toBeUndefined();
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
