import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReportFolder, runFolder } from '../../dist/src/session/report-folder.js';
import { FORMATS } from '../../dist/src/report/formats.js';
import { lanewise } from '../support/lanewise.js';
import { reportResults } from '../support/report-results.js';
import { resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const ALL = Object.keys(FORMATS);
const FILES = Object.values(FORMATS).flatMap((files) => files.map(({ file }) => file));
const BESIDE = ['samples.ndjson', 'journal.json'];

/** What people have in files of such names. */
const FOREIGN: readonly string[] = [
  '<!doctype html><html><head><title>My site</title></head></html>',
  '# Report\n\nBy hand, with Lanewise.\n',
  '{ "results": [1, 2, 3] }',
  '[{ "name": "a", "unit": "ms", "value": 1 }]',
  'cell,value\n1,2\n',
];

const open = (name: string) => openReportFolder(runFolder({ out: join(folder.path, name), formats: ALL }));

describe('a report folder', () => {
  it.each([
    ['with everything in it', reportResults()],
    ['of a run that measured nothing', resultsOf({ cells: [] })],
  ])('recognizes every file of a report %s, and writes it again', async (name, results) => {
    const written = await open(name).write(results);
    expect(written.map((path) => path.slice(join(folder.path, name).length + 1))).toEqual(FILES);
    expect(await open(name).write(results)).toEqual(written);
    expect((await readdir(join(folder.path, name))).toSorted()).toEqual(FILES.toSorted());
  });

  it.each([...FILES, ...BESIDE])('never overwrites a %s that Lanewise has not written', async (file) => {
    const out = `foreign-${file}`;
    await mkdir(join(folder.path, out));
    for (const text of FOREIGN) {
      await writeFile(join(folder.path, out, file), text);
      expect(() => open(out)).toThrow(
        `${join(folder.path, out, file)} was not written by Lanewise and is not overwritten: give another folder with --out, or move it away.`,
      );
    }
    expect(await readdir(join(folder.path, out))).toEqual([file]);
    await rm(join(folder.path, out, file));
    await mkdir(join(folder.path, out, file));
    expect(() => open(out)).toThrow(`${join(folder.path, out, file)} is a folder and is not overwritten`);
    await rm(join(folder.path, out, file), { recursive: true });
    // Nothing is lost of an empty one.
    await writeFile(join(folder.path, out, file), '');
    expect(() => open(out)).not.toThrow();
  });

  it('does not overwrite what came while it was measured', async () => {
    const opened = open('meanwhile');
    await writeFile(join(folder.path, 'meanwhile', 'index.html'), 'mine');
    await expect(opened.write(reportResults())).rejects.toThrow('index.html was not written by Lanewise');
    expect(await readFile(join(folder.path, 'meanwhile', 'index.html'), 'utf8')).toBe('mine');
  });
});

it('a foreign file is refused before anything is measured, and only where it would be written', async () => {
  await folder.file('index.html', '<h1>My site</h1>');
  const flags = ['run', 'noop', '-s', 'event-loop', '-n', '4', '--blocks', '1', '--rounds', '1', '--out', '.', '-q'];
  const refused = await lanewise(flags, { cwd: folder.path });
  expect(refused.stderr).toBe(
    'lanewise: index.html was not written by Lanewise and is not overwritten: give another folder with --out, or move it away.\n',
  );
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(await readdir(folder.path)).not.toContain('samples.ndjson');
  expect((await lanewise([...flags, '--format', 'md'], { cwd: folder.path })).status).toBe(0);
  expect(await readFile(join(folder.path, 'index.html'), 'utf8')).toBe('<h1>My site</h1>');
});
