import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('a run with --until-decided ends at the first declared look at which everything is decided', async () => {
  // Eight timers one after another against all at once: decided even on the busiest machine.
  const work = ['timer', '--param', 'ms=20', '-n', '8', '-s', 'sequential,event-loop', '--baseline', 'sequential'];
  const how = ['--until-decided', '--blocks', '7', '--preset', 'quick', '--no-upper-bound', '--out', 'decided'];
  const { status, stdout, stderr } = await lanewise(['run', ...work, ...how], { cwd: folder.path });
  expect(status, stderr).toBe(0);
  const results = JSON.parse(await readFile(join(folder.path, 'decided', 'results.json'), 'utf8')) as Results;
  expect(results.options).toMatchObject({ looks: [7, 14, 28], blocks: 28 });
  expect(results.complete).toBe(true);
  expect(results.cells.map(({ samples }) => samples.length)).toEqual([21, 21]);
  // Three looks share the 5%.
  expect(results.comparisons).toMatchObject([{ verdict: 'faster', blocks: 7, speedup: { level: 1 - 0.05 / 3 } }]);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('7 blocks × 3 rounds (looks: 7, 14, 28)');
});
