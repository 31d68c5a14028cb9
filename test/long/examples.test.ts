import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { LoadResults } from '../../dist/src/model/load.js';
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
  const args = ['--param', 'size=100', '-s', 'event-loop,worker-threads', '-p', '1', '-c', '1'];
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
  ]);
});

it.sequential('defineConfig', async () => {
  await folder.file(
    'lanewise.config.mjs',
    `export { default } from '${pathToFileURL(fileOf('api/define-config.js')).href}';`,
  );
  // Flags override the rest, so that less is measured.
  const args = ['run', '--suite', 'quick', '--quiet', '--rounds', '1', '--no-upper-bound'];
  const { stderr, status } = await lanewise(args, { cwd: folder.path });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(await readFile(join(folder.path, 'reports', 'quick', 'report.md'), 'utf8')).toContain('worker-threads');
});

it.sequential('strategyRules', async () => {
  expect(await example('api/strategy-rules.js', '--test')).toMatch(/^# fail 0$/m);
});

it.sequential('the same work in tinybench', async () => {
  expect(await example('alternatives/tinybench.js')).toMatch(/count primes/);
});

it.sequential('the servers with and without a pool give the same answers', async () => {
  const answers = await Promise.all(
    ['server/server.js', 'server/server-with-pool.js'].map(async (name) => {
      const server = fork(fileOf(name), { stdio: 'ignore' });
      const ended = once(server, 'exit');
      try {
        const [url] = (await once(server, 'message')) as [string];
        expect(await (await fetch(`${url}/health`)).text()).toBe('ok');
        return await (await fetch(`${url}/suggest?word=kelimunu`)).json();
      } finally {
        server.kill();
        await ended;
      }
    }),
  );
  // In edits: one, two, two.
  expect(answers).toEqual([
    ['kelimonu', 'kelinunu', 'kelizunu'],
    ['kelimonu', 'kelinunu', 'kelizunu'],
  ]);
});

it.sequential(
  'the commands that docs/load.md has for the servers run, in few windows',
  async () => {
    const page = await readFile(fileURLToPath(new URL('../../docs/load.md', import.meta.url)), 'utf8');
    const commands = page.match(/^lanewise load \.\/examples\/server\/.*$/gm) ?? [];
    const found = [];
    for (const command of commands) {
      const written = command
        .replace(/ --rate .*/, '')
        .replaceAll("'", '')
        .replaceAll('./examples/', fileOf(''));
      const few = '--rate 100 --blocks 1 --window 40 --seed 1 --json --quiet'.split(' ');
      const { status, stdout, stderr } = await lanewise([...written.split(' ').slice(1), ...few], { cwd: folder.path });
      expect(stderr).toBe('');
      // Two versions may differ.
      expect([0, 3, 4]).toContain(status);
      const { cells } = JSON.parse(stdout) as LoadResults;
      found.push(
        cells.map(({ strategy, poolSize, version = '', windows }) => {
          for (const { failed } of windows) expect(failed).toBe(0);
          return `${strategy} ${poolSize} ${version}`.trim();
        }),
      );
    }
    expect(found).toEqual([
      ['event-loop 1', 'worker-threads 1', 'worker-threads 2'],
      ['event-loop 1 old', 'event-loop 1 new'],
    ]);
  },
  300_000,
);
