import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoadResults } from '../../dist/src/model/load.js';
import { lanewise, startLanewise } from '../support/lanewise.js';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { hasGit, runGit } from '../support/git.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
/** A flag with its value is one text. */
const load = (...args: readonly string[]) =>
  lanewise(['load', ...args.flatMap((text) => text.split(' '))], { cwd: folder.path });

async function readResults(out: string): Promise<LoadResults> {
  return JSON.parse(await readFile(join(folder.path, out, 'load.json'), 'utf8')) as LoadResults;
}

describe('lanewise load', () => {
  it('lets tasks arrive at each rate, and reports latencies and whether the objective is held', async () => {
    const { status, stdout, stderr } = await load(
      'timer --param ms=5 --rate 100,200 --objective p99<=500ms',
      '-s event-loop,worker-threads -p 1 --blocks 6 --window 40 --seed 1 --via in-process',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('timer[ms=5] (I/O-bound), Poisson arrivals, objective p99 ≤ 500 ms:');
    expect(stdout).toContain('At 100 tasks a second');
    const results = await readResults('lanewise-load');
    expect(results).toMatchObject({ schema: 'lanewise/load@1', complete: true });
    // Fewer blocks than 8 cannot show that four rates are held.
    for (const cell of results.cells) {
      expect(cell.windows).toHaveLength(8 * 2 * 2);
      for (const window of cell.windows)
        expect(window).toMatchObject({ offered: 30, sent: 30, done: 30, failed: 0, state: 'ok' });
    }
    const held = results.cells.map((cell) => cell.status === 'ok' && cell.rates.map(({ holds }) => holds));
    expect(held).toEqual([
      ['yes', 'yes'],
      ['yes', 'yes'],
    ]);
    // Each task waits 5 ms.
    const latencies = results.cells.flatMap(({ windows }) => windows.map(({ latencyMs }) => latencyMs.p50));
    for (const ms of latencies) expect(ms).toBeGreaterThanOrEqual(5);

    const again = await lanewise(['report', 'lanewise-load', '--out', 'again'], { cwd: folder.path });
    expect(again).toMatchObject({
      status: 0,
      stdout,
      stderr: `Written: ${['load.html', 'load.md', 'load.json'].map((file) => join('again', file)).join(', ')}\n`,
    });
    const json = await lanewise(['report', 'lanewise-load', '--json', '--format', 'md', '-q'], { cwd: folder.path });
    expect(JSON.parse(json.stdout)).toEqual(results);
    const csv = await lanewise(['report', 'lanewise-load', '--format', 'csv'], { cwd: folder.path });
    expect(csv).toMatchObject({ status: 2, stdout: '' });
    expect(csv.stderr).toContain('Unknown format "csv"');
    const compared = await lanewise(['compare', 'lanewise-load', 'lanewise-load'], { cwd: folder.path });
    expect(compared).toMatchObject({ status: 2, stdout: '' });
    expect(compared.stderr).toContain('lanewise-load and lanewise-load are the same run');
    const later = await folder.file(
      'later.json',
      JSON.stringify({ ...results, startedAt: '2099-01-01T00:00:00.000Z', seed: 9 }),
    );
    const twice = await lanewise(['compare', 'lanewise-load', later, '--fail-on', 'never'], { cwd: folder.path });
    expect(twice.status, twice.stderr).toBe(0);
    expect(twice.stdout).toContain('timer[ms=5]: p99 at 100 tasks a second');
  });

  it('without rates finds the one that each configuration holds, and measures around it', async () => {
    const { status, stdout, stderr } = await load(
      'timer --param ms=5 --objective p99<=200ms --via in-process -s worker-threads -p 1,2',
      '--preset quick --blocks 6 --window 40 --seed 1 --out holding',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('Rates that are held');
    const { cells, held, heldComparisons, options } = JSON.parse(
      await readFile(join(folder.path, 'holding', 'load.json'), 'utf8'),
    ) as LoadResults;
    expect(options.rates).toBeNull();
    expect(held?.map(({ blocks }) => blocks)).toEqual([6, 6]);
    expect(heldComparisons).toHaveLength(1);
    for (const [index, { windows, capacity = 0 }] of cells.entries()) {
      const search = windows.filter(({ phase }) => phase === 'search');
      expect(search.map(({ offered }) => offered)).toEqual([30, 30, 30, 30, 30, 30]);
      for (const { rate } of search) expect(rate).toBeLessThan(1.06 * capacity);
      const rates = new Set(windows.slice(search.length).map(({ rate }) => rate));
      const around = held?.[index]?.searched ?? 0;
      for (const share of [0.6, 0.8, 1, 1.27, 1.6]) expect(rates).toContain(Number((share * around).toPrecision(4)));
    }
  });

  it('says at once that no rate holds an objective shorter than one task', async () => {
    const { status, stdout, stderr } = await load(
      'timer --objective p99<=20ms --via in-process -s event-loop --preset quick --out hopeless',
    );
    expect(status, stderr).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'no rate holds it, since a task that meets no other already takes longer.',
    );
    const { cells } = JSON.parse(await readFile(join(folder.path, 'hopeless', 'load.json'), 'utf8')) as LoadResults;
    expect(cells.map(({ windows }) => windows)).toEqual([[]]);
  });

  it('counts a task that throws as missed, and not among the latencies', async () => {
    await folder.file(
      'sometimes.mjs',
      `export default { bound: 'io', tasks: 4, input: ({ index }) => index,
        async task(index) { if (globalThis.served === undefined) globalThis.served = 0;
          globalThis.served += 1; if (globalThis.served > 40 && index === 3) throw new Error('no more');
          await new Promise((resolve) => setTimeout(resolve, 2)); return index; } };`,
    );
    const { status, stderr } = await load(
      './sometimes.mjs --rate 200 -s event-loop --blocks 2 --window 80 --seed 1 --out failing',
    );
    expect(status, stderr).toBe(0);
    const { cells } = await readResults('failing');
    const windows = cells.flatMap((cell) => cell.windows);
    expect(windows.some(({ failed }) => failed > 0)).toBe(true);
    for (const { missed, failed, done, sent } of windows) {
      expect(missed).toBeGreaterThanOrEqual(failed);
      expect(done + failed).toBe(sent);
    }
  });

  it('rejects tasks that find a full queue, and counts work for tasks that were given up', async () => {
    const { status, stdout, stderr } = await load(
      'timer --param ms=20 --rate 150 -s worker-threads -p 2 --blocks 2 --window 60 --max-queue auto --give-up 45ms',
      '--via in-process --no-stricter-fifo --seed 1 --out limited',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/missed rejected given/);
    const { cells, options } = await readResults('limited');
    expect(options).toMatchObject({ maxQueue: 'auto', giveUpMs: 45, stricterFifo: false });
    for (const { windows } of cells)
      for (const { sent, done, failed, rejected, gaveUp, wasted, missed, latencyMs } of windows) {
        // At 150 a second, a pool that does 100 has to reject.
        expect(rejected).toBeGreaterThan(0);
        expect(done + failed + rejected + gaveUp).toBe(sent);
        expect(missed).toBeGreaterThanOrEqual(rejected + gaveUp);
        expect(latencyMs.max).toBeLessThanOrEqual(45);
        expect(wasted.runningMs).toBeGreaterThanOrEqual(wasted.tasks * 19);
      }
  });

  it.runIf(hasGit)('compares two versions under the same arrivals with --versus-ref', async () => {
    const slow = (ms: number): string =>
      `export default { bound: 'io', tasks: 4, async task() { await new Promise((resolve) => setTimeout(resolve, ${ms})); return 1; } };`;
    const cwd = join(folder.path, 'repository');
    await mkdir(cwd);
    await folder.file('repository/task.mjs', slow(4));
    runGit(cwd, ['init', '--quiet']);
    runGit(cwd, ['add', '.']);
    runGit(cwd, ['commit', '--quiet', '-m', 'slow']);
    await folder.file('repository/task.mjs', slow(12));
    const args =
      './task.mjs --versus-ref HEAD --rate 100 -s event-loop --via in-process --objective p50<=90ms --blocks 6';
    const { status, stdout, stderr } = await lanewise(['load', ...args.split(' '), '--window', '40', '--seed', '1'], {
      cwd,
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('event-loop (old)');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'the new version beside the old one, by latency, in 1 comparison: 1 slower.',
    );
    const results = await readResults(join('repository', 'lanewise-load'));
    expect(results.options.versusRef).toMatchObject({ ref: 'HEAD' });
    expect(results.cells.map(({ version }) => version)).toEqual(['old', 'new']);
    expect(results.latencyComparisons).toMatchObject([
      { verdict: 'slower', contender: expect.stringContaining('~new') },
    ]);
  });

  it('sends a pulse of more than can be done, and reports the queue and the recovery beside a forecast', async () => {
    const { status, stdout, stderr } = await load(
      'timer --param ms=5 --rate 200 -s worker-threads -p 2 --blocks 1 --window 40 --overload 2x:500ms --seed 1',
      // A driver on a busy machine is late, and its pulses do not count.
      '--via in-process --out pulsed',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('A pulse of 0.5 s');
    const { overload = [], options } = await readResults('pulsed');
    expect(options.overload).toEqual({ times: 2, pulseMs: 500 });
    expect(overload).toHaveLength(1);
    for (const { capacity, baseRate, pulseRate, growthPerSecond, pulses } of overload) {
      expect(pulseRate).toBeCloseTo(2 * capacity, 0);
      expect(baseRate).toBeLessThanOrEqual(200);
      // Twice as many arrive as are done.
      expect(growthPerSecond.measured).toBeGreaterThan(0);
      for (const { arrived, mostBacklog, course } of pulses) {
        expect(mostBacklog).toBeLessThanOrEqual(arrived + 5);
        expect(course.at(-1)?.ms).toBeGreaterThan(2500);
      }
    }
  });

  it.each(['http', 'in-process'])(
    'fails a configuration whose worker dies under load, %s, and names it',
    async (via) => {
      await folder.file(
        'dying.mjs',
        `let served = 0;
      export default { bound: 'io', tasks: 4, async task() {
        if (++served > 150) process.exit(7);
        await new Promise((resolve) => setTimeout(resolve, 1)); return 1; } };`,
      );
      const { status, stdout } = await load(
        './dying.mjs --rate 400 -s event-loop,worker-threads,child-processes -p 1 --blocks 2 --window 150 --seed 1',
        `--via ${via} --out dying`,
      );
      expect(status).toBe(1);
      const { cells } = await readResults('dying');
      expect(cells).toHaveLength(3);
      for (const cell of cells) {
        expect(cell).toMatchObject({ status: 'failed' });
        expect(cell.status === 'failed' && cell.error.message).toMatch(/exit code 7|process\.exit/);
      }
      const text = stdout.replaceAll(/\s+/g, ' ');
      // Tasks are those of the workload, not the arrivals.
      expect(text).toMatch(/The event loop failed (?:in task [1-4], )?on the main thread: .* exit code 7/);
      expect(text).toMatch(/1 worker thread failed in task [1-4], in worker thread 1: .* exit code 7/);
      expect(text).toContain('1 child process failed: ProcessEnded: child process 1 ended with exit code 7');
    },
  );

  it('is resumed after an interruption, with the rates and the windows that it had', async () => {
    const args =
      'load timer --param ms=5 -s event-loop,worker-threads -p 1 --blocks 8 --window 40 --rate 150 --seed 1 --via in-process';
    const child = startLanewise([...args.split(' '), '--out', 'begun'], { cwd: folder.path });
    const ended = once(child, 'close');
    const journal = async (): Promise<{ groups: { blocks: number; rated: object }[] }> =>
      JSON.parse(await readFile(join(folder.path, 'begun', 'journal.json'), 'utf8').catch(() => '{"groups":[]}'));
    await expect.poll(async () => (await journal()).groups[0]?.blocks, { timeout: 60_000, interval: 20 }).toBe(2);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    const [kept] = (await journal()).groups;
    const reached = kept?.blocks ?? 0;
    const cut = await readResults('begun');
    expect(cut.complete).toBe(false);
    expect(cut.latencyComparisons).toEqual([]);

    const wrong = await lanewise(['run', '--resume', 'begun'], { cwd: folder.path });
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain('lanewise load --resume begun');
    const other = await load('--resume begun --rate 20');
    expect(other.stderr).toContain('--rate cannot be changed by --resume');

    const { status, stderr } = await load('--resume begun');
    expect(status, stderr).toBe(0);
    const whole = await readResults('begun');
    expect(whole).toMatchObject({ complete: true, seed: 1, resumedAt: [expect.any(String)] });
    expect(whole.workloads).toEqual(cut.workloads);
    for (const [index, { windows, startupMs }] of whole.cells.entries()) {
      const before = cut.cells[index]?.windows.filter(({ block }) => block < reached) ?? [];
      expect(windows.slice(0, before.length)).toEqual(before);
      expect(windows.map(({ block, round }) => `${block} ${round}`)).toHaveLength(16);
      expect(new Set(windows.map(({ block, round }) => `${block} ${round}`)).size).toBe(16);
      expect(startupMs).toHaveLength(8);
    }
    expect(whole.latencyComparisons).toHaveLength(1);
    const done = await load('--resume begun');
    expect(done.stderr).toContain('No unfinished run in begun');
  });

  it('is resumed after the search for rates, which is not repeated', async () => {
    const args = 'load timer --param ms=5 --via in-process -s worker-threads -p 1 --blocks 3 --window 40 --seed 1';
    const child = startLanewise([...args.split(' '), '--out', 'searched'], { cwd: folder.path });
    const ended = once(child, 'close');
    const journal = async (): Promise<{ groups: { blocks: number }[] }> =>
      JSON.parse(await readFile(join(folder.path, 'searched', 'journal.json'), 'utf8').catch(() => '{"groups":[]}'));
    await expect.poll(async () => (await journal()).groups[0]?.blocks, { timeout: 90_000, interval: 20 }).toBe(1);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    const cut = await readResults('searched');
    const { status, stderr } = await load('--resume searched');
    expect(status, stderr).toBe(0);
    const whole = await readResults('searched');
    expect(whole).toMatchObject({ complete: true, workloads: cut.workloads, options: cut.options });
    const searchOf = ({ cells }: LoadResults) =>
      cells.map(({ id, windows }) => [id, windows.filter(({ phase }) => phase === 'search')]);
    expect(searchOf(whole)).toEqual(searchOf(cut));
    expect(whole.held?.map(({ blocks }) => blocks)).toEqual([3]);
  });

  it.each([
    ['http', 'cluster'],
    ['in-process', 'event-loop'],
  ])(
    'is interrupted in a window, %s, of %s, which it does not wait for, and leaves nothing behind',
    async (via, strategy) => {
      const mark = `interrupted-${via}-${process.pid}`;
      const args =
        `load timer --param ms=5 --rate 1 -s ${strategy} -p 2 --blocks 2 --window 40 --via ${via} --out cut-${via}`.split(
          ' ',
        );
      const child = startLanewise(args, { cwd: folder.path, env: { MARK: mark } });
      let stderr = '';
      child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
      const ended = once(child, 'close');
      await expect.poll(() => stderr, { timeout: 30_000 }).toContain('Calibrated');
      const startedMs = performance.now();
      child.kill('SIGINT');
      const [status] = (await ended) as [number];
      expect(status, stderr).toBe(130);
      expect(stderr).toContain('Interrupted before anything was measured.');
      // The window would have taken 40 s.
      expect(performance.now() - startedMs).toBeLessThan(20_000);
      await expect.poll(() => processesWith(mark), { timeout: 2000 }).toEqual([]);
    },
  );

  it('fails a cluster of which a worker dies under load, and names it', async () => {
    await folder.file(
      'dying-cluster.mjs',
      `let served = 0;
      export default { bound: 'io', tasks: 4, async task() {
        if (++served > 100) process.exit(7);
        await new Promise((resolve) => setTimeout(resolve, 1)); return 1; } };`,
    );
    const { status, stdout } = await load(
      './dying-cluster.mjs --rate 400 -s cluster -p 2 --blocks 2 --window 400 --seed 1 --out dying-cluster',
    );
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /2 cluster workers failed.*: ProcessEnded: child process [12] ended with exit code 7/,
    );
  });

  it('requests the tasks over HTTP from another process, and pings the server meanwhile', async () => {
    const { status, stderr } = await load(
      'timer --param ms=5 --rate 100 --objective p99<=500ms -s event-loop,child-processes -p 1',
      '--blocks 2 --window 40 --seed 1 --connections 4 --probe 50 --keep-requests --out requested',
    );
    expect(status, stderr).toBe(0);
    const { options, cells } = await readResults('requested');
    expect(options).toMatchObject({ via: 'http', connections: 4, probePerSecond: 50 });
    const windows = cells.flatMap((cell) => cell.windows);
    expect(windows.length).toBeGreaterThanOrEqual(2 * 2 * 2);
    for (const window of windows) {
      expect(window).toMatchObject({ offered: 30, sent: 30, done: 30, failed: 0 });
      expect(window.driver?.sockets).toBeGreaterThanOrEqual(4);
      expect(window.probeMs?.n).toBeGreaterThan(0);
      expect(window.state === 'driver-limited').toBe((window.driver?.limits.length ?? 0) > 0);
      expect(window.requests).toHaveLength(40);
      for (const { dueMs, sentMs = 0, acceptedMs, startedMs, finishedMs, receivedMs } of window.requests ?? []) {
        const times = [dueMs, sentMs, acceptedMs, startedMs ?? 0, finishedMs ?? 0, receivedMs];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    }
  });

  it.each([
    [['primes', '--via', 'in-process', '--probe', '5'], 'Invalid --probe: in process there is no server.'],
    [['primes', '--via', 'in-process', '--connections', '5'], 'Invalid --connections: in process there is no server.'],
    [['primes', '--connections', 'new'], 'give --rate, at most 300'],
    [['primes', '--connections', 'new', '--rate', '100,400'], 'give --rate, at most 300'],
    [['primes', '--connections', '0'], 'Invalid --connections "0": expected a whole number from 1 to 400'],
    [
      ['primes', '--via', 'in-process', '--strategy', 'cluster'],
      'Invalid strategy "cluster": its workers are servers.',
    ],
    [['primes', '--strategy', 'cluster@2x4'], 'its workers take all requests. Write cluster@2.'],
    [['primes', '--via', 'carrier'], 'Invalid --via "carrier": expected http or in-process'],
    [['primes', '--objective', 'p99<=5ms'], 'at least 10 ms can be held to'],
    [['primes', '--max-queue', '0'], 'expected none, auto or a whole number from 1'],
    [['primes', '--overload', '3s'], 'Invalid --overload "3s"'],
    [['primes', '--give-up', 'soon'], 'Invalid --give-up "soon"'],
    [['primes', '--rate', '0'], 'arrivals per second, above 0'],
    [['primes', 'json'], 'json'],
    [['prime'], 'Did you mean "primes"?'],
  ])('refuses %j before anything starts', async (args, message) => {
    const { status, stderr } = await load(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
