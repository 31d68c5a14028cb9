import { describe, expect, it } from 'vitest';
import type {
  Cell,
  Comparison,
  MeasuredCell,
  Results,
  TunedModule,
  TuningGoal,
} from '../../../dist/src/model/results.js';
import { groupResults } from '../../../dist/src/stats/groups.js';
import { renderMarkdown, renderTerminal } from '../../../dist/src/report/render.js';
import { deploymentOf } from '../../../dist/src/report/tuning/deployment.js';
import { plainPaint } from '../../../dist/src/report/dress/tones.js';
import { cellOf, failedCellOf, resultsOf, type CellSpec } from '../../support/results.js';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 4 };
const walls = (wallMs: number): number[] => Array.from({ length: 10 }, (_, block) => wallMs + block / 100);
const LOOP: CellSpec = { id: 'work/event-loop', wallsMs: walls(100), memoryMiB: 40 };
const pool = (
  id: string,
  poolSize: number,
  wallMs: number,
  concurrency: MeasuredCell['concurrency'] = 1,
): MeasuredCell => {
  const cell = cellOf({ id, strategy: 'worker-threads', poolSize, wallsMs: walls(wallMs), memoryMiB: 60 });
  return { ...cell, concurrency, summary: { ...cell.summary, startupMs: 90 } };
};
const screened = (cell: Cell): Cell => ({ ...cell, phase: 'screening' });

interface Spec {
  readonly goal?: Partial<TuningGoal>;
  readonly tuning?: Partial<NonNullable<Results['tuning']>>;
  readonly cells?: readonly Cell[];
  readonly comparison?: Partial<Comparison>;
  readonly tied?: readonly string[];
}

/** Two threads were chosen over the event loop; four had failed in the screening. */
function tuned({ goal = {}, tuning = {}, cells, comparison = {}, tied = [] }: Spec = {}): Results {
  const two = pool('work/worker-threads@2x4', 2, 50, 4);
  const base = resultsOf();
  return resultsOf({
    options: { ...base.options, tuning: { ...GOAL, ...goal } },
    cells: [
      ...(cells ?? [
        ...[cellOf(LOOP), pool('work/worker-threads@2', 2, 55), two].map(screened),
        screened({ ...failedCellOf('work/worker-threads@4', 'no room'), poolSize: 4 }),
        cellOf(LOOP),
        two,
      ]),
    ],
    comparisons: [
      {
        workload: 'work',
        params: {},
        baseline: 'work/event-loop',
        contender: 'work/worker-threads@2x4',
        speedup: { estimate: 2, lo: 1.9, hi: 2.1, level: 0.95 },
        verdict: 'faster',
        blocks: 10,
        ...comparison,
      },
    ],
    recommendations: [
      { workload: 'work', params: {}, choose: two.id, fastest: two.id, tied: [two.id, ...tied], because: 'it is' },
    ],
    tuning: {
      choose: two.id,
      finalists: [two.id],
      screened: 4,
      durationMs: 30_000,
      screeningMs: 20_000,
      leftOut: [{ cell: 'work/worker-threads@4', because: 'failed' }],
      ...tuning,
    },
  });
}

const terminal = async (results: Results): Promise<string> => renderTerminal(results, plainPaint);
/** On one line. */
const rendered = async (results: Results): Promise<string> => (await terminal(results)).replaceAll(/\s+/g, ' ');

describe('the report of tune', () => {
  it('says of a choice that is not significantly faster that nothing is, and what would decide it', async () => {
    const speedup = { estimate: 1.11, lo: 0.94, hi: 1.3, level: 0.95 };
    const comparison = { speedup, verdict: 'inconclusive', blocksToDecide: 40 } as const;
    const text = await rendered(tuned({ comparison, tied: ['work/event-loop'] }));
    expect(text).toContain(
      'use 2 worker threads, 4 tasks at once each: 1.11× as fast as the event loop, which is not significant',
    );
    expect(text).toContain(
      'No configuration is significantly faster than the event loop. --blocks 40 would likely decide it (10 measured). Tied with: the event loop.',
    );
    expect(await rendered(tuned())).not.toContain('significantly faster');
  });

  it('has the configuration with its gain, the code, its costs and the reason', async () => {
    const text = await rendered(tuned());
    expect(text).toContain('use 2 worker threads, 4 tasks at once each: 2.00× as fast as the event loop');
    expect(text).toContain('minThreads: 2, maxThreads: 2, idleTimeout: Infinity, concurrentTasksPerWorker: 4,');
    expect(text).toContain('memory: 60.0 MiB (the event loop 40.0 MiB)');
    // 4 tasks take 50 ms less, so that one saves 12.5 ms of the 40 ms that the start takes longer.
    expect(text).toContain('startup: 90.0 ms, breaks even after 4 tasks');
    expect(text).toContain('4 candidates screened in 20 s, 1 finalist measured again in 10 s.');
    expect(await rendered({ ...tuned(), complete: false })).toContain(
      '1 finalist to measure again, interrupted after 10 s.',
    );
    expect(text).not.toContain('Every other finalist');
    const another = { finalists: ['work/worker-threads@2', 'work/worker-threads@2x4'] };
    const two = pool('work/worker-threads@2x4', 2, 50, 4);
    const found = (cells: readonly Cell[], leftOut: readonly string[] = []) =>
      rendered(
        tuned({
          cells: [cellOf(LOOP), two, ...cells],
          tuning: {
            finalists: [...another.finalists, ...cells.map(({ id }) => id)],
            leftOut: leftOut.map((cell) => ({ cell, because: 'memory' as const })),
          },
        }),
      );
    const [slower, failed] = [pool('work/worker-threads@2', 2, 55), failedCellOf('work/worker-threads@4', 'no')];
    expect(await found([slower])).toContain('Every other finalist is worse.');
    expect(await found([slower, failed])).toContain('Every other finalist that could be measured is worse.');
    expect(await found([slower, pool('work/worker-threads@8', 8, 20)], ['work/worker-threads@8'])).toContain(
      'Every other finalist within the limits is worse.',
    );
    expect(await found([failed])).not.toContain('Every other finalist');
    expect(text).toContain('Failed: 4 worker threads.');
    expect(text).toContain('4 worker threads failed in task 4, in worker thread 2: Error: no room');
  });

  it('shows the screening as a map, by the goal', async () => {
    const rows = (await terminal(tuned())).split('\n');
    const of = (name: string): string => rows.find((row) => row.startsWith(name)) ?? '';
    expect(of('share of the best').split(/ +/).slice(-3)).toEqual(['1', '4', 'all']);
    expect(of('The event loop ').split(/ {2,}| (?=[\d.]+(?: |$)|failed)/)).toEqual(['The event loop', '0.50']);
    expect(of('2 worker threads ').split(/ {2,}| (?=[\d.]+(?: |$)|failed)/)).toEqual([
      '2 worker threads',
      '0.91',
      '1.00',
    ]);
    expect(of('4 worker threads ').split(/ {2,}| (?=[\d.]+(?: |$)|failed)/)).toEqual(['4 worker threads', 'failed']);
    // In parentheses, what does too little to be chosen.
    expect(await terminal(tuned({ goal: { for: 'memory' } }))).toMatch(/The event loop +\(40\.0\)/);
    expect(await terminal(tuned({ goal: { for: 'memory', minThroughput: 0.4 } }))).toMatch(/The event loop +40\.0/);
  });

  it('fits 80 columns', async () => {
    for (const line of (await terminal(tuned())).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('is the same in Markdown, with the code fenced', async () => {
    const text = await renderMarkdown(tuned());
    expect(text).toMatch(/^# work \(CPU-bound\): use 2 worker threads, 4 tasks at once each: 2\.00× as fast/);
    expect(text).toContain("```js\n// app.js\n// npm install piscina\nimport { Piscina } from 'piscina';");
    expect(text).toContain('|2 worker threads|0.91|1.00||');
  });

  it('says to keep the current configuration if that was chosen', async () => {
    const two = 'work/worker-threads@2x4';
    const results = tuned({ tuning: { current: two } });
    expect(await rendered({ ...results, comparisons: [] })).toContain(
      'keep 2 worker threads, 4 tasks at once each: nothing is significantly better',
    );
  });

  it('names the goal and its figure', async () => {
    expect(await rendered(tuned({ goal: { for: 'latency' } }))).toContain(
      'use 2 worker threads, 4 tasks at once each: task latency p99 9.00 ms (the event loop 9.00 ms), 2.00× as fast as the event loop',
    );
    expect(await rendered(tuned({ goal: { for: 'memory' } }))).toContain(
      'each: memory 60.0 MiB (the event loop 40.0 MiB), 2.00×',
    );
    expect(await rendered(tuned({ goal: { for: 'responsiveness' } }))).toContain(
      'each: event-loop delay p99 1.00 ms (the event loop 1.00 ms), 2.00×',
    );
  });

  it('gives the reason if nothing was chosen', async () => {
    const none = { choose: null, finalists: [] };
    const failed = [screened(failedCellOf('work/worker-threads@2', 'no'))];
    expect(await rendered(tuned({ tuning: none, cells: failed }))).toContain('no configuration could be measured');
    // The reason stands with the verdict, so there is no section of nothing.
    expect(await renderMarkdown(tuned({ tuning: none, cells: failed }))).not.toContain('# The configuration');
    expect(await renderMarkdown(tuned())).toContain('# The configuration');
    const large = [screened(pool('work/worker-threads@4', 4, 50))];
    const leftOut = [{ cell: 'work/worker-threads@4', because: 'memory' as const }];
    expect(await rendered(tuned({ tuning: { ...none, leftOut }, cells: large, goal: { maxMemoryMiB: 32 } }))).toContain(
      'no configuration fits in 32.0 MiB with at most 4 workers; the smallest needs 60.0 MiB (4 worker threads)',
    );
    expect(await rendered(tuned({ tuning: { ...none, leftOut: [] }, cells: large }))).toContain(
      'no verdict: interrupted',
    );
  });

  it('speaks of the current configuration only where one was given', async () => {
    const kept = (tuning: Partial<NonNullable<Results['tuning']>>): Results => {
      const speedup = { estimate: 1.01, lo: 0.99, hi: 1.03, level: 0.95 };
      const results = tuned({ tuning, tied: ['work/event-loop'], comparison: { speedup, verdict: 'same' } });
      const recommendations = results.recommendations.map((one) => ({ ...one, chosenFor: 'kept' as const }));
      return { ...results, recommendations };
    };
    expect(await rendered(kept({}))).toContain('chosen: the baseline; none as good needs fewer workers');
    expect(await rendered(kept({ current: 'work/worker-threads@2x4' }))).toContain(
      'chosen: your current configuration;',
    );
  });

  it('keeps screened candidates out of the tables', () => {
    expect(groupResults(tuned())[0]?.cells.map(({ id }) => id)).toEqual(['work/worker-threads@2x4', 'work/event-loop']);
  });

  it('fills in the module format and the export, without the folder and the inputs', async () => {
    const definition = { makesInputs: true, transfers: false, services: [] };
    const module = { isPackage: false, format: 'cjs' as const, steps: ['default'], definition, needsTsx: false };
    const text = await renderMarkdown(tuned({ tuning: { module } }));
    expect(text).toContain('work-worker.mjs: a pool calls a function');
    expect(text).toContain("const { Piscina } = require('piscina');");
    expect(text).toContain("require.resolve('./work-worker.mjs')");
  });

  it('names what the code lacks, unless the tuning prints it itself', async () => {
    const all = 'Results name files without folders and hold no inputs: put in the path of work.js and your inputs.';
    const where = { ...deploymentOf('work.js'), module: './jobs/work.js' };
    expect(await rendered(tuned())).toContain(all);
    const printed = await renderTerminal(tuned(), plainPaint, where);
    expect(printed).not.toContain('Results name files');
    expect(printed).toContain("new URL('./jobs/work.js', import.meta.url)");

    const definition = { makesInputs: true, transfers: false, services: [] };
    const lackOf = async (module: Partial<TunedModule>): Promise<string> => {
      const facts: TunedModule = { isPackage: false, format: 'cjs', steps: ['default'], needsTsx: false, ...module };
      return rendered(tuned({ tuning: { module: facts } }));
    };
    expect(await lackOf({ definition })).toContain(
      'Results name files without folders: put in the path of work.js. //',
    );
    expect(await lackOf({ isPackage: true })).toContain('Results hold no inputs: put in yours.');
    expect(await lackOf({ isPackage: true, definition })).not.toContain('Results ');
  });
});
