import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { renderJson } from '../../dist/src/report/render.js';
import { lanewise } from '../support/lanewise.js';
import { reportResults } from '../support/report-results.js';
import { cellOf, resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('lanewise report writes the report of saved results again, beside them or elsewhere', async () => {
  const saved = resultsOf({ cells: [cellOf({ id: 'work/event-loop', wallsMs: [1, 2, 3] })] });
  await folder.file('results.json', renderJson(saved));
  const result = await lanewise(['report', '.'], { cwd: folder.path });
  expect(result.status).toBe(0);
  expect(result.stdout).toContain('event-loop');
  // The results in that folder may belong to another run.
  expect(result.stderr).not.toContain('results.json');
  expect(await readFile(join(folder.path, 'report.md'), 'utf8')).toContain('work');
  const json = await lanewise(['report', 'results.json', '--json', '--out', 'elsewhere', '--quiet'], {
    cwd: folder.path,
  });
  // Completed with fields that older results contain only in ids.
  expect(JSON.parse(json.stdout)).toMatchObject(saved);
  expect(JSON.parse(await readFile(join(folder.path, 'elsewhere', 'results.json'), 'utf8'))).toMatchObject(saved);
});

it('lanewise report reads compressed results, as a page without scripts offers them', async () => {
  const saved = reportResults();
  await writeFile(join(folder.path, 'results.json.gz'), gzipSync(renderJson(saved)));
  const result = await lanewise(['report', 'results.json.gz', '--json', '--format', 'md', '-q'], { cwd: folder.path });
  expect(JSON.parse(result.stdout)).toMatchObject(saved);
});

it('lanewise report writes the report of an interrupted run, and says that it was', async () => {
  await folder.file('half.json', renderJson({ ...reportResults(), complete: false }));
  const { status, stdout, stderr } = await lanewise(['report', 'half.json', '--out', 'half'], { cwd: folder.path });
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('Interrupted: these are the results so far');
  for (const file of ['report.md', 'index.html'])
    expect(await readFile(join(folder.path, 'half', file), 'utf8')).toContain(
      'Interrupted: these are the results so far',
    );
});

describe('report formats', () => {
  it('are the page, Markdown, JSON, CSV and a trace by default, otherwise those of --format', async () => {
    await folder.file('saved.json', renderJson(reportResults()));
    const usual = await lanewise(['report', 'saved.json', '--out', 'usual'], { cwd: folder.path });
    expect(usual.stderr).toBe(
      `Written: ${['index.html', 'report.md', 'results.json', 'samples.csv', 'cells.csv', 'trace.json'].map((file) => join('usual', file)).join(', ')}\n`,
    );
    const formats = 'github-action-benchmark,bencher,go,hyperfine';
    await lanewise(['report', 'saved.json', '--out', 'others', '--format', formats], { cwd: folder.path });
    expect((await readdir(join(folder.path, 'others'))).toSorted()).toEqual([
      'bencher.json',
      'benchmarks.txt',
      'github-action-benchmark.json',
      'hyperfine.json',
    ]);
  });

  it('are written to the last --out folder', async () => {
    const result = await lanewise(['report', 'saved.json', '--out', 'one', '--out', 'two', '--format', 'md,md'], {
      cwd: folder.path,
    });
    expect(result.stderr).toBe(`Written: ${join('two', 'report.md')}\n`);
  });

  it('that are unknown are refused with the nearest name', async () => {
    const result = await lanewise(['report', 'saved.json', '--format', 'htm'], { cwd: folder.path });
    expect([result.status, result.stderr]).toEqual([
      2,
      expect.stringContaining('lanewise: Unknown format "htm". Did you mean "html"? Use html, md, json,'),
    ]);
  });
});

describe('the summary of a GitHub job', () => {
  const report = (path: string) =>
    lanewise(['report', 'saved.json', '--out', 'job', '--format', 'md', '--summary'], {
      cwd: folder.path,
      env: { GITHUB_STEP_SUMMARY: path },
    });

  it('is appended to, not replaced', async () => {
    const path = await folder.file('summary.md', 'of another step');
    expect((await report(path)).status).toBe(0);
    const markdown = await readFile(join(folder.path, 'job', 'report.md'), 'utf8');
    expect(await readFile(path, 'utf8')).toBe(`of another step\n${markdown}`);
  });

  it('is missed even with --quiet', async () => {
    const env = { GITHUB_STEP_SUMMARY: join(folder.path, 'none', 'summary.md') };
    const { stderr } = await lanewise(['report', 'saved.json', '--out', 'job', '--summary', '-q'], {
      cwd: folder.path,
      env,
    });
    expect(stderr).toMatch(/^--summary: cannot append to .*summary\.md \(it does not exist\)\.\n$/);
  });

  it('is unchanged if it would become too long, and a missing one is reported in one sentence', async () => {
    const full = await folder.file('full.md', 'x'.repeat(2 ** 20));
    const result = [await report(full), await report(''), await report(join(folder.path, 'none', 'summary.md'))];
    expect(result.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect((await readFile(full, 'utf8')).length).toBe(2 ** 20);
    expect(result.map(({ stderr }) => stderr.split('\n')[1])).toEqual([
      '--summary: nothing was appended, since GitHub drops a job summary longer than 1 MiB.',
      '--summary: GITHUB_STEP_SUMMARY is not set, so there is no job summary to append to.',
      expect.stringMatching(/^--summary: cannot append to .*summary\.md \(it does not exist\)\.$/),
    ]);
  });

  it.runIf(process.platform !== 'win32')('is not waited for if it is a pipe that nobody reads', async () => {
    const path = join(folder.path, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
    const { status, stderr } = await report(path);
    expect(stderr).toContain(`--summary: cannot append to ${path} (`);
    expect(status).toBe(0);
  });

  it('is not touched without --summary', async () => {
    const path = await folder.file('untouched.md', '');
    await lanewise(['report', 'saved.json', '--out', 'job'], { cwd: folder.path, env: { GITHUB_STEP_SUMMARY: path } });
    expect(await readFile(path, 'utf8')).toBe('');
  });
});
