/** The common contract of all strategies for running batches. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Task, TaskRecord } from '../../dist/workers/contract.js';
import { queues, strategies } from '../../dist/src/lanes/registry.js';
import { openTemplate } from '../../dist/src/queue/postgres-files.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import type { BatchStrategy } from '../../dist/src/lanes/strategy.js';
import type { BuiltInStrategy, QueueStrategy } from '../../dist/src/model/strategies.js';
import { runProgram } from '../support/run-program.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

interface Configuration {
  readonly name: BuiltInStrategy | QueueStrategy;
  /** Of its queue. */
  readonly server?: 'redis' | 'valkey' | 'postgres';
  readonly poolSize: number;
  readonly concurrency: number;
  /** Number of tasks that can run at once. */
  readonly capacity: number;
  readonly kind: 'main' | 'thread' | 'process';
}

/** Kinds of servers that this machine can start. */
const SERVERS = (
  await Promise.all(
    (['redis', 'valkey', 'postgres'] as const).map(async (kind) => {
      const server = await startQueueServer(kind).catch(() => undefined);
      await server?.close();
      return server === undefined ? [] : [kind];
    }),
  )
).flat();

/** The files from which each PostgreSQL starts. */
const template = SERVERS.includes('postgres') ? await openTemplate() : undefined;
afterAll(() => template?.close());

const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'sequential', poolSize: 1, concurrency: 1, capacity: 1, kind: 'main' },
  { name: 'event-loop', poolSize: 1, concurrency: 6, capacity: 6, kind: 'main' },
  { name: 'event-loop', poolSize: 1, concurrency: 2, capacity: 2, kind: 'main' },
  { name: 'worker-threads', poolSize: 2, concurrency: 1, capacity: 2, kind: 'thread' },
  { name: 'worker-threads', poolSize: 2, concurrency: 2, capacity: 4, kind: 'thread' },
  { name: 'child-processes', poolSize: 2, concurrency: 1, capacity: 2, kind: 'process' },
  { name: 'child-processes', poolSize: 2, concurrency: 2, capacity: 4, kind: 'process' },
  { name: 'thread-per-task', poolSize: 2, concurrency: 1, capacity: 2, kind: 'thread' },
  { name: 'process-per-task', poolSize: 2, concurrency: 1, capacity: 2, kind: 'process' },
  ...SERVERS.flatMap((server): readonly Configuration[] => [
    { name: 'bullmq', server, poolSize: 2, concurrency: 2, capacity: 4, kind: 'process' },
    // A PostgreSQL takes seconds to start.
    ...(server === 'postgres'
      ? []
      : [{ name: 'bullmq', server, poolSize: 2, concurrency: 1, capacity: 2, kind: 'process' } as const]),
  ]),
];

/** Those on which rules are tested that do not depend on the number of tasks in flight: with most of them. */
const WIDEST = CONFIGURATIONS.filter(
  ({ name, server, capacity }) =>
    !CONFIGURATIONS.some((other) => other.name === name && other.server === server && other.capacity > capacity),
);

const open = new Set<BatchStrategy>();
afterEach(async () => {
  await Promise.all([...open].map((strategy) => strategy.close()));
  open.clear();
});

async function openConfiguration(
  { name, server, poolSize, concurrency }: Configuration,
  source: string,
  transferOf?: (input: unknown) => readonly ArrayBuffer[],
): Promise<BatchStrategy> {
  const openStrategy = await { ...strategies, ...queues }[name]();
  const lane = {
    workload: { url: await folder.module(source) },
    params: {},
    services: {},
    cell: 'work/cell',
    concurrency,
  };
  const queue = { kind: server, template, name: 'test', lockMs: 60_000, mostTasks: 100 };
  const strategy = await openStrategy(lane, { poolSize, atomics: 'sync', transferOf, queue });
  open.add(strategy);
  return strategy;
}

const tasksOf = (inputs: readonly unknown[]): Task[] =>
  inputs.map((input, index) => ({ index, input, traced: false, verified: true }));

function digests(records: readonly TaskRecord[]): string[] {
  return records.map(({ reply }) =>
    reply.status === 'ok' ? String(reply.digest) : `${reply.status}: ${reply.error.message}`,
  );
}

/** The largest number of tasks that ran at once. */
function mostRunning(records: readonly TaskRecord[]): number {
  const spans = records.flatMap(({ reply }) => (reply.status === 'ok' ? [reply] : []));
  return Math.max(
    ...spans.map(
      ({ startedNs }) => spans.filter((other) => other.startedNs <= startedNs && startedNs < other.finishedNs).length,
    ),
  );
}

/** What a task of the shared lanes does. */
const ACTIONS = `{
  twice: async (input) => ({ twice: input * 2 }),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms, ms)),
  lane: async (_, { lane }) => { await new Promise((resolve) => setTimeout(resolve, 50)); return lane },
  throw: () => { throw new RangeError("zero") },
  burn: () => { const from = process.cpuUsage(); while (process.cpuUsage(from).user < 50_000); },
}`;
type Action = 'twice' | 'wait' | 'lane' | 'throw' | 'burn';

const asked = (action: Action, inputs: readonly number[], { traced = false } = {}): Task[] =>
  tasksOf(inputs.map((input) => ({ action, input }))).map((task) => ({ ...task, traced }));

const title = ({ name, server, poolSize, concurrency }: Configuration): string =>
  `${name}${server === undefined ? '' : ` on ${server}`} with ${poolSize} lanes of ${concurrency} in flight`;

const titled = (all: readonly Configuration[]) => all.map((one) => [title(one), one] as const);

describe.each(titled(CONFIGURATIONS))('%s', (_title, configuration) => {
  // Most of what these rules take is the start of lanes.
  let strategy: BatchStrategy;
  beforeAll(async () => {
    strategy = await openConfiguration(
      configuration,
      `const actions = ${ACTIONS}; export default { task: ({ action, input }, context) => actions[action](input, context) }`,
    );
    open.delete(strategy);
  });
  afterAll(() => strategy.close());

  it('gives one record per task, in order, with the result of its own input', async () => {
    expect(digests(await strategy.run(asked('twice', [1, 2, 3, 4, 5, 6])))).toEqual(
      [2, 4, 6, 8, 10, 12].map((twice) => `{"twice":${twice}}`),
    );
    expect(digests(await strategy.run(asked('twice', [7])))).toEqual(['{"twice":14}']);
  });

  it('runs as many tasks at once as its lanes and their concurrency allow', async () => {
    // Longer than the start of a lane, so that lanes that are started per task overlap, too.
    const records = await strategy.run(asked('wait', Array<number>(6).fill(strategy.keepsLanes ? 150 : 1000)));
    expect(mostRunning(records)).toBe(configuration.capacity);
  });

  it('takes the timestamps submitted, started, finished, digested and received in this order, on one clock', async () => {
    const beforeNs = Number(process.hrtime.bigint());
    const records = await strategy.run(asked('wait', [5, 5, 5, 5]));
    const afterNs = Number(process.hrtime.bigint());
    for (const { submittedNs, receivedNs, reply } of records) {
      if (reply.status !== 'ok') throw new Error(reply.status);
      const stamps = [beforeNs, submittedNs, reply.startedNs, reply.finishedNs, reply.digestedNs, receivedNs, afterNs];
      expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    }
  });

  it('calls back once, after the last result of a batch', async () => {
    const calledNs: number[] = [];
    const records = await strategy.run(asked('wait', [5, 1, 5, 1]), undefined, () => {
      calledNs.push(Number(process.hrtime.bigint()));
    });
    expect(calledNs).toHaveLength(1);
    expect(calledNs[0]).toBeGreaterThanOrEqual(Math.max(...records.map(({ receivedNs }) => receivedNs)));
  });

  it('uses every lane, and reports which', async () => {
    const records = await strategy.run(asked('lane', [0, 0, 0, 0, 0, 0]));
    const lanes = new Set(digests(records));
    expect([...lanes].toSorted()).toEqual(
      Array.from({ length: configuration.poolSize }, (_, index) => `{"index":${index},"kind":"${configuration.kind}"}`),
    );
    expect(strategy.laneKind).toBe(configuration.kind);
  });

  it('reports the lane and the error of a task that throws', async () => {
    const records = await strategy.run(asked('throw', [0]));
    expect(records[0]?.reply).toMatchObject({ status: 'failed', error: { name: 'RangeError', message: 'zero' } });
  });

  it('counts the CPU time of its lanes, its own or the process’s', async () => {
    const [before, ownBefore] = [await strategy.usage(), process.cpuUsage()];
    await strategy.run(asked('burn', [0, 0]));
    const own = process.cpuUsage(ownBefore);
    const cpuMs = (await strategy.usage()).cpuMs - before.cpuMs + (own.user + own.system) / 1000;
    // Each task runs until its process has used 50 ms.
    expect(cpuMs).toBeGreaterThanOrEqual(50);
  });

  it('records when a traced task ran', async () => {
    const [record] = await strategy.run(asked('wait', [5], { traced: true }));
    expect(record?.reply).toHaveProperty('runs');
  });
});

describe.each(titled(WIDEST))('%s, once', (_title, configuration) => {
  it.runIf(configuration.capacity > 1)('reports a failed task even if another one waits forever', async () => {
    const waiting = await openConfiguration(
      configuration,
      'export default (input) => { if (input === 0) throw new Error("boom"); return new Promise(() => undefined); }',
    );
    const records = await waiting.run(tasksOf([0, 1]));
    expect(records[0]?.reply).toMatchObject({ status: 'failed', error: { message: 'boom' } });
  });

  describe('what its lanes return', () => {
    let echoing: BatchStrategy;
    beforeAll(async () => {
      echoing = await openConfiguration(
        configuration,
        `export default {
          task: (input) => (input === 'function' ? { f: () => 1, sum: 3 } : input),
          digest: (output) => output?.sum ?? output,
        }`,
      );
      open.delete(echoing);
    });
    afterAll(() => echoing.close());

    it('preserves every kind of value that structured clone supports', async () => {
      const values = [
        undefined,
        null,
        -0,
        Number.NaN,
        'ü',
        10n,
        new Map([[1, new Set([2])]]),
        new Date(0),
        new Uint8Array([1, 2]),
        'x'.repeat(5000),
        { deep: [{ er: 1 }] },
      ];
      const here = await openConfiguration(
        { name: 'sequential', poolSize: 1, concurrency: 1, capacity: 1, kind: 'main' },
        'export default (input) => input',
      );
      expect(digests(await echoing.run(tasksOf(values)))).toEqual(digests(await here.run(tasksOf(values))));
    });

    it.each([true, false])('keeps of each output whether it has content (verified: %s)', async (verified) => {
      const values = [undefined, null, [], {}, [0], { a: 1 }, 0, 'x', new Map()];
      const records = await echoing.run(tasksOf(values).map((task) => ({ ...task, verified })));
      const has = records.map(({ reply }) => reply.status === 'ok' && (reply.output === true || undefined));
      // Undefined, as a brief reply without an output has it, or false.
      expect(has.map(Boolean)).toEqual([false, false, false, false, true, true, true, true, true]);
    });

    it('reports an output that cannot be cloned', async () => {
      const [record] = await echoing.run(tasksOf(['function']));
      // On the main thread, nothing is cloned.
      expect(record?.reply.status === 'ok').toBe(configuration.kind === 'main');
    });
  });

  describe('the life of its lanes', () => {
    const TASKS = [0, 0, 0, 0];
    let keepsLanes: boolean;
    let words: readonly string[];
    let results: readonly string[];
    let errors: readonly Error[];
    beforeAll(async () => {
      const log = await folder.file(
        `log-${configuration.name}-${configuration.server}-${configuration.concurrency}.txt`,
        '',
      );
      const note = (word: string): string => `appendFileSync(${JSON.stringify(log)}, '${word} ')`;
      const strategy = await openConfiguration(
        configuration,
        `import { appendFileSync } from 'node:fs';
        export default {
          setup: () => ${note('setup')},
          task: () => { ${note('task')}; return process.pid; },
          teardown: () => { ${note('teardown')}; throw new Error('no end'); },
        }`,
      );
      keepsLanes = strategy.keepsLanes;
      results = digests(await strategy.run(tasksOf(TASKS)));
      errors = await strategy.close();
      open.delete(strategy);
      words = readFileSync(log, 'utf8').trim().split(' ');
    });

    it('runs setup once per lane before the first task, and teardown when it closes', () => {
      const lanes = keepsLanes ? configuration.poolSize : TASKS.length;
      expect(words.filter((word) => word === 'setup')).toHaveLength(lanes);
      expect(words.filter((word) => word === 'teardown')).toHaveLength(lanes);
      expect(words[0]).toBe('setup');
      expect(words.at(-1)).toBe('teardown');
    });

    it('leaves no process behind after closing', () => {
      const ids = new Set(results.map(Number));
      ids.delete(process.pid);
      expect(ids.size > 0).toBe(configuration.kind === 'process');
      for (const id of ids) expect(() => process.kill(id, 0)).toThrow('ESRCH');
    });

    it('reports a teardown that throws, and keeps the results', () => {
      expect(results.map((id) => Number.isInteger(Number(id)))).toEqual(TASKS.map(() => true));
      expect(errors.map(({ message }) => message)).toContain('no end');
    });
  });

  // On the main thread, that would end the tests.
  it.skipIf(configuration.kind === 'main')('fails to open if a lane ends in its setup', async () => {
    const outcome = await openConfiguration(configuration, 'export default { setup() { process.exit(3) }, task() {} }')
      .then((strategy) => strategy.run(tasksOf([0])))
      .then(digests, (error: Error) => [error.message]);
    expect(outcome[0]).toMatch(/ended with exit code 3/);
  });

  it('fails to open if a lane cannot load the workload', async () => {
    // Strategies that start a lane per task only load it with the first task.
    const outcome = await openConfiguration(
      configuration,
      'export default { setup() { throw new Error("no setup") }, task() {} }',
    )
      .then((strategy) => strategy.run(tasksOf([0])))
      .then(digests, (error: Error) => [error.message]);
    expect(outcome[0]).toContain('no setup');
  });
});

describe('worker-threads', () => {
  it('moves the objects that the workload lists in `transfer`', async () => {
    const configuration = { name: 'worker-threads', poolSize: 1, concurrency: 1, capacity: 1, kind: 'thread' } as const;
    const strategy = await openConfiguration(configuration, 'export default (bytes) => bytes.length', (input) =>
      input instanceof Uint8Array && input.buffer instanceof ArrayBuffer ? [input.buffer] : [],
    );
    const input = new Uint8Array(10);
    expect(digests(await strategy.run(tasksOf([input])))).toEqual(['10']);
    expect(input.byteLength).toBe(0);
  });
});

describe('an output of Piscina.move', () => {
  /** The digest contains the current length of the array that the previous task has returned. */
  const source = `import { move } from '${import.meta.resolve('piscina')}';
    let last;
    let before;
    const task = () => {
      before = last?.byteLength ?? null;
      last = new Uint8Array(9);
      return move(last);
    };
    export default { task, digest: (bytes) => [bytes.byteLength, before] };`;

  it.each([
    ['worker-threads', 0],
    ['event-loop', 9],
    ['child-processes', 9],
  ] as const)('is the result itself, which only a thread gives away: %s', async (name, lengthAfterwards) => {
    const strategy = await openConfiguration(
      { name, poolSize: 1, concurrency: 1, capacity: 1, kind: 'thread' },
      source,
    );
    expect(digests(await strategy.run(tasksOf([0, 0])))).toEqual(['[9,null]', `[9,${lengthAfterwards}]`]);
  });
});

describe('a child in an infinite loop', () => {
  it('ends with the process that started it', async () => {
    const task = await folder.module('process.stdout.write(`${process.pid} `); export default () => { for (;;); }');
    const lane = { workload: { url: task }, params: {}, services: {}, cell: 'work/cell', concurrency: 1 };
    const opener = new URL('../../dist/src/lanes/child-processes.js', import.meta.url).href;
    const script = `import { openChildProcesses } from ${JSON.stringify(opener)};
      const pool = await openChildProcesses(${JSON.stringify(lane)}, { poolSize: 1, atomics: 'sync', transferOf: undefined });
      void pool.run([{ index: 0, input: 0, traced: false, verified: true }]);
      setTimeout(() => process.exit(0), 300);`;
    const file = await folder.file('starts-a-child.mjs', script);
    const { stdout } = await runProgram(process.execPath, [file]);
    const id = Number(stdout);
    expect(id).toBeGreaterThan(1);
    await expect.poll(() => isAlive(id), { timeout: 5000 }).toBe(false);
  });

  function isAlive(id: number): boolean {
    try {
      return process.kill(id, 0);
    } catch {
      return false;
    }
  }
});

describe('a lane that ends between two batches', () => {
  it.each(['worker-threads', 'child-processes'] as const)(
    'is an error and not replaced silently in %s',
    async (name) => {
      const configuration = { name, poolSize: 1, concurrency: 1, capacity: 1, kind: 'thread' } as const;
      // The event loop of a thread that waits for work must run for its timer to fire.
      const openStrategy = await strategies[name]();
      const url = await folder.module('export default () => { setTimeout(() => process.exit(5), 20); return 1 }');
      const lane = {
        workload: { url },
        params: {},
        services: {},
        cell: 'work/cell',
        concurrency: configuration.concurrency,
      };
      const strategy = await openStrategy(lane, { poolSize: 1, atomics: 'disabled', transferOf: undefined });
      open.add(strategy);
      expect(digests(await strategy.run(tasksOf([0])))).toEqual(['1']);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(digests(await strategy.run(tasksOf([0])))[0]).toMatch(/^lost: .*ended with exit code 5/);
    },
  );
});

describe.each(Object.keys(strategies) as (keyof typeof strategies)[])('a batch of %s whose tasks may throw', (name) => {
  const source = `export default (n) => { if (n % 2 === 1) throw new RangeError('odd'); return n; }`;
  const statuses = async (goesOn: boolean): Promise<readonly string[]> => {
    const openStrategy = await strategies[name]();
    const url = await folder.module(source);
    const lane = { workload: { url }, params: {}, services: {}, cell: 'work/cell', concurrency: 1 };
    const strategy = await openStrategy(lane, { poolSize: 1, atomics: 'sync', transferOf: undefined, goesOn });
    open.add(strategy);
    return (await strategy.run(tasksOf([0, 1, 2, 3, 4, 5]))).map(({ index, reply }) => `${index} ${reply.status}`);
  };

  it('goes on after each of them, and otherwise ends with the first', async () => {
    expect(await statuses(true)).toEqual(['0 ok', '1 failed', '2 ok', '3 failed', '4 ok', '5 failed']);
    expect(await statuses(false)).toEqual(expect.arrayContaining(['0 ok', '1 failed']));
  });
});

describe('a task that leaves an unhandled rejection behind its result', () => {
  const source = `export default () => { Promise.reject(new Error('nobody listens')); return 1; }`;
  const MESSAGE = /^nobody listens \(uncaught: it ended the (?:thread|process)\)$/;
  const settings = { poolSize: 1, concurrency: 1, capacity: 1, kind: 'thread' } as const;

  it('ends an idle thread of Piscina once it catches up, and not before', async () => {
    const strategy = await openConfiguration({ ...settings, name: 'worker-threads' }, source);
    expect(digests(await strategy.run(tasksOf([0, 1])))).toEqual(['1', '1']);
    await expect(strategy.catchUp?.()).rejects.toThrow(MESSAGE);
    expect(digests(await strategy.run(tasksOf([0])))[0]).toMatch(/^lost: nobody listens/);
    // Reported by now.
    await expect(strategy.close()).resolves.toEqual([]);
  });

  it('is none of a teardown, whose rest no strategy waits for', async () => {
    const late = `export default { task: () => 1, teardown: () => void setTimeout(() => { throw new Error('late'); }, 0) }`;
    const strategy = await openConfiguration({ ...settings, name: 'worker-threads' }, late);
    await strategy.run(tasksOf([0]));
    open.delete(strategy);
    await expect(strategy.close()).resolves.toEqual([]);
  });

  it('is an error of closing a pool of threads that has not caught up', async () => {
    const strategy = await openConfiguration({ ...settings, name: 'worker-threads' }, source);
    await strategy.run(tasksOf([0]));
    open.delete(strategy);
    await expect(strategy.close()).rejects.toThrow(MESSAGE);
  });

  it.each(['thread-per-task', 'process-per-task'] as const)('loses the task in %s', async (name) => {
    const strategy = await openConfiguration({ ...settings, name }, source);
    const [record] = await strategy.run(tasksOf([0]));
    expect(record?.reply).toMatchObject({ status: 'lost', error: { message: expect.stringMatching(MESSAGE) } });
  });
});

describe('a lane that ends before it answers', () => {
  it.each([
    ['worker-threads', 'process.exit(3)', /exit|terminat/i],
    ['child-processes', 'process.exit(3)', /ended with exit code 3/],
    ['child-processes', 'process.kill(process.pid, "SIGKILL")', /ended with signal SIGKILL/],
    ['thread-per-task', 'process.exit(3)', /ended with exit code 3/],
    ['process-per-task', 'process.exit(3)', /ended with exit code 3/],
  ] as const)('loses its task in %s, and says how: %s', async (name, body, message) => {
    const started = performance.now();
    const strategy = await openConfiguration(
      { name, poolSize: 1, concurrency: 1, capacity: 1, kind: 'process' },
      `export default () => { ${body} }`,
    );
    const [record] = await strategy.run(tasksOf([0]));
    expect(record?.reply).toMatchObject({ status: 'lost', error: { message: expect.stringMatching(message) } });
    // Not because of a timeout.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
