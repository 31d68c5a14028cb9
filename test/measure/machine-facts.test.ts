import { expect, it } from 'vitest';
import { readEnvironment } from '../../dist/src/measure/environment.js';
import { readSupport, readTimer } from '../../dist/src/measure/machine-facts.js';

it('tells how fine the clock is and what a timer takes', async () => {
  const { clockStepNs, oneMsTimerMs } = await readTimer();
  expect(clockStepNs).toBeGreaterThan(0);
  expect(oneMsTimerMs).toBeGreaterThan(0.5);
});

it('tells what is read on this system', async () => {
  const support = readSupport(await readEnvironment());
  expect(support.contextSwitches).toBe(process.platform !== 'win32');
  const isLinux = process.platform === 'linux';
  expect(support).toMatchObject({ memoryOfTree: isLinux, stealAndThrottling: isLinux });
});
