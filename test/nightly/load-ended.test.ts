import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LoadResults } from '../../dist/src/model/load.js';
import { lanewise, startLanewise } from '../support/lanewise.js';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { useLoad } from '../support/load.js';

const { folder, load, readResults } = useLoad();

describe('a load measurement that ends early', () => {
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
    await expect.poll(async () => (await journal()).groups[0]?.blocks, { timeout: 60_000, interval: 20 }).toBe(3);
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
      // Complete blocks are kept, except disturbed ones: of 8 blocks, at most 2 are measured again.
      const lost = before.filter((window) => !windows.some((one) => isDeepStrictEqual(one, window)));
      expect(new Set(lost.map(({ block }) => block)).size).toBeLessThanOrEqual(2);
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
      expect(stderr).toContain('Interrupted before anything was measured.\nIts calibration is kept. To resume: ');
      expect(stderr).not.toContain('block 1');
      // The window would have taken 40 s.
      expect(performance.now() - startedMs).toBeLessThan(20_000);
      await expect.poll(() => processesWith(mark), { timeout: 2000 }).toEqual([]);
    },
  );

  it('ends at its time limit before it has measured anything, and names the flag', async () => {
    const { status, stderr } = await load(
      'timer --param ms=5 --rate 1 -s event-loop --blocks 2 --window 40 --via in-process --time-limit 6s --out late',
    );
    expect(status).toBe(130);
    expect(stderr).toContain(
      'The time limit was reached before anything was measured. Raise --time-limit, or measure less:',
    );
  });

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
      // A connection that was on its way to the worker is never closed.
      '--timeout 5s',
    );
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /2 cluster workers failed.*: ProcessEnded: child process [12] ended with exit code 7/,
    );
  });
});
