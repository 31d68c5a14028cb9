/** Runs whose workers of bullmq are also on other machines: here, other processes of this one. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Redis as RedisClient } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/index.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { interruptAfterBlock, lanewise } from '../support/lanewise.js';
import { useMachines, type Running } from '../support/machines.js';
import { useTempFolder } from '../support/temp-folder.js';

const { Redis } = createRequire(import.meta.url)('ioredis') as { readonly Redis: typeof RedisClient };

const folder = useTempFolder();
const server = await startQueueServer('redis').catch(() => undefined);
const { url = '' } = server ?? {};
const LEAST = '-n 4 -p 1 --blocks 6 --rounds 1 --preset quick --no-lock --no-upper-bound'.split(' ');
const env = { LANEWISE_QUEUE_URL: url, LANEWISE_ALLOW_BUSY: '1' };

const startOn = useMachines(folder);
const start = (args: readonly string[], machine: string): Running => startOn(args, { machine, env });
afterAll(() => server?.close());

/** A run that waits for a machine, and the argument of the worker that joins it. */
async function invited(...args: readonly string[]): Promise<{ readonly run: Running; readonly address: string }> {
  const run = start(['run', '-s', 'bullmq', ...LEAST, ...args, '--out', 'out'], 'a');
  return { run, address: await run.says(/worker --join '(\S*#\S+)'/) };
}

function resultsOf(): Results {
  return JSON.parse(readFileSync(join(folder.path, 'a/out/results.json'), 'utf8')) as Results;
}

function writeTask(machine: string, text: string): void {
  mkdirSync(join(folder.path, machine), { recursive: true });
  writeFileSync(join(folder.path, machine, 'task.mjs'), text);
}

const VANISHING = `export default (ms) => {
  if (process.env.VANISHES === '1') process.kill(process.ppid, 'SIGKILL');
  return new Promise((done) => setTimeout(done, ms));
};`;
const IS_LINUX = process.platform === 'linux';
const SQUARE = 'export default (n) => n * n;';

describe.skipIf(server === undefined)('bullmq on several machines', { timeout: 120_000 }, () => {
  it('is measured with another machine, which joins by the line that is printed, and leaves no secret and no key', async () => {
    for (const machine of ['a', 'b']) writeTask(machine, SQUARE);
    const { run, address } = await invited('./task.mjs', '--input', '3', '-c', '1', '--machines', '1', '--blocks', '1');
    const worker = start(['worker', '--join', address], 'b');
    const [ran, joined] = await Promise.all([run.outcome, worker.outcome]);
    expect([ran.status, joined.status]).toEqual([0, 0]);
    expect(ran.stderr).toMatch(/Machine b joined: Node v\d+/);
    expect(joined.stderr).toMatch(/Joined as machine b\.[^]*The run is over\./);

    const { cells, options } = resultsOf();
    expect(cells.map(({ id, poolSize, machines, status }) => [id, poolSize, machines, status])).toEqual([
      ['task/bullmq@2~machines1', 2, 1, 'ok'],
    ]);
    const spread = cells.at(-1);
    if (spread?.status !== 'ok') throw new Error('it failed');
    // All is used here, so that none of it is taken for that of other programs.
    expect(spread.samples.every(({ elsewhereMs }) => elsewhereMs === undefined)).toBe(IS_LINUX);
    expect(spread.samples.every(({ disorderedStamps }) => disorderedStamps === undefined)).toBe(true);
    expect(spread.summary.memoryMiB).toBeNull();
    const here = { name: 'b', node: process.version, ...(IS_LINUX && { sharesCpus: true }) };
    expect(options.queue?.joined).toEqual([expect.objectContaining(here)]);
    expect(options.machines).toEqual([1]);

    const kept = `${ran.stdout}${readFileSync(join(folder.path, 'a/out/results.json'), 'utf8')}`;
    // Its digits alone may be those of a figure.
    const { password, port } = new URL(url);
    for (const secret of [address.split('#')[1] ?? '', password, `:${port}`, `port ${port}`])
      expect(kept).not.toContain(secret);
    const client = new Redis(url);
    expect(await client.keys('*')).toEqual([]);
    client.disconnect();
  });

  it('fails with the machine that left and its task, while the other configurations are measured', async () => {
    // On the other machine, it kills the parent of its worker, which is `lanewise worker`.
    for (const machine of ['a', 'b']) writeTask(machine, VANISHING);
    const { run, address } = await invited('./task.mjs', '--input', '100', '-c', '1', '--machines', '0,1');
    startOn(['worker', '--join', address], { machine: 'b', env: { ...env, VANISHES: '1' } });
    // What is left has nothing to be compared with.
    interruptAfterBlock(run.child, join(folder.path, 'a/out'));
    const { status } = await run.outcome;
    // Interrupted then, except on Windows.
    expect([1, 130]).toContain(status);
    const byId = new Map(resultsOf().cells.map((cell) => [cell.id, cell]));
    expect(byId.get('task/bullmq@2~machines1')).toMatchObject({
      status: 'failed',
      error: { message: 'machine b left', task: expect.any(Number) as number, lane: { kind: 'process', index: 1 } },
    });
    expect(byId.get('task/bullmq@1')).toMatchObject({ status: 'ok' });
  });

  it('refuses a copy of the module that differs, on both sides, and goes on waiting', async () => {
    writeTask('a', SQUARE);
    writeTask('b', 'export default (n) => n ** 2;');
    const { run, address } = await invited('./task.mjs', '--input', '3', '--machines', '1');
    const refused = await start(['worker', '--join', address], 'b').outcome;
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^lanewise: task\.mjs differs between the two machines/m);
    await run.says(/Refused a machine: task\.mjs differs/);

    copyFileSync(join(folder.path, 'a/task.mjs'), join(folder.path, 'b/task.mjs'));
    start(['worker', '--join', address], 'b');
    await run.says(/Machine b joined/);
    run.child.kill('SIGINT');
    await run.outcome;
  });

  it('admits nobody with another token, and ends by Ctrl-C while it waits', async () => {
    const { run, address } = await invited('noop', '--machines', '1');
    const worker = start(['worker', '--join', address.replace(/#.*/, '#another-token')], 'b');
    const { status, stderr } = await worker.outcome;
    expect(status).toBe(2);
    expect(stderr).toMatch(/No run waits for this machine/);
    run.child.kill('SIGINT');
    expect((await run.outcome).status).toBe(130);
  });
});

describe('machines that cannot join', () => {
  it.each([
    [['run', 'noop', '-s', 'bullmq', '--machines', '1'], /--machines needs a server that the other machines reach/],
    [
      ['run', 'noop', '-s', 'bullmq', '--machines', '1', '--queue-url', 'redis://10.255.255.1'],
      /Refused --queue-url: .*needs TLS/,
    ],
    [['run', 'noop', '-s', 'event-loop', '--machines', '1'], /--machines is for the strategy bullmq/],
    [['run', 'noop', '-s', 'bullmq', '--machines', '1', '--runtime', 'node'], /without --runtime/],
    [['worker', '--join', 'redis://localhost'], /Invalid --join: paste the line/],
    [['worker', '--join', 'redis://10.255.255.1#abc'], /needs TLS \(rediss:\/\/\) and a password/],
    [['worker', '--join', '#abc'], /Set LANEWISE_QUEUE_URL/],
  ])('are refused at once: %s', async (args, why) => {
    const { status, stderr } = await lanewise(args, { cwd: folder.path, env: { LANEWISE_QUEUE_URL: '' } });
    expect(status).toBe(2);
    expect(stderr).toMatch(why);
  });
});
