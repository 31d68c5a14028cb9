/** Apart from the other cases, since it takes more than a minute and waits for nearly all of it. */
import { expect, it, vi } from 'vitest';
import { expectMeasured, measuredCase, measuredIn, runCase, seen } from './run-case.js';

vi.setConfig({ testTimeout: 300_000 });

it('06-slow-import: --start-timeout applies wherever the module is loaded', async () => {
  const [found, late] = await Promise.all([
    measuredCase('06-slow-import'),
    runCase('06-slow-import', { replace: { '60s': '5s' } }),
  ]);
  expectMeasured(found);
  const { startupMs } = measuredIn(found.results, 'event-loop').summary;
  expect(startupMs).toBeGreaterThanOrEqual(12_000);
  expect(late.status).toBe(2);
  expect(late.stderr).toMatch(/5 s.*--start-timeout/);
  seen(`${late.stderr.trim()} With 60s: startup ${Math.round(startupMs)} ms.`);
});
