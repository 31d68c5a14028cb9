/**
 * Other people's code: small cases of what users of worker pools and benchmark tools have reported in public, each with what is right.
 * `npm run test:cases`. What each of them prints is the reason why it is here, so it is printed.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import type { Cell, MeasuredCell, Results } from '../../dist/src/model/results.js';
import { readCase, runCase, type CaseChanges, type CaseOutcome } from './run-case.js';

/** The longest of them waits for a module that takes 12 s to load, in each of its processes. */
vi.setConfig({ testTimeout: 300_000 });

/** What is seen is what these tests are read for. */
function seen(text: string): void {
  process.stdout.write(`  ${expect.getState().currentTestName?.split(':')[0]}: ${text}\n`);
}

async function measuredCase(name: string, changes?: CaseChanges): Promise<CaseOutcome & { readonly results: Results }> {
  const outcome = await runCase(name, changes);
  if (outcome.results === undefined)
    throw new Error(`no results, status ${outcome.status}: ${outcome.stderr}${outcome.stdout}`);
  return { ...outcome, results: outcome.results };
}

function ok({ cells }: Results): readonly MeasuredCell[] {
  return cells.filter((cell) => cell.status === 'ok');
}

function cellOf(results: Results, strategy: string): Cell {
  const cell = results.cells.find((one) => one.strategy === strategy);
  if (cell === undefined) throw new Error(`${strategy} was not measured`);
  return cell;
}

function measuredIn(results: Results, strategy: string): MeasuredCell {
  const cell = cellOf(results, strategy);
  if (cell.status !== 'ok') throw new Error(`${strategy} failed: ${cell.error.message}`);
  return cell;
}

function errorOf(results: Results, strategy: string): string {
  const cell = cellOf(results, strategy);
  return cell.status === 'failed' ? cell.error.message : 'measured';
}

const kindsOf = ({ warnings }: Results): readonly string[] => warnings.map(({ kind }) => kind);

/** The line of the report that begins like that, joined again. */
function sentence(text: string, start: string): string {
  const from = text.indexOf(start);
  return from === -1
    ? `(nothing about "${start}")`
    : (text
        .slice(from)
        .split(/\n(?:\n|- )/)[0]
        ?.replaceAll('\n', ' ') ?? '');
}

/** All that was asked for was measured. */
function expectMeasured({ status, stderr, stdout, results }: CaseOutcome): void {
  const failed = results?.cells.filter((cell) => cell.status === 'failed');
  expect(failed?.map(({ id, error }) => `${id}: ${error.message}`) ?? [stderr]).toEqual([]);
  expect(status, stderr + stdout).toBe(0);
}

it('01-promise-export: an exported promise is awaited, and its time is startup', async () => {
  const startups: number[] = [];
  for (const file of ['./scorer.cjs', './scorer.mjs']) {
    const found = await measuredCase('01-promise-export', { file });
    expectMeasured(found);
    for (const { startupMs, summary } of ok(found.results)) {
      startups.push(summary.startupMs);
      for (const ms of startupMs) expect(ms).toBeGreaterThanOrEqual(300);
      expect(summary.taskMs.p50).toBeLessThan(300);
    }
  }
  seen(`startup ${Math.round(Math.min(...startups))} ms and more, in ${startups.length} configurations`);
});

it('02-second-parameter: a plain function is called with its input alone', async () => {
  const found = await measuredCase('02-second-parameter');
  expectMeasured(found);
  const medians = measuredIn(found.results, 'event-loop').samples.map(({ taskMs }) => taskMs.p50);
  for (const ms of medians) expect(ms).toBeGreaterThanOrEqual(1);
  expectMeasured(await measuredCase('02-second-parameter', { file: './walks-map.mjs' }));
  seen(`median task ${Math.min(...medians)} ms and more in every batch`);
});

it('03-fork-listener: a listener for messages of a parent is never called', async () => {
  const found = await measuredCase('03-fork-listener');
  expectMeasured(found);
  expect(found.results.cells.length).toBeGreaterThanOrEqual(6);
  expectMeasured(await measuredCase('03-fork-listener', { file: './lenient.mjs' }));
  seen(`${found.results.cells.length} configurations measured`);
});

it('04-class-instance: the functions of an instance keep their this', async () => {
  const found = await measuredCase('04-class-instance');
  expectMeasured(found);
  const missing = await measuredCase('04-class-instance', {
    file: './factor.mjs',
    replace: dropInput('04-class-instance'),
  });
  expect(missing.status).toBe(1);
  expect(errorOf(missing.results, 'event-loop')).toContain('this.spread is not a function');
  seen(errorOf(missing.results, 'event-loop'));
});

it('05-exit-code: a task that sets process.exitCode does no harm', async () => {
  const found = await measuredCase('05-exit-code');
  expectMeasured(found);
  expect(found.results.cells.length).toBeGreaterThanOrEqual(6);
  seen(`${found.results.cells.length} configurations measured, exit 0`);
});

it('06-slow-import: --start-timeout governs every place that loads the module', async () => {
  const found = await measuredCase('06-slow-import');
  expectMeasured(found);
  const { startupMs } = measuredIn(found.results, 'event-loop').summary;
  expect(startupMs).toBeGreaterThanOrEqual(12_000);
  const late = await runCase('06-slow-import', { replace: { '60s': '5s' } });
  expect(late.status).toBe(2);
  expect(late.stderr).toMatch(/5 s.*--start-timeout/);
  seen(`${late.stderr.trim()} With 60s: startup ${Math.round(startupMs)} ms.`);
});

it('07-graph-output: an output that is a graph is verified in time proportional to its size', async () => {
  const found = await measuredCase('07-graph-output');
  expectMeasured(found);
  for (const { samples } of ok(found.results)) {
    const shares = samples.map(({ digestShare }) => digestShare).toSorted((a, b) => a - b);
    expect(shares[Math.floor(shares.length / 2)]).toBeLessThan(0.05);
  }
  seen(
    `outputs verified in timed batches: ${ok(found.results)
      .map(({ summary }) => summary.verifiedShare)
      .join(', ')}`,
  );
});

it('08-generator-output: a generator is refused in every strategy', async () => {
  const found = await measuredCase('08-generator-output');
  expect(found.status).toBe(1);
  const errors = found.results.cells.map((cell) => (cell.status === 'failed' ? cell.error.message : 'measured'));
  for (const error of errors) expect(error).toMatch(/is a generator, .*return/);
  seen(errors[0] ?? '');
});

it('09-buffer-input: a Buffer stays one but in threads, where the error says so', async () => {
  const found = await measuredCase('09-buffer-input');
  expect(found.status).toBe(1);
  measuredIn(found.results, 'event-loop');
  measuredIn(found.results, 'child-processes');
  const error = errorOf(found.results, 'worker-threads');
  expect(error).toContain('a Buffer in the input arrives in a worker thread as a Uint8Array');
  seen(error);
});

it('10-shared-cursor: shared memory is fresh for every batch, and refused where it cannot be shared', async () => {
  const found = await measuredCase('10-shared-cursor');
  expect(found.status).toBe(1);
  expect(kindsOf(found.results)).toContain('shared-memory');
  expect(errorOf(found.results, 'child-processes')).toContain('SharedArrayBuffer');
  for (const { samples } of ok(found.results))
    for (const { wallMs } of samples) expect(wallMs).toBeGreaterThanOrEqual(20);
  seen(sentence(found.stdout, 'cursor: its inputs hold shared memory'));
});

it('11-classic-worker: a file that only listens is named as what it is, with the remedy', async () => {
  const { status, stdout, stderr } = await runCase('11-classic-worker');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/waits for messages on `parentPort` and exports no function; export the function/);
  expect(stderr).not.toContain('TypeError');
  seen(stderr.trim());
});

it('12-memoised: results that are kept from batch to batch have no verdict', async () => {
  const found = await measuredCase('12-memoised');
  expect(kindsOf(found.results)).toContain('memoised');
  expect(found.results.recommendations).toEqual([]);
  expect(found.results.workloads[0]?.tasks).toBe(8);
  expect(found.stdout.indexOf('the first time')).toBeLessThan(found.stdout.indexOf('no verdict, since'));
  seen(sentence(found.stdout, 'collatz/'));
});

it('13-growing-state: batches that get slower within blocks are warned of above the verdict', async () => {
  const found = await measuredCase('13-growing-state');
  const drift = found.results.warnings.find((warning) => warning.kind === 'drifting-batches');
  expect(drift?.ratio.lo).toBeGreaterThan(1.05);
  seen(sentence(found.stdout, 'index/'));
});

it('14-forgotten-await: work that is not awaited has no verdict, and makes no batch larger', async () => {
  const found = await measuredCase('14-forgotten-await');
  expect(kindsOf(found.results)).toContain('unawaited');
  expect(found.results.recommendations).toEqual([]);
  expect(found.results.workloads[0]?.tasks).toBe(16);
  expect(found.results.cells.filter((cell) => cell.status === 'failed')).toEqual([]);
  seen(sentence(found.stdout, 'enqueue/'));
});

it('15-one-row-ndjson: an .ndjson file holds a value a line, also if that is a list', async () => {
  const found = await measuredCase('15-one-row-ndjson');
  expectMeasured(found);
  expect(found.results.workloads[0]?.tasks).toBe(8);
  expectMeasured(await measuredCase('15-one-row-ndjson', { replace: { 'rows.ndjson': 'two-rows.ndjson' } }));
  seen(`measured, batches of ${found.results.workloads[0]?.tasks} tasks`);
});

it('16-digest-decides: what an output costs to verify stays under 1% of a timed batch', async () => {
  const plain = await measuredCase('16-digest-decides');
  const light = await measuredCase('16-digest-decides', { file: './parse-light.mjs' });
  const shares = ok(plain.results).flatMap(({ samples }) => samples.map(({ digestShare }) => digestShare));
  expect(shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)]).toBeLessThan(0.01);
  expect(kindsOf(plain.results)).not.toContain('costly-digest');
  const chosen = [plain, light].map(({ results }) => results.recommendations[0]?.choose.split('/')[1]);
  seen(
    `digests took at most ${(100 * Math.max(...shares)).toFixed(2)}% of a batch; chosen: ${chosen.join(' and, with a light digest, ')}`,
  );
});

it('17-no-home: a user without a home works as any other', async () => {
  if (!isRoot() || !isReadableByOthers()) return seen('not tried: it needs root, and a checkout that others can read');
  const out = mkdtempSync(join(tmpdir(), 'lanewise-17-'));
  chmodSync(out, 0o777);
  try {
    const found = await runCase('17-no-home', { replace: { '/tmp/lw-17-report': join(out, 'report') } });
    expect(found.stderr).not.toContain('    at ');
    expect(found.status, found.stderr).toBe(0);
    return seen(sentence(found.stdout, 'noop'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

it('18-cwd-gone: a working folder that is gone is a sentence', async () => {
  if (process.platform === 'win32') return seen('not tried: a folder in use cannot be deleted there');
  const { status, stdout, stderr } = await runCase('18-cwd-gone');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  seen(stderr.trim());
});

it('19-inspect-in-node-options: the inspector is kept from what is measured, and named', async () => {
  const found = await measuredCase('19-inspect-in-node-options');
  expectMeasured(found);
  expect(found.stdout).toMatch(/--inspect/);
  seen(sentence(found.stdout, '- ').slice(0, 300));
});

it('20-uv-threads-inherited: an inherited UV_THREADPOOL_SIZE is in report and results', async () => {
  const found = await measuredCase('20-uv-threads-inherited');
  expect(found.status).toBe(0);
  expect(found.stdout).toContain('UV_THREADPOOL_SIZE=1');
  expect(JSON.stringify(found.results.environment)).toMatch(/"uv\w*":1\b/i);
  seen(sentence(found.stdout, 'UV_THREADPOOL_SIZE'));
});

it('21-small-container: what does not fit into the memory of a container is said before anything is started', async () => {
  const group = memoryGroup(384);
  if (group === undefined) return seen('not tried: it needs root and a cgroup whose memory can be limited');
  try {
    const found = await runCase('21-small-container', { wrapper: group.wrapper });
    expect([0, 1, 2], found.stderr).toContain(found.status);
    // Refused in a sentence, or measured with a warning.
    const told = found.results === undefined ? found.stderr : found.stdout;
    expect(told.replaceAll('\n', ' ')).toMatch(/MiB .*(?:fit|memory)/);
    seen(`exit ${found.status}: ${sentence(told, memoryLine(told))}`);
  } finally {
    group.remove();
  }
}, 600_000);

it('22-tail-latency: what differs where throughput ties is in the verdict', async () => {
  const found = await measuredCase('22-tail-latency');
  expect(found.status).toBe(0);
  const [verdict = ''] = found.stdout.split('\n\none-long ·');
  expect(verdict.replaceAll('\n', ' ')).toMatch(/main thread|task latency|median task/);
  seen(verdict.replaceAll('\n', ' '));
});

it('23-subprocess-cpu: CPU time of commands that tasks start is counted', async () => {
  if (process.platform !== 'linux') return seen('not tried: not counted on this system');
  const found = await measuredCase('23-subprocess-cpu');
  expect(found.status).toBe(0);
  expect(kindsOf(found.results)).not.toContain('bound-not-seen');
  const { samples, summary } = measuredIn(found.results, 'event-loop');
  for (const { cpuMs } of samples) expect(cpuMs).toBeGreaterThanOrEqual(300);
  seen(`${summary.coresUsed} CPUs used, ${Math.round(samples[0]?.cpuMs ?? 0)} ms of CPU time in a batch`);
});

it('24-table-in-module: a pool has as many copies of the module as workers', async () => {
  if (process.platform !== 'linux') return seen('not tried: memory is not measured on this system');
  const found = await measuredCase('24-table-in-module');
  expect(found.status).toBe(0);
  const memory = (strategy: string, poolSize: number): number =>
    ok(found.results).find((cell) => cell.strategy === strategy && cell.poolSize === poolSize)?.summary.memoryMiB ?? 0;
  const loop = memory('event-loop', 1);
  for (const strategy of ['worker-threads', 'child-processes']) {
    // Half of another table more than the loop would be one that no worker has.
    expect(memory(strategy, 1) - loop).toBeLessThan(32 + 16);
    expect(memory(strategy, 2) - memory(strategy, 1)).toBeGreaterThan(48);
  }
  seen(
    `MiB: event loop ${Math.round(loop)}, threads ${Math.round(memory('worker-threads', 1))} and ${Math.round(memory('worker-threads', 2))}, processes ${Math.round(memory('child-processes', 1))} and ${Math.round(memory('child-processes', 2))}`,
  );
});

/** How the line begins that holds an amount of memory. */
function memoryLine(text: string): string {
  return text.split('\n').find((line) => line.includes('MiB')) ?? '';
}

/** A cgroup of this test's own with so much memory, and the command that starts another one in it; undefined where there can be none. */
function memoryGroup(mib: number): { readonly wrapper: readonly string[]; readonly remove: () => void } | undefined {
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
        remove: () => rmdirSync(folder),
      };
    } catch {
      // No such hierarchy, or it cannot be written to.
      try {
        rmdirSync(folder);
      } catch {
        // It was never made.
      }
    }
  }
  return undefined;
}

function dropInput(name: string): Readonly<Record<string, string>> {
  const { command } = readCase(name);
  const at = command.indexOf('--input');
  // The workload makes its own: the flag becomes another that changes nothing.
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
