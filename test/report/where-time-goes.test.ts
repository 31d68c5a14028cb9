import { describe, expect, it } from 'vitest';
import type { Cell, WorkerProfile } from '../../dist/src/model/results.js';
import { plainPaint } from '../../dist/src/report/dress/tones.js';
import { renderMarkdown, renderTerminal } from '../../dist/src/report/render.js';
import { whereTimeGoes } from '../../dist/src/report/where-time-goes.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { profiledWorker } from '../support/profile.js';
import { reportResults } from '../support/report-results.js';
import { cellOf, resultsOf } from '../support/results.js';

function profiled(id: string, wallMs: number, workers: WorkerProfile[]): Cell {
  return { ...cellOf({ id, wallsMs: [wallMs, wallMs] }), profile: { workers, profiledMs: 500, countedMs: 500 } };
}

const LOOP = profiled('work/event-loop', 40, [profiledWorker('main', { own: 0.97, other: 0.03 })]);

function threads(count: number, main = { idle: 0.6, serialization: 0.31, other: 0.09 }): Cell {
  const lanes = Array.from({ length: count }, (_, index) => profiledWorker('thread', { own: 0.9, idle: 0.1 }, index));
  return profiled(`work/worker-threads@${count}`, 30, [
    { ...profiledWorker('main', main), loopUtilization: 0.4 },
    ...lanes,
  ]);
}

function textOf(...cells: Cell[]): string {
  return JSON.stringify(whereTimeGoes(groupResults(resultsOf({ cells }))) ?? null);
}

describe('where the time goes', () => {
  it('results without profiles have no such section and no such columns', async () => {
    const results = reportResults();
    expect(textOf(cellOf({ id: 'work/event-loop', wallsMs: [1] }))).toBe('null');
    expect(await renderMarkdown(results)).not.toMatch(/Where the time goes|GC time/);
  });

  it('a large cost of a pool is a sentence with its share and its remedy', () => {
    expect(textOf(LOOP, threads(2))).toContain(
      '2 worker threads: the main thread loses 31% of its time to structured clone: `transfer`, or smaller inputs and results.',
    );
    expect(textOf(LOOP, threads(2, { idle: 0.9, serialization: 0.1, other: 0 }))).not.toContain('loses');
    const children = profiled('work/child-processes@2', 30, [
      profiledWorker('main', { idle: 1 }),
      profiledWorker('process', { serialization: 0.5, own: 0.5 }),
    ]);
    expect(textOf(LOOP, children)).toContain(
      '2 child processes lose 50% of their time to writing and reading messages: smaller inputs and results.',
    );
  });

  it('every worker has a row, or many of them their mean', () => {
    expect(textOf(LOOP, threads(3))).toContain('worker thread 3');
    const many = textOf(LOOP, threads(20));
    expect(many).toContain('mean of 20 worker threads');
    expect(many).not.toContain('worker thread 3');
  });

  it('what was not measured is no number, and the columns of all numbers show each worker', async () => {
    const markdown = await renderMarkdown(resultsOf({ cells: [LOOP, threads(2)] }));
    expect(markdown).toContain('not measured, not measured; main 0.40');
    expect(markdown).toContain('|the event loop|main thread|97%|0%|0%|0%|3%|not measured|0%|');
  });

  it('a terminal shows the configurations that the verdict is about, all others are in Markdown and on the page', async () => {
    const group = reportResults();
    const lanes = [profiledWorker('main', { idle: 1 }), profiledWorker('thread', { own: 1 })];
    const cells = group.cells.map((cell) => ({
      ...cell,
      profile: { workers: lanes, profiledMs: 500, countedMs: 500 },
    }));
    const [text, markdown] = [
      await renderTerminal({ ...group, cells }, plainPaint),
      await renderMarkdown({ ...group, cells }),
    ];
    const rowsIn = (shown: string): number => shown.match(/main thread *\|? *0%/g)?.length ?? 0;
    expect(rowsIn(text)).toBeGreaterThan(0);
    expect(rowsIn(text)).toBeLessThan(rowsIn(markdown));
  });
});
