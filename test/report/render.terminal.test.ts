import { stripVTControlCharacters } from 'node:util';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { renderMarkdown, renderTerminal } from '../../dist/src/report/render.js';
import { colorPaint, plainPaint } from '../../dist/src/report/dress/tones.js';
import { resultsSchema } from '../../dist/src/model/results-schema.js';
import { HOSTILE, reportResults } from '../support/report-results.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';

const WALLS = [10, 11, 12, 10, 11, 12];

function results(given: Partial<Results> = {}): Results {
  const loop = cellOf({ id: 'work/event-loop', wallsMs: WALLS });
  const processes = cellOf({
    id: 'work/child-processes@16xall',
    strategy: 'child-processes',
    poolSize: 16,
    concurrency: 'all',
    wallsMs: WALLS,
  });
  const speedup = { estimate: 0.012_34, lo: 0.010_11, hi: 0.020_22, level: 0.95 };
  return resultsOf({
    cells: [loop, processes, failedCellOf('work/worker-threads@2', 'boom')],
    comparisons: [
      {
        workload: 'work',
        params: {},
        baseline: loop.id,
        contender: processes.id,
        speedup,
        verdict: 'inconclusive',
        blocks: 6,
        blocksToDecide: 9,
      },
    ],
    recommendations: [
      {
        workload: 'work',
        params: {},
        choose: loop.id,
        fastest: loop.id,
        tied: [loop.id],
        because: 'every other configuration is slower',
      },
    ],
    timelines: [
      {
        cell: loop.id,
        slices: [
          { task: 0, lane: 0, startMs: 0, endMs: 5, kind: 'run' },
          { task: 1, lane: 0, startMs: 5, endMs: 10, kind: 'wait' },
        ],
      },
    ],
    ...given,
  });
}

describe('the results of this test', () => {
  it('conform to the schema', () => {
    expect(Compile(resultsSchema).Errors(results())).toEqual([]);
  });
});

describe('the terminal report', () => {
  it('fits 80 columns', async () => {
    for (const line of (await renderTerminal(results(), plainPaint)).split('\n'))
      expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('shows verdict, table, failure and timeline, in this order', async () => {
    const text = await renderTerminal(results(), plainPaint);
    const places = ['stay on the event loop', 'speedup', 'worker-threads ', 'Error: boom', '111111', '2 CPUs'].map(
      (part) => text.indexOf(part),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('has task latency and event-loop delay in its table', async () => {
    const lines = (await renderTerminal(reportResults(), plainPaint)).split('\n');
    const head = lines.findIndex((line) => line.startsWith('strategy'));
    expect(lines[head]?.replaceAll(/ +/g, ' ')).toBe('strategy workers conc. batch speedup verdict in CPUs delay');
    expect(lines[head + 1]?.trim().replaceAll(/ +/g, ' ')).toBe('ms (97.5% CI) flight used ms');
    expect(lines[head + 3]).toMatch(/^event-loop +1 +all +43\.8 +1\.00× +baseline +1\.00 +1\.00 +1\.00$/);
  });

  it('names a single workload, its kind and its number of tasks once', async () => {
    const text = await renderTerminal(reportResults(), plainPaint);
    expect(text.split('\n')[2]).toMatch(/^strategy /);
    expect(text.match(/\bwork\b|CPU-bound/g)).toEqual(['work', 'CPU-bound']);
    expect(text.match(/4 tasks per batch/g)).toHaveLength(1);
    const two = await renderTerminal(reportResults([{ workload: 'first' }, { workload: 'second' }]), plainPaint);
    expect(two).toContain('\nsecond · CPU-bound · 4 tasks per batch\nstrategy ');
  });

  it('names the configurations of timelines only if the names of their workers do not tell them apart, or times differ', async () => {
    const made = reportResults();
    const drawn = async (timelines: Results['timelines']): Promise<readonly string[]> => {
      const lines = (await renderTerminal({ ...made, timelines }, plainPaint)).split('\n');
      const rows = lines.slice(lines.findIndex((line) => line.startsWith('Timeline')) + 1);
      return rows.filter((line) => line.startsWith('  ')).map((line) => line.slice(2, 19).trim());
    };
    const [loop, two] = made.timelines;
    if (loop === undefined || two === undefined) throw new Error('no timelines');
    expect(await drawn([loop, two])).toEqual(['main thread', 'worker thread 1', 'worker thread 2']);
    expect(await drawn([{ ...loop, batchMs: 41 }, two])).toEqual(['main thread', 'worker thread 1', 'worker thread 2']);
    // Nor if only a part was traced, or a batch that was unlike those of the table.
    for (const told of [
      { ...loop, batchMs: 40, tasks: 2 },
      { ...loop, batchMs: 90 },
    ])
      expect(await drawn([told, two])).toEqual([
        expect.stringMatching(/^The event loop: [49]$/),
        'main thread',
        '2 worker threads',
        'worker thread 1',
        'worker thread 2',
      ]);
  });

  it('omits columns without room, task latency first', async () => {
    const made = reportResults();
    const cells = made.cells.map((cell) => ({
      ...cell,
      id: `${cell.id}~uv16~a-long-runtime`,
      uvThreads: 16,
      runtime: 'a-long-runtime',
    }));
    const comparisons = made.comparisons.map((each) => ({
      ...each,
      baseline: `${each.baseline}~uv16~a-long-runtime`,
      contender: `${each.contender}~uv16~a-long-runtime`,
    }));
    const text = await renderTerminal({ ...made, cells, comparisons, recommendations: [], timelines: [] }, plainPaint);
    expect(text).not.toContain('p50/p99');
    expect(text).toContain('CPUs');
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it.each([HOSTILE, 'w'.repeat(300), 'w'.repeat(5000), 'a\u0007\u001b[31mb'])(
    'fits 80 columns and obeys no name: %j',
    async (workload) => {
      for (const paint of [plainPaint, colorPaint]) {
        const text = stripVTControlCharacters(await renderTerminal(reportResults([{ workload }]), paint));
        expect(text.match(/[\p{Bidi_Control}\p{Cc}]/gu)?.filter((character) => character !== '\n')).toEqual([]);
        for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
      }
    },
  );

  it('begins with the headline of the other reports', async () => {
    const line = 'work (CPU-bound): use 2 worker threads, 2.00× as fast as the event loop';
    expect((await renderTerminal(reportResults(), plainPaint)).split('\n')[0]).toBe(line);
    expect((await renderMarkdown(reportResults())).split('\n')[0]).toBe(`# ${line}`);
  });

  it('names the place of a failure', async () => {
    const sentence = 'worker threads failed in task 4, in worker thread 2: Error: boom';
    for (const text of [await renderTerminal(results(), plainPaint), await renderMarkdown(results())])
      expect(text.replaceAll('&#8203;', '')).toContain(sentence);
  });

  it('names the number of parts of a resumed run', async () => {
    const resumed = { ...results(), resumedAt: ['2026-01-03T00:00:00.000Z'] };
    for (const text of [await renderTerminal(resumed, plainPaint), await renderMarkdown(resumed)])
      expect(text.replaceAll(/\s+/g, ' ')).toContain('1 min 1 s in 2 parts');
  });

  it('contains no escape sequences without colours', async () => {
    expect(await renderTerminal(results(), plainPaint)).not.toContain('\u001b');
    expect(await renderTerminal(results(), colorPaint)).toContain('\u001b');
  });

  it('reports an interrupted run with its blocks and the workloads not reached', async () => {
    expect(await renderTerminal(results({ complete: false }), plainPaint)).toMatch(
      /^Interrupted: these are the results so far\. Measured in part: work \(6 of 10\nblocks\)\.\n\n[^]*6 of 10 blocks × 1 round/,
    );
    const { workloads } = results();
    const unreached = results({
      complete: false,
      workloads: [...workloads, ...workloads.map((each) => ({ ...each, name: 'later' }))],
    });
    for (const text of [await renderTerminal(unreached, plainPaint), await renderMarkdown(unreached)]) {
      expect(text.replaceAll('\n', ' ')).toContain('Not reached: later.');
      expect(text.replaceAll('\n', ' ')).toContain('later (CPU-bound): not measured');
    }
  });

  it('has estimates and no verdicts of a workload that was interrupted', async () => {
    const interrupted = results().workloads.map((workload) => ({ ...workload, interrupted: true as const }));
    const rows = (await renderTerminal(results({ complete: false, workloads: interrupted }), plainPaint))
      .split('\n')
      .filter((line) => line.startsWith('child-processes '));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain('no verdict');
  });

  it('names the params that an interrupted run did not reach, including objects', async () => {
    const { workloads } = results();
    const later = [{ sizes: { first: 1 } }, { sizes: 2 }].flatMap((params) =>
      workloads.map((each) => ({ ...each, name: 'later', params })),
    );
    const text = await renderTerminal(results({ complete: false, workloads: [...workloads, ...later] }), plainPaint);
    expect(text.replaceAll('\n', ' ')).toContain('Not reached: later[sizes={"first":1}], later[sizes=2].');
  });
});

describe('the Markdown report', () => {
  it('has one row per cell, with as many fields as the header', async () => {
    const rows = (await renderMarkdown(results()))
      .slice((await renderMarkdown(results())).indexOf('|strategy|'))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const fields = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
    expect(new Set(fields).size).toBe(1);
    expect(rows).toHaveLength(2 + 3);
  });

  it('shows unmeasured values as "not measured"', async () => {
    expect(await renderMarkdown(results())).toContain('not measured');
  });
});

describe('the upper bound', () => {
  it('is in both reports, with the share of it that the best configuration reaches', async () => {
    const upperBound = {
      workload: 'work',
      params: {},
      lanes: 2,
      samples: [],
      baseline: 'work/event-loop',
      speedup: { estimate: 1.95, lo: 1.9, hi: 1.99, level: 0.95 },
      best: 'work/child-processes@16xall',
      share: { estimate: 0.912, lo: 0.88, hi: 0.934, level: 0.95 },
    };
    const sentence =
      'Upper bound: 2 independent processes, no messaging: 1.95× as fast as the event loop (95% CI 1.90–1.99); 16 child processes, all tasks at once reach 91.2% of it (88–93.4%).';
    for (const text of [
      await renderMarkdown(results({ upperBounds: [upperBound] })),
      await renderTerminal(results({ upperBounds: [upperBound] }), plainPaint),
    ])
      expect(text.replaceAll('\n', ' ').replaceAll('&#8203;', '')).toContain(sentence);
    expect(await renderMarkdown(results())).not.toContain('Upper bound');
    const beyond = { ...upperBound, speedup: { ...upperBound.speedup, estimate: 2.28, lo: 2.05, hi: 2.59 } };
    const unexplained = 'That is more than 2 CPUs can explain: they run one task at a time, in fresh processes.';
    expect((await renderMarkdown(results({ upperBounds: [beyond] }))).replaceAll('\n', ' ')).toContain(unexplained);
    // A reason is given only where it is shown.
    const { cells: measured, comparisons } = results();
    const sequential = cellOf({ id: 'work/sequential', strategy: 'sequential', wallsMs: WALLS });
    const [of] = comparisons;
    const shown = { ...of, contender: sequential.id, speedup: { estimate: 1.3, lo: 1.2, hi: 1.4, level: 0.95 } };
    const explained = results({
      upperBounds: [beyond],
      cells: [...measured, sequential],
      comparisons: [...comparisons, { ...shown, verdict: 'faster' } as Results['comparisons'][number]],
    });
    expect((await renderMarkdown(explained)).replaceAll('\n', ' ')).toContain(
      'They run one task at a time, which is faster here than all at once.',
    );
    const exceeded = { ...beyond, share: { estimate: 3.08, lo: 2.5, hi: 3.6, level: 0.95 } };
    expect((await renderMarkdown(results({ upperBounds: [exceeded] }))).replaceAll('\n', ' ')).toContain(
      'They run one task at a time, so it is no bound for tasks that wait or work off the main thread.',
    );
    const ofEachTask = { strategy: 'thread-per-task' as const, laneKind: 'thread' as const };
    const perTask = results({ upperBounds: [beyond] });
    const cells = perTask.cells.map((cell) => (cell.id === 'work/event-loop' ? { ...cell, ...ofEachTask } : cell));
    expect((await renderMarkdown({ ...perTask, cells })).replaceAll('\n', ' ')).toContain(
      '. They start no worker for each task.',
    );
  });
});

describe('a run until decided', () => {
  it('names its looks', async () => {
    const looked = results({ options: { ...resultsOf().options, looks: [10, 20, 40] } });
    for (const text of [await renderMarkdown(looked), await renderTerminal(looked, plainPaint)])
      expect(text.replaceAll('\n', ' ')).toContain('6 blocks × 1 round (looks: 10, 20, 40)');
  });
});
