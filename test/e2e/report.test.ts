import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderJson } from '../../dist/src/report/json.js';
import { lanewise } from '../support/lanewise.js';
import { cellOf, resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('writes the report of saved results again, beside them or elsewhere', async () => {
  const saved = resultsOf({ cells: [cellOf({ id: 'work/event-loop', wallsMs: [1, 2, 3] })] });
  await folder.file('results.json', renderJson(saved));
  const told = await lanewise(['report', 'results.json'], { cwd: folder.path });
  expect(told.status).toBe(0);
  expect(told.stdout).toContain('event-loop');
  // The results beside it may be another run's.
  expect(told.stderr).not.toContain('results.json');
  expect(await readFile(join(folder.path, 'report.md'), 'utf8')).toContain('work');
  const json = await lanewise(['report', 'results.json', '--json', '--out', 'elsewhere', '--quiet'], {
    cwd: folder.path,
  });
  expect(JSON.parse(json.stdout)).toEqual(saved);
  expect(JSON.parse(await readFile(join(folder.path, 'elsewhere', 'results.json'), 'utf8'))).toEqual(saved);
});
