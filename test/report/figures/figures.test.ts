import { describe, expect, it } from 'vitest';
import type { Results } from '../../../dist/src/model/results.js';
import { drawFigures } from '../../../dist/src/report/figures/figures.js';
import type { Figure } from '../../../dist/src/report/figures/figure.js';
import { groupResults } from '../../../dist/src/stats/groups.js';
import { cellOf } from '../../support/results.js';
import { around, HOSTILE, reportResults, run } from '../../support/report-results.js';

/** So much a browser draws and scrolls at once; of one figure, all its drawings together. */
const ELEMENTS_LIMIT = 6000;

async function draw(results: Results): Promise<readonly Figure[]> {
  return drawFigures(groupResults(results), results);
}

const SCANNED = reportResults(
  [1, 2, 3].map((size) => ({ workload: 'work', params: { size }, title: `work[size=${size}]` })),
);

function countOf(figure: Figure): number {
  return figure.panels.reduce((sum, { svg }) => sum + (svg.match(/<[a-z]/g)?.length ?? 0), 0);
}

const DRAWN = await draw(SCANNED);

describe('the figures', () => {
  it('are seven for a scan, with timeline and concurrency directly after the speedups', async () => {
    expect(DRAWN.map(({ id }) => id)).toEqual([
      'speedups',
      'timeline',
      'concurrency',
      'scaling',
      'responsiveness',
      'task-times',
      'winners',
    ]);
  });

  it('are omitted if the results lack their data', async () => {
    const results = reportResults();
    const [loop] = results.cells;
    const alone = { ...results, cells: loop === undefined ? [] : [loop], comparisons: [], timelines: [] };
    expect((await draw(alone)).map(({ id }) => id)).toEqual(['concurrency', 'responsiveness', 'task-times']);
    expect(await draw({ ...alone, cells: [] })).toEqual([]);
    const empty = results.timelines.map(({ cell }) => ({ cell, slices: [] }));
    expect((await draw({ ...results, timelines: empty })).map(({ id }) => id)).not.toContain('timeline');
  });

  it.each(DRAWN)('$id asks a question, explains how to read the answer, and has a text alternative', (figure) => {
    expect(figure.question).toMatch(/\?$/);
    expect(figure.howToRead).toMatch(/\.$/);
    for (const { svg } of figure.panels) {
      expect(svg).toMatch(/^<svg [^>]*role="img"/);
      const labelledBy = / aria-labelledby="([^"]+)"/.exec(svg)?.[1];
      const describedBy = / aria-describedby="([^"]+)"/.exec(svg)?.[1];
      expect(svg).toMatch(new RegExp(`<title id="${labelledBy}">[^<]+\\?</title>`));
      expect(svg).toMatch(new RegExp(`<desc id="${describedBy}">[^<]{20,}</desc>`));
    }
  });

  it('explain of pools of growing size only what is drawn: no band without a model, no ring without a knee', async () => {
    const explained = async (results: Results): Promise<string | undefined> =>
      (await draw(results)).find(({ id }) => id === 'scaling')?.howToRead;
    const plain = reportResults();
    expect(await explained(plain)).not.toMatch(/band|ring/);
    const [first, second] = plain.cells.filter(({ strategy }) => strategy === 'worker-threads');
    const cells = [first?.id ?? '', second?.id ?? ''];
    const scaling = { workload: 'work', params: {}, cells, level: 0.95, points: [], knee: first?.poolSize };
    expect(await explained({ ...plain, scaling: [scaling as never] })).toMatch(
      /^Each curve is a pool of growing size; thin lines are CIs\. The ring is the knee: [^.]+\. The dashed/,
    );
  });

  it('have unique ids', async () => {
    const ids = DRAWN.flatMap(({ panels }) => panels.flatMap(({ svg }) => svg.match(/ id="[^"]+"/g) ?? []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('have no inline styles and no scripts, which the policy of the page forbids', async () => {
    for (const { panels } of DRAWN)
      for (const { svg } of panels) expect(svg).not.toMatch(/<style|<script|<a |\sstyle=|\son\w+=|href=/);
  });

  it('escape hostile names', async () => {
    for (const { panels } of await draw(reportResults([{ workload: HOSTILE }])))
      for (const { svg } of panels) expect(svg).not.toMatch(/<\/script|<img/);
  });
});

describe('the timelines', () => {
  /** Five configurations; those of the fixture are 2 worker threads (chosen), the event loop (baseline), 1 worker thread. */
  async function withTimelines(...ids: readonly string[]): Promise<Figure | undefined> {
    const results = reportResults();
    const cells = [...results.cells, ...ids.map((id) => cellOf({ id: `work/${id}`, wallsMs: [20, 20] }))];
    const timelines = cells.map(({ id, strategy }) => ({
      cell: id,
      slices: strategy === 'process-per-task' ? [run(0, 0, 500, 900)] : [run(0, 0, 0, 10)],
    }));
    return (await draw({ ...results, cells, timelines })).find(({ id }) => id === 'timeline');
  }

  it('show the choice, the baseline, the closest one and sequential, and the others on request', async () => {
    const figure = await withTimelines('sequential', 'child-processes@2');
    const [panel] = figure?.panels ?? [];
    const named = ['2 worker threads', 'The event loop', '1 worker thread', 'Sequential execution'];
    for (const name of named) expect(panel?.svg).toContain(`>${name} · `);
    expect(panel?.svg).not.toContain('child processes');
    expect(panel?.more?.heading).toBe('1 other configuration');
    expect(panel?.more?.svg).toContain('>2 child processes · ');
  });

  it('have one sentence for all that start beyond the edge', async () => {
    const figure = await withTimelines('process-per-task@1', 'process-per-task@2');
    expect(figure?.panels[0]?.more).toBeUndefined();
    expect(figure?.omitted.filter((text) => text.includes('beyond the right edge'))).toHaveLength(1);
    expect(figure?.omitted.join(' ')).toMatch(/\(1 at once\).*; .*\(2 at once\)/);
  });
});

describe('content beyond the limits of a figure', () => {
  const groups = Array.from({ length: 60 }, (_group, index) => ({ workload: `work-${index}` }));

  it('is omitted, and the figure says so', async () => {
    for (const figure of await draw(reportResults(groups))) {
      expect(figure.panels).toHaveLength(12);
      expect(figure.omitted.join(' ')).toContain('12 of 60');
    }
  });

  it('is drawn in steps for slices of a timeline, each showing the task that ran longest', async () => {
    const results = reportResults();
    const slices = Array.from({ length: 100_000 }, (_slice, index) => run(index % 4, 0, index / 10, (index + 1) / 10));
    const figure = (await draw({ ...results, timelines: [{ cell: 'work/event-loop', slices }] })).find(
      ({ id }) => id === 'timeline',
    );
    expect(figure?.omitted.join(' ')).toMatch(/shown in steps of [\d.]+ ms/);
    expect(figure && countOf(figure)).toBeLessThan(ELEMENTS_LIMIT);
  });

  it('is omitted for timelines with many lanes, or many tasks in flight in one', async () => {
    const results = reportResults();
    const lanes = Array.from({ length: 200 }, (_lane, lane) => run(lane, lane, 0, 10));
    const tasks = Array.from({ length: 200 }, (_task, task) => run(task, 0, 0, 10));
    const figure = (
      await draw({
        ...results,
        timelines: [
          { cell: 'work/event-loop', slices: tasks },
          { cell: 'work/worker-threads@2', slices: lanes },
        ],
      })
    ).find(({ id }) => id === 'timeline');
    expect(figure?.omitted).toEqual([
      'work: 2 worker threads: the first 16 of 200 workers are drawn.',
      'work: The event loop: 12 of 200 tasks in flight in a worker are drawn; the strip counts all.',
    ]);
  });

  it('keeps the number of elements bounded, with 60 workloads of 200 configurations and thousands of slices', async () => {
    const many = reportResults(groups);
    const cells = many.workloads.flatMap(({ name }) =>
      Array.from({ length: 200 }, (_cell, index) =>
        cellOf({
          id: `${name}/worker-threads@${index + 3}`,
          workload: name,
          strategy: 'worker-threads',
          poolSize: index + 3,
          wallsMs: around(30),
        }),
      ),
    );
    const comparisons = cells.map(({ id, workload }) => ({
      workload,
      params: {},
      baseline: `${workload}/event-loop`,
      contender: id,
      speedup: { estimate: 1.3, lo: 1.2, hi: 1.4, level: 0.999 },
      verdict: 'faster' as const,
      blocks: 6,
    }));
    const timelines = many.cells.map(({ id }) => ({
      cell: id,
      slices: Array.from({ length: 3000 }, (_slice, index) => run(index % 7, index % 3, index, index + 1)),
    }));
    const figures = await draw({
      ...many,
      cells: [...many.cells, ...cells],
      comparisons: [...many.comparisons, ...comparisons],
      timelines,
    });
    expect(figures.map(({ id }) => id)).toContain('scaling');
    for (const figure of figures) expect(countOf(figure), figure.id).toBeLessThan(ELEMENTS_LIMIT);
  });
});
