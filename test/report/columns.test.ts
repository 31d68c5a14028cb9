import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { numbersTable } from '../../dist/src/report/columns.js';
import { readResults } from '../../dist/src/session/read-results.js';
import { groupResults } from '../../dist/src/stats/groups.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RECORDED = join(ROOT, 'test', 'recorded');

/** Removes unit, quantile, confidence level and plural, which the glossary need not repeat. */
function wordOf(title: string): string {
  return title.replaceAll(/^(?:in)?voluntary | \(.*\)|, \w+| ms$| p\d+| after|s$/g, '');
}

it('docs/glossary.md has every column of the table of all numbers', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'glossary.md'), 'utf8');
  const words = new Set([...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, cell = '']) => wordOf(cell)));
  const results = await Promise.all(readdirSync(RECORDED).map((name) => readResults(join(RECORDED, name))));
  const titles = results
    .flatMap((one) => groupResults(one))
    .flatMap((group) => numbersTable(group).columns)
    .map(({ title }) => title.replace(/\n.*$/s, ''));
  expect(new Set(titles).size).toBeGreaterThan(15);
  const unknown = [...new Set(titles)].filter((title) => !words.has(wordOf(title)));
  expect(unknown).toEqual([]);
});
