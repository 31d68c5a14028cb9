import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { PoolError, ProcessPool, type ProcessPoolOptions } from '../../dist/src/pool.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const open = new Set<ProcessPool>();
afterEach(async () => {
  await Promise.all([...open].map((pool) => pool.destroy()));
  open.clear();
});

async function poolOf(source: string, options: Partial<ProcessPoolOptions> = {}): Promise<ProcessPool> {
  const pool = new ProcessPool({ filename: await folder.module(source), processes: 2, ...options });
  open.add(pool);
  return pool;
}

const ECHO = 'export default (input) => input;';
const WAIT = 'export default (ms) => new Promise((done) => setTimeout(done, ms, ms));';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('a task that uses the descriptor of its process', () => {
  it.each([
    [
      'writeSync(3, "oops")',
      /ended with signal SIGKILL .*: ProtocolError: its process wrote to descriptor 3, which is Lanewise’s own/,
    ],
    ['closeSync(3)', /ended with exit code 1 before the task was done/],
  ])('is lost alone: %s', async (code, message) => {
    const pool = await poolOf(
      `import { closeSync, writeSync } from 'node:fs'; export default (n) => { if (n === 0) ${code}; return n; };`,
    );
    const ended = await Promise.allSettled([0, 1, 2, 3].map((n) => pool.run(n)));
    expect(ended.slice(1)).toEqual([1, 2, 3].map((value) => ({ status: 'fulfilled', value })));
    expect(ended[0]).toMatchObject({
      status: 'rejected',
      reason: { code: 'ERR_POOL_CHILD_ENDED', message: expect.stringMatching(message) },
    });
  });
});

describe('a task', () => {
  it('has the result of its own input, whichever task ends first', async () => {
    const pool = await poolOf(WAIT);
    expect(await Promise.all([60, 1, 30, 2].map((ms) => pool.run(ms)))).toEqual([60, 1, 30, 2]);
  });

  it('takes and returns every kind of value that structured clone supports, even if JSON does not', async () => {
    const pool = await poolOf(ECHO);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const values = [
      undefined,
      null,
      -0,
      Number.NaN,
      'ü\n',
      'x'.repeat(5000),
      10n,
      new Map([[1, new Set([2])]]),
      new Date(0),
      /a+/gi,
      new Uint8Array([1, 2]),
      Buffer.from('buffer'),
      new RangeError('no error here'),
      circle,
      { deep: [{ er: 1 }], not: undefined },
    ];
    expect(await Promise.all(values.map((value) => pool.run(value)))).toEqual(values);
    expect(await pool.run(-0)).toBe(-0);
    expect(Buffer.isBuffer(await pool.run(Buffer.from('x')))).toBe(true);
  });

  it('is called with its input alone, as Piscina calls it', async () => {
    const pool = await poolOf('export default (...all) => all.length;');
    expect(await pool.run('input')).toBe(1);
  });

  it('can be another export of the file, or a promise of a function', async () => {
    const pool = await poolOf('export default Promise.resolve((n) => n); export const twice = async (n) => n * 2;');
    expect([await pool.run(3), await pool.run(3, { name: 'twice' })]).toEqual([3, 6]);
    const named = await poolOf('export const twice = (n) => n * 2;', { name: 'twice' });
    expect(await named.run(4)).toBe(8);
    expect(await thrownBy(pool.run(3, { name: 'thrice' }))).toMatchObject({ message: /no export "thrice"/ });
    expect(await pool.run(5)).toBe(5);
  });

  it('finds the workerData, environment and flags of the pool', async () => {
    const source = `import { workerData } from 'node:worker_threads';
      export default () => [workerData, process.env.MINE, process.env.PATH, process.execArgv];`;
    const workerData = new Map([['a', 1]]);
    const pool = await poolOf(source, { workerData, env: { MINE: 'yes' }, execArgv: ['--stack-size=900'] });
    expect(await pool.run(0)).toEqual([workerData, 'yes', undefined, ['--stack-size=900']]);
  });

  it('may come from a file that listens for messages of its process, or removes all listeners', async () => {
    const pool = await poolOf(`
      process.on('message', () => { throw new Error('not for me'); });
      process.send?.('hello');
      export default (n) => { process.removeAllListeners('message'); process.disconnect?.(); return [n]; };`);
    expect(await Promise.all([[1], [2], [3]].map((n) => pool.run(n)))).toEqual([[[1]], [[2]], [[3]]]);
  });

  it('runs concurrently with as many others as the concurrency of its process allows', async () => {
    const source = `let running = 0;
      export default async () => { running++; await new Promise((done) => setTimeout(done, 100)); return running--; };`;
    const most = async (options: Partial<ProcessPoolOptions>): Promise<number> => {
      const pool = await poolOf(source, options);
      return Math.max(...(await Promise.all(Array.from({ length: 6 }, () => pool.run(0)))).map(Number));
    };
    expect(await most({ processes: 1 })).toBe(1);
    expect(await most({ processes: 1, concurrency: 3 })).toBe(3);
    expect(await most({ processes: 2, concurrency: 3 })).toBe(3);
  });

  it('rejects with the thrown error: class or name, message, stack, code and cause', async () => {
    const pool = await poolOf(`
      class TooSmall extends Error { name = 'TooSmall'; }
      export default (what) => {
        if (what === 'range') throw Object.assign(new RangeError('too much'), { code: 'E_MUCH', limit: 3, on: () => 1 });
        if (what === 'own') throw new TooSmall('too small', { cause: new TypeError('deeper', { cause: 'deepest' }) });
        if (what === 'all') throw new AggregateError([new Error('one'), 'two'], 'several');
        if (what === 'data') throw new Error('failed', { cause: { code: 1, nested: new Map([['a', 1]]) } });
        if (what === 'call') throw new Error('failed', { cause: { call() {} } });
        if (what === 'circle') { const error = new Error('round'); error.cause = error; throw error; }
        if (what === 'abort') throw AbortSignal.abort().reason;
        if (what === 'list') throw Object.assign(new TypeError('bad'), { errors: ['a', new Error('b')] });
        return Promise.reject(what);
      };`);
    const range = await thrownBy(pool.run('range'));
    expect(range).toBeInstanceOf(RangeError);
    expect(range).toMatchObject({
      message: 'too much',
      code: 'E_MUCH',
      limit: 3,
      stack: /^RangeError: too much\n +at /,
    });
    expect(range).not.toHaveProperty('on');
    const own = await thrownBy(pool.run('own'));
    expect(own).toBeInstanceOf(Error);
    expect(own).toMatchObject({ name: 'TooSmall', cause: { name: 'TypeError', message: 'deeper', cause: 'deepest' } });
    const all = await thrownBy(pool.run('all'));
    expect(all).toBeInstanceOf(AggregateError);
    expect(all).toMatchObject({ errors: [{ message: 'one' }, 'two'] });
    expect(await thrownBy(pool.run('data'))).toMatchObject({ cause: { code: 1, nested: new Map([['a', 1]]) } });
    // What cannot be sent is replaced by its text.
    expect(await thrownBy(pool.run('call'))).toMatchObject({ cause: { message: '[object Object]' } });
    expect(await thrownBy(pool.run('circle'))).toMatchObject({ message: 'round', cause: { message: 'round' } });
    expect(await thrownBy(pool.run('abort'))).toMatchObject({ name: 'AbortError', code: 20 });
    expect(await thrownBy(pool.run({ no: 'error' }))).toEqual({ no: 'error' });
    const list = await thrownBy(pool.run('list'));
    expect(list).toBeInstanceOf(TypeError);
    expect(list).toMatchObject({ message: 'bad', errors: ['a', { message: 'b' }] });
  });

  it('fails alone if its input or its output cannot be cloned', async () => {
    const pool = await poolOf('export default (input) => (input === 1 ? () => 1 : input);');
    const [own, output, input] = await Promise.allSettled([pool.run(2), pool.run(1), pool.run(() => 1)]);
    expect(own).toEqual({ status: 'fulfilled', value: 2 });
    expect(output).toMatchObject({
      reason: { name: 'DataCloneError', message: /output of the task cannot be cloned/ },
    });
    expect(input).toMatchObject({ reason: { name: 'DataCloneError', message: /input of the task cannot be cloned/ } });
    expect(await pool.run(3)).toBe(3);
  });
});

describe('an option that cannot be used', () => {
  it.each<readonly [string, object, string]>([
    ['flags that are no list', { execArgv: '--x' }, '`execArgv` must be a list of texts'],
    ['an environment that is no object', { env: 5 }, '`env` must be an object'],
    ['an export without a name', { name: '' }, '`name` must be a string'],
    ['data that cannot be sent', { workerData: () => 1 }, '`workerData` cannot be sent to a process: '],
  ])('is refused before a process starts: %s', (_what, options, message) => {
    expect(() => new ProcessPool({ filename: '/work.js', ...options })).toThrow(message);
    expect(() => new ProcessPool({ filename: '/work.js', ...options })).toThrow(TypeError);
  });

  it.each<readonly [unknown, string]>([
    [null, 'The options of a task must be an object.'],
    [{ signal: 5 }, '`signal` must be an AbortSignal.'],
    [{ transferList: [] }, 'There is no option `transferList` here: use `signal`, `name`.'],
    [{ name: 5 }, '`name` must be a string'],
  ])('rejects its task alone: %j', async (options, message) => {
    const pool = await poolOf(ECHO);
    const thrown = await thrownBy(pool.run(1, options as never));
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(message) });
    expect(await pool.run(2)).toBe(2);
  });

  it('names the other exports as an option has them, and not a path', async () => {
    const pool = await poolOf(`${ECHO} export const other = () => 2;`);
    expect(await thrownBy(pool.run(1, { name: 'nope' }))).toMatchObject({
      message: 'it has no export "nope"; give the `name` of another of its exports: other',
    });
    expect(await pool.run(1, { name: 'other' })).toBe(2);
  });
});

describe('a signal', () => {
  const SPIN = `export default async (ms) => {
    if (ms < 0) for (;;);
    return new Promise((done) => setTimeout(done, ms, ms));
  };`;

  it('removes a queued task at once, and kills no process', async () => {
    const pool = await poolOf(SPIN, { processes: 1 });
    await pool.ready;
    const [before] = pool.processIds;
    const abort = new AbortController();
    const running = pool.run(200);
    const waiting = thrownBy(pool.run(1, { signal: abort.signal }));
    const behind = pool.run(2);
    expect(pool.queueSize).toBe(2);
    abort.abort(new Error('changed my mind'));
    expect(pool.queueSize).toBe(1);
    expect(await waiting).toMatchObject({
      name: 'AbortError',
      code: 'ABORT_ERR',
      cause: { message: 'changed my mind' },
    });
    expect(await Promise.all([running, behind])).toEqual([200, 2]);
    expect(pool.processIds).toEqual([before]);
  });

  it('kills the process of a running task, even in an infinite loop, and replaces it', async () => {
    const pool = await poolOf(SPIN, { processes: 1 });
    await pool.ready;
    const [before = 0] = pool.processIds;
    const abort = new AbortController();
    const running = thrownBy(pool.run(-1, { signal: abort.signal }));
    const next = pool.run(5);
    await wait(100);
    abort.abort();
    expect(await running).toMatchObject({ name: 'AbortError', cause: { name: 'AbortError' } });
    expect(await next).toBe(5);
    expect(pool.processIds).not.toContain(before);
    expect(isRunning(before)).toBe(false);
  });

  it('loses no other task, since a task with a signal does not share its process', async () => {
    const pool = await poolOf(SPIN, { processes: 1, concurrency: 4 });
    const abort = new AbortController();
    const all = [pool.run(50), pool.run(-1, { signal: abort.signal }), pool.run(10), pool.run(11)].map(thrownBy);
    await all[0];
    await wait(100);
    abort.abort();
    expect(await Promise.all(all)).toEqual([
      undefined,
      expect.objectContaining({ name: 'AbortError' }),
      undefined,
      undefined,
    ]);
  });

  it('can be shared by many tasks without a leak warning, and aborts all that remain', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const pool = await poolOf(SPIN);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 20 }, () => pool.run(1, { signal })));
    const abort = new AbortController();
    const all = Array.from({ length: 20 }, () => thrownBy(pool.run(60_000, { signal: abort.signal })));
    await wait(50);
    abort.abort();
    for (const error of await Promise.all(all)) expect(error).toMatchObject({ name: 'AbortError' });
    expect(pool.queueSize).toBe(0);
    expect(await pool.run(2)).toBe(2);
    process.off('warning', note);
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
  });

  it('that is aborted before or too late has no other effect', async () => {
    const pool = await poolOf(ECHO);
    const late = new AbortController();
    expect(await pool.run(1, { signal: late.signal })).toBe(1);
    late.abort();
    expect(await thrownBy(pool.run(2, { signal: late.signal }))).toMatchObject({ name: 'AbortError' });
    expect(await pool.run(3)).toBe(3);
  });
});

describe('a process that ends', () => {
  const ENDS = `export default (how) => {
    if (how === 'exit') process.exit(3);
    if (how === 'crash') process.kill(process.pid, 'SIGKILL');
    if (how === 'uncaught') { setTimeout(() => { throw new TypeError('later'); }); return new Promise(() => {}); }
    return how;
  };`;

  it.each([
    ['exit', { exitCode: 3, signal: null }],
    ['crash', { exitCode: null, signal: 'SIGKILL' }],
    ['uncaught', { exitCode: 1, cause: { name: 'TypeError', message: 'later' }, message: /TypeError: later/ }],
  ])('by %s fails its running task, and is replaced', async (how, expected) => {
    const pool = await poolOf(ENDS, { processes: 1 });
    const [lost, next] = await Promise.allSettled([pool.run(how), pool.run('next')]);
    expect(lost).toMatchObject({ reason: { name: 'PoolError', code: 'ERR_POOL_CHILD_ENDED', ...expected } });
    expect(next).toEqual({ status: 'fulfilled', value: 'next' });
  });

  it.runIf(process.platform !== 'win32')('between two tasks is replaced', async () => {
    const pool = await poolOf(ENDS, { processes: 1 });
    await pool.run('once');
    const [before = 0] = pool.processIds;
    process.kill(before, 'SIGKILL');
    await expect.poll(() => pool.processIds).not.toContain(before);
    expect(await pool.run('again')).toBe('again');
  });

  it('with every task is replaced every time, since crashing tasks are not failed starts', async () => {
    const pool = await poolOf(ENDS, { processes: 2 });
    const lost = await Promise.allSettled(Array.from({ length: 8 }, () => pool.run('exit')));
    expect(lost.filter(({ status }) => status === 'rejected')).toHaveLength(8);
    expect(await pool.run('fine')).toBe('fine');
  });
});

it('a task names any export, the default one by its name', async () => {
  const source = `export default () => 'own'; export const named = () => 'named'; export const other = () => 'other';`;
  const named = await poolOf(source, { name: 'named', processes: 1 });
  const called = (pool: ProcessPool) =>
    Promise.all([undefined, 'default', 'named', 'other'].map((name) => pool.run(0, { name })));
  expect(await called(named)).toEqual(['named', 'own', 'named', 'other']);
  expect(await called(await poolOf(source, { processes: 1 }))).toEqual(['own', 'own', 'named', 'other']);
});

it('an input that no serializer takes fails with the reason', async () => {
  const pool = await poolOf(ECHO, { processes: 1 });
  const reason = { name: 'DataCloneError', message: /input of the task cannot be cloned/ };
  expect(await thrownBy(pool.run(new Blob(['x'])))).toMatchObject(reason);
});

it('a pool without options is refused in a sentence', () => {
  expect(() => new ProcessPool(undefined as never)).toThrow('A pool takes an object of options with a `filename`.');
});

describe('a pool that cannot start', () => {
  it.each([
    [
      'throws on import',
      "throw new SyntaxError('no good');",
      /in a row failed, the last one with SyntaxError: no good/,
    ],
    ['exits on import', 'process.exit(7);', /exit code 7/],
    ['has no such export', 'export const other = 1;', /it has no default export/],
    ['exports a workload', 'export default { setup() {}, task: (n) => n };', /exports a workload with `setup`/],
  ])('gives up after some failed starts, and reports why: its file %s', async (_what, source, message) => {
    const pool = await poolOf(source);
    const early = thrownBy(pool.run(1));
    expect(await thrownBy(pool.ready)).toMatchObject({ code: 'ERR_POOL_START', message });
    expect(await early).toMatchObject({ name: 'PoolError', code: 'ERR_POOL_START', message });
    expect(await thrownBy(pool.run(2))).toBeInstanceOf(PoolError);
    expect(pool.processIds).toEqual([]);
  });

  it('rejects soon, however many processes it has', async () => {
    // With a pause that all share, this took 27 minutes.
    const pool = await poolOf('throw new SyntaxError("no good");', { processes: 16 });
    expect(await thrownBy(pool.run(1))).toMatchObject({ code: 'ERR_POOL_START', message: /no good/ });
  }, 60_000);

  it('says why also while it is being closed', async () => {
    const pool = await poolOf('throw new SyntaxError("no good");', { processes: 1 });
    const lost = thrownBy(pool.run(1));
    await pool.close();
    expect(await lost).toMatchObject({ code: 'ERR_POOL_START', cause: { message: 'no good' } });
  });

  it('gives up on processes that end as soon as they have started', async () => {
    const pool = await poolOf('setTimeout(() => process.exit(4), 50); export default (n) => n;');
    // A task would reset the count, so none runs until no process has been started for longer than any pause.
    for (let quiet = 0; quiet < 20; quiet++) {
      await wait(100);
      if (pool.processIds.length > 0) quiet = 0;
    }
    expect(await thrownBy(pool.run(1))).toMatchObject({ code: 'ERR_POOL_START', cause: { exitCode: 4 } });
  });

  it('does not wait forever for a file that never finishes loading', async () => {
    const pool = await poolOf('await new Promise((done) => setTimeout(done, 1e6)); export default 1;', {
      startTimeoutMs: 300,
    });
    expect(await thrownBy(pool.ready)).toMatchObject({ message: /not loaded within 300 ms/ });
  });

  it.each([
    [{ filename: './worker.js' }, /must be an absolute path or a file URL/],
    [{ filename: 'https://example.org/worker.js' }, /must be an absolute path or a file URL/],
    [{ maxThreads: 2 }, /^There is no option `maxThreads` here: use `filename`, `name`, `processes`, /],
    [{ processes: 0 }, /`processes` must be a whole number from 1 to 1024, not 0/],
    [{ concurrency: 1.5 }, /`concurrency` must be a whole number/],
  ])('refuses %j at once', (options, message) => {
    expect(() => new ProcessPool({ filename: '/worker.js', ...options })).toThrow(message);
  });
});

describe('ending a pool', () => {
  it('with destroy rejects all running and queued tasks, and leaves no process', async () => {
    const pool = await poolOf('export default (ms) => { if (ms < 0) for (;;); return ms; };');
    await pool.ready;
    const ids = pool.processIds;
    const all = Array.from({ length: 20 }, () => thrownBy(pool.run(-1)));
    await wait(50);
    await pool.destroy();
    for (const error of await Promise.all(all)) expect(error).toMatchObject({ code: 'ERR_POOL_CLOSED' });
    expect(ids).toHaveLength(2);
    expect(ids.filter(isRunning)).toEqual([]);
    expect(pool.processIds).toEqual([]);
    expect(await thrownBy(pool.run(1))).toMatchObject({ message: 'the pool was destroyed' });
    await expect(pool.destroy()).resolves.toBeUndefined();
  });

  it('with destroy ends processes that are still starting', async () => {
    const pool = await poolOf(ECHO);
    const ready = thrownBy(pool.ready);
    await pool.destroy();
    expect(await ready).toMatchObject({ code: 'ERR_POOL_CLOSED' });
  });

  it('with close finishes all tasks, ends the processes cleanly, and refuses new tasks', async () => {
    const log = await folder.file('closed.txt', '');
    const pool = await poolOf(
      `import { appendFileSync } from 'node:fs';
       process.on('exit', () => appendFileSync(${JSON.stringify(log)}, 'x'));
       ${WAIT}`,
      { processes: 1 },
    );
    const all = [pool.run(30), pool.run(20)];
    const closed = pool[Symbol.asyncDispose]();
    expect(await thrownBy(pool.run(1))).toMatchObject({ code: 'ERR_POOL_CLOSED' });
    expect(await Promise.all(all)).toEqual([30, 20]);
    await closed;
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(log, 'utf8')).toBe('x');
  });

  it('closes only when what its tasks have printed is written, however slow its reader is', async () => {
    const work = await folder.file(
      'prints.mjs',
      "export default (lines) => { for (let n = 0; n < lines; n++) process.stdout.write(`${'x'.repeat(999)}\\n`); };",
    );
    const program = await folder.file(
      'printing.mjs',
      `import { ProcessPool } from ${JSON.stringify(new URL('../../dist/src/pool.js', import.meta.url).href)};
       const pool = new ProcessPool({ filename: ${JSON.stringify(work)}, processes: 1 });
       await pool.run(3000);
       await pool.close();`,
    );
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await wait(300);
    let bytes = 0;
    for await (const chunk of child.stdout) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(3_000_000);
  });

  it.runIf(process.platform === 'linux')('kills the processes that its tasks have started', async () => {
    const source = `import { spawn } from 'node:child_process';
      export default () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).pid;`;
    const [one, other] = [await poolOf(source), await poolOf(source)];
    const pids = [await one.run(0), await other.run(0)].map(Number);
    expect(pids.filter(isRunning)).toHaveLength(2);
    await one.destroy();
    await other.close();
    await expect.poll(() => pids.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });
});
