import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { LoadResults } from '../../dist/src/model/load.js';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { runProgram } from '../support/run-program.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

const fileOf = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** Runs it as a user would, in its own folder. */
async function example(file: string, ...flags: readonly string[]): Promise<string> {
  const env = { ...process.env, TMPDIR: folder.path, TMP: folder.path, TEMP: folder.path };
  const { stdout, stderr } = await runProgram(process.execPath, [...flags, file], { cwd: folder.path, env });
  expect(stderr).toBe('');
  return stdout;
}

/** A copy that measures as little as can be decided: how much it is is no rule of an example. */
async function lessOf(name: string, blocks: 6 | 8): Promise<string> {
  const text = await readFile(fileOf(`api/${name}`), 'utf8');
  const less = text
    .replace("preset: 'quick',", `preset: 'quick', blocks: ${blocks}, rounds: 1, tasks: 4,`)
    .replaceAll("'lanewise'", JSON.stringify(import.meta.resolve('lanewise')))
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(fileOf(`api/${name}`)).href));
  expect(less).toContain('rounds: 1');
  return folder.file(name.replace('.js', '.mjs'), less);
}

// One after another, since each takes the lock of the machine.
it.sequential('run', async () => {
  const text = await example(await lessOf('run.js', 6));
  expect(text).toMatch(/^primes\/worker-threads@\d+: (?:faster|slower|same|inconclusive), \d/m);
  expect(text).toMatch(/^work: choose work\//m);
});

it.sequential('compareResults', async () => {
  expect(await example(await lessOf('compare-results.js', 6))).toMatch(
    /^primes\/event-loop: (?:faster|slower|same|inconclusive), \d+\.\d\d× as fast \(\d/m,
  );
});

it.sequential('doctor', async () => {
  expect(await example(fileOf('api/doctor.js'))).toMatch(/^\d+ CPUs, Node v\d/);
});

it.sequential('tune', async () => {
  expect(await example(await lessOf('tune.js', 8))).toMatch(
    /^use [a-z-]+, \d+ workers, concurrency (?:\d+|all); now compute\[ms=1\]\/worker-threads@1$/m,
  );
});

it.sequential('load', async () => {
  expect(await example(fileOf('api/load.js'))).toMatch(
    /^timer\/event-loop at 50 a second: p95 of \d+\.\d ms, holds: (?:yes|no|not-shown)$/m,
  );
});

it.sequential('process-pool', async () => {
  expect(await example(fileOf('api/process-pool.js'))).toMatch(/^\[ \d{16,}, \d{16,}, \d{16,} \]$/m);
});

it.sequential('lessons', async () => {
  expect(await example(fileOf('api/lessons.js'))).toContain('holds');
});

it.sequential('renderHtml', async () => {
  expect(await example(fileOf('api/render-html.js'))).toMatch(/^(?:complete|interrupted)$/m);
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
      '-n',
      '4',
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
  const args = 'run --suite quick --quiet -c 1 -n 4 --blocks 6 --rounds 1 --no-upper-bound'.split(' ');
  const { stderr, status } = await lanewise(args, { cwd: folder.path });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(await readFile(join(folder.path, 'reports', 'quick', 'report.md'), 'utf8')).toContain('worker-threads');
});

it.sequential('strategyRules', async () => {
  expect(await example(fileOf('api/strategy-rules.js'), '--test')).toMatch(/^# fail 0$/m);
});

it.sequential('the same work in tinybench', async () => {
  expect(await example(fileOf('alternatives/tinybench.js'))).toMatch(/count primes/);
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

it.sequential('the commands that docs/load.md has for the servers run', async () => {
  const page = await readFile(fileURLToPath(new URL('../../docs/load.md', import.meta.url)), 'utf8');
  const commands = page.match(/^lanewise load \.\/examples\/server\/.*$/gm) ?? [];
  const found = [];
  for (const [index, command] of commands.entries()) {
    const out = `few-${index}`;
    const written = command
      .replace(/ --rate .*/, '')
      .replaceAll("'", '')
      .replaceAll('./examples/', fileOf(''));
    const few = '--rate 100 --window 40 --seed 1 --json --quiet --out'.split(' ');
    const { status, stdout, stderr } = await lanewise([...written.split(' ').slice(1), ...few, out], {
      cwd: folder.path,
      firstBlockIn: join(folder.path, out),
    });
    // Interrupted after the first block. On Windows two versions may differ.
    expect(status === 130 || (process.platform === 'win32' && [0, 3, 4].includes(status ?? 1)), stderr).toBe(true);
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
}, 300_000);
