import { watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimFolder, openReportFolder, runFolder } from '../../dist/src/session/report-folder.js';
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
    ['with all parts', reportResults()],
    ['of an empty run', resultsOf({ cells: [] })],
  ])('a report folder recognizes every file of a report %s, and overwrites it', async (name, results) => {
    const written = await open(name).write(results);
    expect(written.map((path) => path.slice(join(folder.path, name).length + 1))).toEqual(FILES);
    expect(await open(name).write(results)).toEqual(written);
    expect((await readdir(join(folder.path, name))).toSorted()).toEqual(FILES.toSorted());
  });

  it.each([...FILES, ...BESIDE])('a report folder never overwrites a %s that Lanewise did not write', async (file) => {
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

  it.skipIf(process.platform === 'win32')('a report folder never follows a link', async () => {
    const victim = await folder.file('victim', 'precious');
    for (const file of [...FILES, ...BESIDE]) {
      const out = `links-${file}`;
      await mkdir(join(folder.path, out));
      await symlink(victim, join(folder.path, out, file));
      expect(() => open(out)).toThrow(`${join(folder.path, out, file)} is a link and is not overwritten`);
    }
    const opened = open('links-later');
    await symlink(victim, join(folder.path, 'links-later', 'results.json'));
    await expect(opened.write(reportResults())).rejects.toThrow('results.json is a link');
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  it('a report folder writes under random names, and leaves no partial file', async () => {
    const names = new Set<string>();
    const path = await mkdtemp(join(folder.path, 'watched-'));
    const watcher = watch(path, (_event, name) => names.add(String(name)));
    const report = openReportFolder(runFolder({ out: path, formats: ['json'] }));
    await report.write(reportResults());
    await report.write(reportResults());
    await expect.poll(() => [...names].filter((name) => /^results\.json\.[\da-f]{16}\./.test(name)).length).toBe(2);
    watcher.close();
    expect(await readdir(path)).toEqual(['results.json']);
  });

  it('a report folder is not written to while a run measures into it', async () => {
    const path = await mkdtemp(join(folder.path, 'measured-'));
    const report = openReportFolder(runFolder({ out: path, formats: ['json'] }));
    const run = await claimFolder(runFolder({ out: path, formats: ['json'] }), () => undefined);
    await expect(report.write(reportResults())).rejects.toThrow(`Another Lanewise is writing to ${path}`);
    await run.write(reportResults());
    run.release();
    await expect(report.write(reportResults())).resolves.toEqual([join(path, 'results.json')]);
    expect(await readdir(path)).toEqual(['results.json']);
  });

  it('a report folder does not overwrite a file created during the measurement', async () => {
    const opened = open('meanwhile');
    await writeFile(join(folder.path, 'meanwhile', 'index.html'), 'mine');
    await expect(opened.write(reportResults())).rejects.toThrow('index.html was not written by Lanewise');
    expect(await readFile(join(folder.path, 'meanwhile', 'index.html'), 'utf8')).toBe('mine');
  });
});

it('a foreign file is refused before anything is measured, but only if it would be overwritten', async () => {
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

it.skipIf(process.platform === 'win32')(
  'the journal and the samples of a run are readable by the user only',
  async () => {
    // What was there before had another mode.
    await mkdir(join(folder.path, 'private'));
    await writeFile(join(folder.path, 'private', 'samples.ndjson'), '', { mode: 0o644 });
    const look = `process.stderr.write(JSON.stringify(['samples.ndjson', 'journal.json'].map((name) => fs.statSync('private/' + name).mode & 0o777)))`;
    const preload = `--import data:text/javascript,${encodeURIComponent(
      `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
     const { renameSync } = fs;
     let hasLooked = false;
     fs.renameSync = (...paths) => { renameSync(...paths); if (paths[1].endsWith('journal.json') && !hasLooked) { hasLooked = true; ${look} } };
     syncBuiltinESMExports();`,
    )}`;
    const args = [
      'run',
      'noop',
      '-s',
      'event-loop',
      '-n',
      '4',
      '--blocks',
      '1',
      '--rounds',
      '1',
      '--out',
      'private',
      '-q',
    ];
    const { stderr } = await lanewise(args, { cwd: folder.path, env: { NODE_OPTIONS: preload } });
    expect(stderr).toContain('[384,384]');
  },
);

it('a report of piped results needs --out', async () => {
  const refused = await lanewise(['report', '/dev/stdin'], { cwd: folder.path });
  expect(refused.stderr).toBe(
    'lanewise: Missing --out: results from a pipe have no folder for the report. Give one, for example --out lanewise-report.\n',
  );
  expect(refused.status).toBe(2);
});
