/**
 * Small cases from public reports of users of worker pools and benchmark tools, each with the correct outcome. Their
 * outputs are printed for people to read. Cases that depend on durations are in `test/alone`.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import {
  errorOf,
  expectMeasured,
  kindsOf,
  measuredCase,
  measuredIn,
  ok,
  readCase,
  runCase,
  seen,
  sentence,
  type CaseOutcome,
  type MeasuredCase,
} from './run-case.js';

vi.setConfig({ testTimeout: 300_000 });

/** Takes more than a minute and waits for nearly all of it, so it runs beside the other cases. */
let slowImports: Promise<readonly [measured: MeasuredCase, late: CaseOutcome]>;
beforeAll(() => {
  slowImports = Promise.all([measuredCase('06-slow-import'), runCase('06-slow-import', { replace: { '60s': '5s' } })]);
  // Its outcome is checked where it is awaited.
  slowImports.catch(() => undefined);
});

/** For a second form of the same work. */
const MAIN_AND_WORKER = { replace: { 'event-loop,worker-threads,child-processes': 'event-loop,worker-threads' } };

it('01-promise-export: an exported promise is awaited, and its time is startup', async () => {
  const startups: number[] = [];
  for (const changes of [{}, { file: './scorer.mjs', ...MAIN_AND_WORKER }]) {
    const found = await measuredCase('01-promise-export', { ...changes, firstBlock: true });
    expectMeasured(found);
    for (const { startupMs, summary } of ok(found.results)) {
      startups.push(summary.startupMs);
      for (const ms of startupMs) expect(ms).toBeGreaterThanOrEqual(300);
      expect(summary.taskMs.p50).toBeLessThan(300);
    }
  }
  expect(startups).toHaveLength(5);
  seen(`startup ${Math.round(Math.min(...startups))} ms and more, in ${startups.length} configurations`);
});

it('02-second-parameter: a plain function is called with its input alone', async () => {
  const found = await measuredCase('02-second-parameter', { firstBlock: true });
  expectMeasured(found);
  const medians = measuredIn(found.results, 'event-loop').samples.map(({ taskMs }) => taskMs.p50);
  for (const ms of medians) expect(ms).toBeGreaterThanOrEqual(1);
  const map = await measuredCase('02-second-parameter', {
    file: './walks-map.mjs',
    ...MAIN_AND_WORKER,
    firstBlock: true,
  });
  expectMeasured(map);
  expect(ok(map.results)).toHaveLength(2);
  seen(`median task ${Math.min(...medians)} ms and more in every batch`);
});

it('03-fork-listener: a listener for messages of the parent is never called', async () => {
  const found = await measuredCase('03-fork-listener', { firstBlock: true });
  expectMeasured(found);
  expect(found.results.cells.length).toBeGreaterThanOrEqual(6);
  expectMeasured(
    await measuredCase('03-fork-listener', {
      file: './lenient.mjs',
      args: ['-s', 'event-loop,child-processes'],
      firstBlock: true,
    }),
  );
  seen(`${found.results.cells.length} configurations measured`);
});

it('04-class-instance: the functions of an instance keep their `this`', async () => {
  const found = await measuredCase('04-class-instance', { firstBlock: true });
  expectMeasured(found);
  const missing = await measuredCase('04-class-instance', {
    file: './factor.mjs',
    replace: dropInput('04-class-instance'),
  });
  expect(missing.status).toBe(1);
  expect(errorOf(missing.results, 'event-loop')).toContain('this.spread is not a function');
  seen(errorOf(missing.results, 'event-loop'));
});

it('05-exit-code: a task that sets process.exitCode has no effect', async () => {
  const found = await measuredCase('05-exit-code', { firstBlock: true });
  expectMeasured(found);
  expect(found.results.cells.length).toBeGreaterThanOrEqual(6);
  seen(`${found.results.cells.length} configurations measured`);
});

it('08-generator-output: a generator is refused in every strategy', async () => {
  const found = await measuredCase('08-generator-output');
  expect(found.status).toBe(1);
  const errors = found.results.cells.map((cell) => (cell.status === 'failed' ? cell.error.message : 'measured'));
  for (const error of errors) expect(error).toMatch(/is a generator, .*return/);
  seen(errors[0] ?? '');
});

it('09-buffer-input: a Buffer stays a Buffer except in threads, where the error explains it', async () => {
  const found = await measuredCase('09-buffer-input', { firstBlock: true });
  measuredIn(found.results, 'event-loop');
  measuredIn(found.results, 'child-processes');
  const error = errorOf(found.results, 'worker-threads');
  expect(error).toContain('a Buffer in the input arrives in a worker thread as a Uint8Array');
  seen(error);
});

it('10-shared-cursor: shared memory is fresh for every batch, and refused if it cannot be shared', async () => {
  const found = await measuredCase('10-shared-cursor');
  expect(found.status).toBe(1);
  expect(kindsOf(found.results)).toContain('shared-memory');
  expect(errorOf(found.results, 'child-processes')).toContain('SharedArrayBuffer');
  for (const { samples } of ok(found.results))
    for (const { wallMs } of samples) expect(wallMs).toBeGreaterThanOrEqual(20);
  seen(sentence(found.stdout, 'cursor: its inputs hold shared memory'));
});

it('11-classic-worker: a file that only listens for messages is refused with a remedy', async () => {
  const { status, stdout, stderr } = await runCase('11-classic-worker');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/waits for messages on `parentPort` and exports no function; export the function/);
  expect(stderr).not.toContain('TypeError');
  seen(stderr.trim());
});

it('15-one-row-ndjson: an .ndjson file holds one value per line, even if that is a list', async () => {
  const found = await measuredCase('15-one-row-ndjson', { firstBlock: true });
  expectMeasured(found);
  expect(found.results.workloads[0]?.tasks).toBe(8);
  expectMeasured(
    await measuredCase('15-one-row-ndjson', { replace: { 'rows.ndjson': 'two-rows.ndjson' }, only: 'worker-threads' }),
  );
  seen(`measured, batches of ${found.results.workloads[0]?.tasks} tasks`);
});

it('17-no-home: a user without a home folder can measure everything', async ({ skip }) => {
  skip(!isRoot() || !isReadableByOthers(), 'it needs root, and a checkout that others can read');
  const out = mkdtempSync(join(tmpdir(), 'lanewise-17-'));
  chmodSync(out, 0o777);
  try {
    const found = await runCase('17-no-home', {
      replace: { '/tmp/lw-17-report': join(out, 'report') },
      // test/long/environment.test.ts has the other strategies.
      only: 'child-processes',
    });
    expect(found.stderr).not.toContain('    at ');
    expect(found.status, found.stderr).toBe(0);
    seen(sentence(found.stdout, 'noop'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

it('18-cwd-gone: a deleted working folder is refused in one sentence', async ({ skip }) => {
  skip(process.platform === 'win32', 'a folder in use cannot be deleted there');
  const { status, stdout, stderr } = await runCase('18-cwd-gone');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  seen(stderr.trim());
});

it('19-inspect-in-node-options: the inspector is disabled in hosts, and reported', async () => {
  const found = await measuredCase('19-inspect-in-node-options', { only: 'worker-threads' });
  expectMeasured(found);
  expect(found.stdout).toMatch(/--inspect/);
  seen(sentence(found.stdout, '- ').slice(0, 300));
});

it('20-uv-threads-inherited: an inherited UV_THREADPOOL_SIZE is in the report and the results', async () => {
  const found = await measuredCase('20-uv-threads-inherited', { only: 'child-processes' });
  expect(found.status).toBe(0);
  expect(found.stdout).toContain('UV_THREADPOOL_SIZE=1');
  expect(JSON.stringify(found.results.environment)).toMatch(/"uv\w*":1\b/i);
  seen(sentence(found.stdout, 'UV_THREADPOOL_SIZE'));
});

it('21-small-container: too little memory in a container is reported before anything starts', async ({ skip }) => {
  const group = memoryGroup(384);
  if (group === undefined) return skip('it needs root and a cgroup whose memory can be limited');
  try {
    // A workload of the suite, in all of its configurations. The first blocks must finish; the rest does not matter.
    const args = ['noop', '-n', '4', '--time-limit', '15s'];
    const found = await runCase('21-small-container', { wrapper: group.wrapper, args });
    expect([0, 1, 2, 130], found.stderr).toContain(found.status);
    // Refused in one sentence, or measured with a warning.
    const output = found.results === undefined ? found.stderr : found.stdout;
    expect(output.replaceAll('\n', ' ')).toMatch(/MiB .*(?:fit|memory)/);
    seen(`exit ${found.status}: ${sentence(output, memoryLine(output))}`);
  } finally {
    await group.remove();
  }
}, 600_000);

it('24-table-in-module: a pool has as many copies of the module as workers', async ({ skip }) => {
  skip(process.platform !== 'linux', 'memory is not measured on this system');
  // Each alone, with one block: no configuration is compared with another.
  const memory = async (strategy: string, poolSize: number): Promise<number> => {
    const changes = { only: strategy, replace: { '1,2': String(poolSize) } };
    const found = await measuredCase('24-table-in-module', changes);
    expectMeasured(found);
    return measuredIn(found.results, strategy).summary.memoryMiB ?? 0;
  };
  const loop = await memory('event-loop', 1);
  const text = [`event loop ${Math.round(loop)}`];
  for (const strategy of ['worker-threads', 'child-processes']) {
    const [one, two] = [await memory(strategy, 1), await memory(strategy, 2)];
    // Half a table more than the event loop would be a second copy, which no worker has.
    expect(one - loop).toBeLessThan(32 + 16);
    expect(two - one).toBeGreaterThan(48);
    text.push(`${strategy} ${Math.round(one)} and ${Math.round(two)}`);
  }
  seen(`MiB: ${text.join(', ')}`);
});

it('06-slow-import: --start-timeout applies wherever the module is loaded', async () => {
  const [found, late] = await slowImports;
  expectMeasured(found);
  const { startupMs } = measuredIn(found.results, 'event-loop').summary;
  expect(startupMs).toBeGreaterThanOrEqual(12_000);
  expect(late.status).toBe(2);
  expect(late.stderr).toMatch(/5 s.*--start-timeout/);
  seen(`${late.stderr.trim()} With 60s: startup ${Math.round(startupMs)} ms.`);
});

/** The beginning of the line with an amount of memory. */
function memoryLine(text: string): string {
  return text.split('\n').find((line) => line.includes('MiB')) ?? '';
}

/** A new cgroup with this memory limit, and the command to start others in it; undefined where none can be made. */
function memoryGroup(
  mib: number,
): { readonly wrapper: readonly string[]; readonly remove: () => Promise<void> } | undefined {
  if (!isRoot()) return undefined;
  const bytes = String(mib * 2 ** 20);
  for (const [root, limit] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    const folder = join(root, `lanewise-case-${process.pid}`);
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, limit), bytes);
      return {
        wrapper: ['sh', '-c', `echo $$ > ${folder}/cgroup.procs && exec "$@"`, 'sh'],
        // A killed process leaves the group a moment after its parent has ended; one that stays makes this fail.
        remove: () => vi.waitFor(() => rmdirSync(folder), { timeout: 5000 }),
      };
    } catch {
      // The hierarchy does not exist, or is not writable.
      try {
        rmdirSync(folder);
      } catch {
        // It was never created.
      }
    }
  }
  return undefined;
}

function dropInput(name: string): Readonly<Record<string, string>> {
  const { command } = readCase(name);
  const at = command.indexOf('--input');
  // The workload makes its own inputs, so another flag without effect is used.
  return { '--input': '--seed', [command[at + 1] ?? '']: '1' };
}

function isRoot(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

function isReadableByOthers(): boolean {
  const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
  try {
    execFileSync('setpriv', ['--reuid=54321', '--regid=54321', '--clear-groups', 'head', '-c', '1', main]);
    return true;
  } catch {
    return false;
  }
}
