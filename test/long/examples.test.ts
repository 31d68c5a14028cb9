import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

const fileOf = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** Runs it as a user would, in its own folder. */
async function example(name: string, ...flags: readonly string[]): Promise<string> {
  const env = { ...process.env, TMPDIR: folder.path, TMP: folder.path, TEMP: folder.path };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, fileOf(name)], {
    cwd: folder.path,
    env,
  });
  expect(stderr).toBe('');
  return stdout;
}

// One after another, since each takes the lock of the machine.
it.sequential('run', async () => {
  const text = await example('api/run.js');
  expect(text).toMatch(/^primes\/worker-threads@\d+: (?:faster|slower|same|inconclusive), \d/m);
  expect(text).toMatch(/^work: choose work\//m);
});

it.sequential('compareResults', async () => {
  expect(await example('api/compare-results.js')).toMatch(
    /^primes\/event-loop: (?:faster|slower|same|inconclusive), \d+\.\d\d× as fast \(\d/m,
  );
});

it.sequential('doctor', async () => {
  expect(await example('api/doctor.js')).toMatch(/^\d+ CPUs, Node v\d/);
});

it.sequential('tune', async () => {
  expect(await example('api/tune.js')).toMatch(
    /^use [a-z-]+, \d+ workers, concurrency (?:\d+|all); now compute\[ms=1\]\/worker-threads@1$/m,
  );
});

it.sequential('process-pool', async () => {
  expect(await example('api/process-pool.js')).toMatch(/^\[ \d{16,}, \d{16,}, \d{16,} \]$/m);
});

it.sequential('lessons', async () => {
  expect(await example('api/lessons.js')).toContain('holds');
});

it.sequential('renderHtml', async () => {
  expect(await example('api/render-html.js')).toMatch(/^(?:complete|interrupted)$/m);
  expect(await readFile(join(folder.path, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
});

it.sequential('defineWorkload', async () => {
  const args = ['--param', 'size=100,200', '-s', 'event-loop,worker-threads', '-p', '1', '-c', '1'];
  const { stdout } = await lanewise(
    [
      'run',
      fileOf('api/define-workload.js'),
      ...args,
      '--preset',
      'quick',
      '--rounds',
      '1',
      '--blocks',
      '6',
      '--no-upper-bound',
      '--json',
      '--quiet',
    ],
    {
      cwd: folder.path,
    },
  );
  const { cells } = JSON.parse(stdout) as Results;
  expect(cells.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'sort[size=100]/event-loop ok',
    'sort[size=100]/worker-threads@1 ok',
    'sort[size=200]/event-loop ok',
    'sort[size=200]/worker-threads@1 ok',
  ]);
});

it.sequential('defineConfig', async () => {
  await folder.file(
    'lanewise.config.mjs',
    `export { default } from '${pathToFileURL(fileOf('api/define-config.js')).href}';`,
  );
  const { stderr, status } = await lanewise(['run', '--suite', 'quick', '--quiet'], { cwd: folder.path });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(await readFile(join(folder.path, 'reports', 'quick', 'report.md'), 'utf8')).toContain('worker-threads');
});

it.sequential('strategyRules', async () => {
  expect(await example('api/strategy-rules.js', '--test')).toMatch(/^# fail 0$/m);
});

it.sequential('the same work in tinybench', async () => {
  expect(await example('alternatives/tinybench.js')).toMatch(/count primes/);
});
