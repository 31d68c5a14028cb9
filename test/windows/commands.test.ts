/** Commands on Windows, with its paths, and without `/proc`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../dist/src/model/diagnosis.js';
import { useTempFolder } from '../support/temp-folder.js';
import { hasWine, underWine, windowsPath } from '../support/wine.js';

/** Its name has spaces and a letter that is not ASCII. */
const folder = useTempFolder();

describe.skipIf(!hasWine)('on Windows', () => {
  it('list shows workloads and strategies', async () => {
    const { status, stdout, stderr } = await underWine(['list'], folder.path);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('primes');
    expect(stdout).toContain('child-processes');
  });

  it('init writes a workload to start from, and quotes its path for a shell of Windows', async () => {
    const path = windowsPath(join(folder.path, 'neu ü.mjs'));
    const { status, stdout, stderr } = await underWine(['init', path], folder.path);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`lanewise run "${path}"`);
    expect(readFileSync(join(folder.path, 'neu ü.mjs'), 'utf8')).toContain('export default');
  });

  it('doctor reports what it cannot measure there as not measured', async () => {
    const { status, stdout, stderr } = await underWine(['doctor', '--facts', '--json'], folder.path);
    expect(status, stderr).toBe(0);
    const { environment, support } = JSON.parse(stdout) as Diagnosis;
    expect(environment.os).toMatch(/^win32 /);
    expect(environment).toMatchObject({
      cpuQuota: null,
      affinityCpus: null,
      physicalCores: null,
      governor: null,
      loadAverage: null,
      stealShare: null,
      throttledMs: null,
      memoryLimitBytes: null,
    });
    expect(support).toMatchObject({ contextSwitches: false, memoryOfTree: false, stealAndThrottling: false });
  });
});
