import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GALLERY, readShown, readWorks, unmeasuredIn } from '../../../dist/scripts/gallery/works.js';
import { readResults } from '../../../dist/src/session/read-results.js';

const works = await readWorks();

describe('every work of the gallery', () => {
  it.each(works.map((work) => [work.name, work] as const))(
    '%s has a question, a rule of thumb, threads and a command',
    (_, work) => {
      expect(work.question).toMatch(/\?$/);
      expect(work.rule).toMatch(/\.$/);
      for (const thread of work.threads)
        expect(thread).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+$/);
      expect(work.command.join(' ')).toMatch(/^(?:run --suite [a-z]+|tune \.\/works\/[a-z]+\.mjs .*)$/);
    },
  );

  it.each(works)('$name quotes only figures of its report', async (work) => {
    expect(await unmeasuredIn(await readShown(work))).toEqual([]);
  });

  it.each(works)('$name has notes on where it would be otherwise', async (work) => {
    expect((await readShown(work)).notes).toMatch(/^\*\*Where it would be otherwise\.\*\* \S/m);
  });
});

it('the configuration of the gallery has a suite for each work that runs one, and no other', async () => {
  const { default: config } = (await import(pathToFileURL(join(GALLERY, 'lanewise.config.mjs')).href)) as {
    readonly default: { readonly suites: Readonly<Record<string, unknown>> };
  };
  const run = works.flatMap(({ command: [, option, suite] }) => (option === '--suite' ? [suite] : []));
  expect(new Set(run)).toEqual(new Set(Object.keys(config.suites)));
});

it('every work has a name of its own, and every note is about a work', () => {
  const names = works.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const notes = readdirSync(join(GALLERY, 'notes')).map((file) => file.replace('.md', ''));
  expect(notes.toSorted()).toEqual(names.toSorted());
});

it('a figure that the report does not have is found in notes', async () => {
  const [work] = works;
  if (work === undefined) throw new Error('The gallery is empty.');
  const results = await readResults(join(import.meta.dirname, '../../recorded/run.json.gz'));
  const [comparison] = results.comparisons;
  const { lo = 0, hi = 0 } = comparison?.speedup ?? {};
  const measured = `${lo.toFixed(2)}–${hi.toFixed(2)}`;
  expect(await unmeasuredIn({ work, results, notes: `CI ${measured}, and 7.77×, CI 7.70–7.79.` })).toEqual([
    '7.77×',
    '7.70–7.79',
  ]);
  expect(await unmeasuredIn({ work, notes: '7.77× as fast' })).toEqual(['7.77×']);
});
