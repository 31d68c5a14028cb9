import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoadResults } from '../../dist/src/model/load.js';
import { lanewise } from '../support/lanewise.js';
import { hasGit, runGit } from '../support/git.js';
import { useLoad } from '../support/load.js';

const { folder, load, loadBlock, readResults } = useLoad();

describe('lanewise load', () => {
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
      for (const { rate } of search) expect(rate).toBeLessThan(1.61 * capacity);
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

  it('measures the same arrivals again with --against, and compares latencies', async () => {
    const first = await load(
      'timer --param ms=2 --rate 200 --objective p99<=500ms --via in-process -s event-loop',
      '--preset quick --blocks 6 --window 40 --seed 1 --out before',
    );
    expect(first.status, first.stderr).toBe(0);
    const { status, stdout, stderr } = await load(
      'timer --param ms=2 -s event-loop --preset quick --blocks 6 --against before --fail-on never --out compared',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('timer[ms=2]: p99 at 200 tasks a second');
    expect(await readResults('compared')).toMatchObject({
      seed: 1,
      options: { rates: [200], requests: 40, via: 'in-process' },
      workloads: [{ objective: { quantile: 'p99', ms: 500 } }],
    });
  });

  it('rejects tasks that find a full queue, and counts work for tasks that were given up', async () => {
    const { status, stdout, stderr } = await loadBlock(
      'limited',
      'timer --param ms=20 --rate 150 -s worker-threads -p 2 --blocks 2 --window 60 --max-queue auto --give-up 45ms',
      '--via in-process --no-stricter-fifo --seed 1',
    );
    // Interrupted then, except on Windows.
    expect([0, 130], stderr).toContain(status);
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

  it.runIf(hasGit)(
    'compares two versions under the same arrivals with --versus-ref, and exits with 4 if it is slower',
    async () => {
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
      const { status, stdout, stderr } = await lanewise(
        ['load', ...args.split(' '), '--window', '40', '--seed', '1', '--summary'],
        {
          cwd,
          env: { GITHUB_STEP_SUMMARY: join(folder.path, 'summary.md') },
        },
      );
      expect(status, stderr).toBe(4);
      expect(await readFile(join(folder.path, 'summary.md'), 'utf8')).toContain('1 slower');
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
    },
  );

  it('sends a pulse of more than can be done, and reports the queue and the recovery beside a forecast', async () => {
    const { status, stdout, stderr } = await loadBlock(
      'pulsed',
      'timer --param ms=5 --rate 200 -s worker-threads -p 2 --blocks 1 --window 40 --overload 2x:500ms --seed 1',
      // A driver on a busy machine is late, and its pulses do not count.
      '--via in-process',
    );
    // Interrupted then, except on Windows.
    expect([0, 130], stderr).toContain(status);
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
});
