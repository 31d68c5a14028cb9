/**
 * The contract of a strategy, for any test runner: `for (const { title, check } of strategyRules(mine)) test(title,
 * check);`
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { strategyClaimsOf } from '../workers/strategy-claims.ts';
import type { LaneAssignment, Task, TaskRecord, TaskReply } from '../workers/contract.ts';
import { within } from '../workers/deferred.ts';
import { digestOf as digest } from '../workers/digest.ts';
import { temporaryFolder } from '../workers/own-folders.ts';
import { runWhole, type OwnLanes, type StrategyDefinition } from './lanes/own-strategy.ts';

/** One rule of the contract. */
export interface StrategyRule {
  /** The rule, as a sentence about the strategy. */
  readonly title: string;
  /** Opens the strategy, checks the rule and closes it. @throws AssertionError if it breaks the rule */
  readonly check: () => Promise<void>;
}

/**
 * Lists the rules of the contract, to be checked one by one.
 *
 * @param definition the default export of the strategy's module
 * @throws TypeError if it is none
 */
export function strategyRules(definition: StrategyDefinition): readonly StrategyRule[] {
  const claims = strategyClaimsOf(definition);
  if ('wrong' in claims)
    throw new TypeError(`strategyRules takes the default export of a strategy’s module: ${claims.wrong}`);
  const inUse = (lanes: Lanes, use: Use) => () => opening(definition, lanes, use);
  return [
    {
      title: 'returns one record per task, in order, each with the result of its own input and timestamps in order',
      check: inUse({ source: 'export default (n) => ({ twice: n * 2 });' }, async ({ run }) => {
        const records = await run(tasksOf(9));
        assert.deepEqual(
          records.map(digestOf),
          records.map((_, index) => digest({ twice: index * 2 })),
        );
        assert.deepEqual(
          records.map(({ index }) => index),
          records.map((_, index) => index),
        );
        for (const record of records) {
          const { startedNs, finishedNs, digestedNs } = done(record.reply);
          const stamps = [record.submittedNs, startedNs, finishedNs, digestedNs, record.receivedNs];
          assert.deepEqual(
            stamps,
            stamps.toSorted((a, b) => a - b),
            'submitted, started, finished, digested, received',
          );
        }
      }),
    },
    {
      title: 'runs one batch after the other',
      check: inUse({ source: 'export default (n) => n;' }, async ({ run }) => {
        for (const first of [0, 10, 20]) {
          const records = await run(tasksOf(5, first));
          assert.deepEqual(
            records.map(digestOf),
            records.map((_, index) => digest(first + index)),
            'each batch has the results of its own inputs',
          );
        }
      }),
    },
    {
      title: 'runs each task once',
      check: inUse({ source: NOTE }, async ({ run }, folder) => {
        await run(tasksOf(6));
        // A second time, it may run after its result.
        await wait(SETTLED_MS);
        const ran = (await readFile(join(folder, 'ran'), 'utf8')).trim().split('\n');
        assert.deepEqual(
          ran.map(Number).toSorted((a, b) => a - b),
          [0, 1, 2, 3, 4, 5],
          'the tasks that were run',
        );
      }),
    },
    {
      title: 'uses all of its lanes, with ids from 0',
      check: inUse({ source: WAIT }, async ({ run }) => {
        const lanes = new Set((await run(tasksOf(8))).map(({ reply }) => done(reply).lane));
        assert.deepEqual(
          [...lanes].toSorted((a, b) => a - b),
          definition.lanes === 'main' ? [0] : [0, 1],
        );
      }),
    },
    {
      title: 'runs at most as many tasks at once as it has lanes, with a concurrency of 1',
      check: inUse({ source: WAIT }, async ({ run }) => {
        const most = mostRunning(await run(tasksOf(8)));
        assert.ok(most <= POOL_SIZE, `${most} tasks ran at once in ${POOL_SIZE} lanes`);
      }),
    },
    {
      title: 'passes inputs and outputs unchanged, including buffers',
      check: inUse({ source: 'export default (bytes) => bytes.map((byte) => byte + 1);' }, async ({ run }) => {
        const inputs = [new Uint8Array([1, 2]), new Uint8Array([3])];
        const records = await run(inputs.map((input, index) => ({ index, input, traced: false, verified: true })));
        const outputs = [new Uint8Array([2, 3]), new Uint8Array([4])];
        assert.deepEqual(
          records.map(digestOf),
          outputs.map((output) => digest(output)),
        );
      }),
    },
    {
      title: 'reports a task that throws in its record, and does not reject',
      check: inUse(
        { source: 'export default (n) => { if (n === 1) throw new RangeError("one is too much"); return n; };' },
        async ({ run }) => {
          const failed = (await run(tasksOf(2))).find(({ index }) => index === 1)?.reply;
          assert.equal(failed?.status, 'failed');
          assert.match(failed?.status === 'failed' ? failed.error.message : '', /one is too much/);
        },
      ),
    },
    {
      title: 'sets up each lane once',
      check: inUse(
        { source: 'let setups = 0; export default { setup: () => ++setups, task: (n, { state }) => state };' },
        async ({ run }) => {
          assert.deepEqual([...new Set((await run(tasksOf(8))).map(digestOf))], ['1']);
        },
      ),
    },
    {
      title: 'reports the CPU time of lanes in other processes',
      check: inUse({ source: SPIN }, async ({ run, usage }) => {
        if (definition.lanes !== 'process') return;
        assert.ok(usage !== undefined, '`usage` is missing');
        const before = await usage();
        await run(tasksOf(4));
        const usedMs = (await usage()).cpuMs - before.cpuMs;
        assert.ok(usedMs > SPIN_MS, `4 tasks of ${SPIN_MS} ms used ${usedMs} ms`);
      }),
    },
    {
      title: 'leaves no process and no thread behind',
      check: async () => {
        const before = handles();
        const threads = new Set<Worker>();
        const note = (thread: Worker): void => {
          threads.add(thread);
          thread.once('exit', () => threads.delete(thread));
        };
        process.on('worker', note);
        let ids: readonly number[] = [];
        await opening(definition, { source: 'export default (n) => n;' }, async ({ run, processIds }) => {
          await run(tasksOf(4));
          ids = processIds?.() ?? [];
        }).finally(() => process.off('worker', note));
        await until(() => !ids.some(isRunning), 'a process is still running');
        await until(() => threads.size === 0, 'a thread is still running');
        await until(() => handles() <= before, 'a thread or a pipe is still open');
      },
    },
  ];
}

const POOL_SIZE = 2;
const SPIN_MS = 20;
/** Spins by the CPU time of its process: on a busy machine, wall time may pass without any. */
const SPIN = `export default (n) => { const from = process.cpuUsage(); while (process.cpuUsage(from).user < ${SPIN_MS * 1000}); return n; };`;
/** Notes each task that it runs in a file beside it. */
const NOTE =
  "import { appendFileSync } from 'node:fs'; export default (n) => { appendFileSync(new URL('ran', import.meta.url), `${n}\\n`); return n; };";
/** Longer than a task takes. */
const SETTLED_MS = 100;
/** A batch of any rule takes a fraction of it. */
const LIMIT_MS = 10_000;
const WAIT = 'export default (n) => new Promise((done) => setTimeout(done, 20, n));';

/** @param folder the folder of the workload */
type Use = (opened: OwnLanes, folder: string) => Promise<void>;

interface Lanes {
  /** Source of the workload’s module. */
  readonly source: string;
}

async function opening({ open }: StrategyDefinition, { source }: Lanes, use: Use): Promise<void> {
  const folder = await mkdtemp(join(temporaryFolder, 'lanewise-rules-'));
  try {
    const file = join(folder, 'work.mjs');
    await writeFile(file, source);
    const assignment: LaneAssignment = {
      workload: { url: pathToFileURL(file).href },
      params: {},
      services: {},
      cell: 'work/rules',
      concurrency: 1,
    };
    const settings = { poolSize: POOL_SIZE, atomics: 'sync', transferOf: undefined } as const;
    const opened = await inTime(open(assignment, settings), '`open` did not end');
    try {
      await use({ ...opened, run: (tasks) => runAll(opened, tasks) }, folder);
    } finally {
      await inTime(opened.close(), '`close` did not end');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a batch of which every rule holds: it ends, with a record of each task, and not before the last result. */
async function runAll(opened: OwnLanes, tasks: readonly Task[]): Promise<readonly TaskRecord[]> {
  const { records, late } = await inTime(runWhole(opened, tasks), 'a batch did not end: a task has no result');
  assert.equal(late, 0, `it called \`whenDone\` before ${late} of ${tasks.length} results`);
  return records;
}

/** @throws AssertionError that says so if it takes too long */
function inTime<Value>(value: Promise<Value>, otherwise: string): Promise<Value> {
  const message = `${otherwise} within ${LIMIT_MS / 1000} s`;
  return within(value, LIMIT_MS, () => new assert.AssertionError({ message }));
}

function tasksOf(count: number, first = 0): readonly Task[] {
  return Array.from({ length: count }, (_, index) => ({ index, input: first + index, traced: false, verified: true }));
}

type Done = Extract<TaskReply, { status: 'ok' }>;

function done(reply: TaskReply): Done {
  if (reply.status === 'ok') return reply;
  throw new assert.AssertionError({ message: `a task is ${reply.status}: ${reply.error.message}` });
}

function digestOf({ reply }: TaskRecord): string {
  const { digest: found } = done(reply);
  assert.ok(found !== null, 'a task to be verified has no digest: pass `verified` on to the lane');
  return found;
}

function mostRunning(records: readonly TaskRecord[]): number {
  const spans = records.map(({ reply }) => done(reply));
  const at = (ns: number): number =>
    spans.filter(({ startedNs, finishedNs }) => startedNs <= ns && ns < finishedNs).length;
  return Math.max(...spans.map(({ startedNs }) => at(startedNs)));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Counts what keeps the process alive, timers aside. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Process|Pipe/.test(name)).length;
}

async function until(isTrue: () => boolean, otherwise: string): Promise<void> {
  for (let time = 0; time < 40 && !isTrue(); time++) await wait(50);
  assert.ok(isTrue(), otherwise);
}
