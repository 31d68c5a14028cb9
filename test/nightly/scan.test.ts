import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('a scan reports how pool sizes scale, a simulation of other ones, and at which value of a param the winner changes', async () => {
  const asked = 'timer --param ms=2,4 -s event-loop@1x1,worker-threads -p 1,2,4 -c 1 -n 8'.split(' ');
  const evidence = ['--blocks', '8', '--rounds', '1', '--preset', 'quick', '--seed', '1', '--predict', '16'];
  const { status, stdout, stderr } = await lanewise(['run', ...asked, ...evidence, '--out', 'scan'], {
    cwd: folder.path,
  });
  expect(status, stderr).toBe(0);
  const results = JSON.parse(await readFile(join(folder.path, 'scan', 'results.json'), 'utf8')) as Results;
  expect(results.cells).toHaveLength(8);
  expect(results.scaling?.map(({ points }) => points.map(({ lanes }) => lanes))).toEqual([
    [2, 4],
    [2, 4],
  ]);
  expect(results.predictions?.map(({ lanes, cores, checks }) => [lanes, cores, checks.length])).toEqual([
    [16, 16, 2],
    [16, 16, 2],
  ]);
  expect(results.crossovers).toMatchObject([{ param: 'ms', from: 2, to: 4, baseline: 'event-loop@1x1' }]);
  const text = stdout.replaceAll(/\s+/g, ' ');
  // On a busy machine the model may be too far off to print a number.
  expect(text).toMatch(/(Prediction of a model, not measured:|No prediction of) 16 worker threads on 16 CPUs/);
  expect(text).toContain('from ms=2 to 4');
  // The page draws the model, and labels it as a model.
  const page = await readFile(join(folder.path, 'scan', 'index.html'), 'utf8');
  expect(page).toContain('The shaded band is a model');
  expect(page).toContain('What the curves show');
  const again = await lanewise(['report', 'scan/results.json', '--format', 'md'], { cwd: folder.path });
  expect(again.stdout).toBe(stdout);
});
