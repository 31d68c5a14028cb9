import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { MeasuredCell, Results } from '../../../dist/src/model/results.js';
import { drawFigures } from '../../../dist/src/report/figures/figures.js';
import { groupResults } from '../../../dist/src/stats/groups.js';
import { reportResults } from '../../support/report-results.js';

/** Everything that is drawn differs from cell to cell. */
function results(): Results {
  const made = reportResults();
  const cells = made.cells.map((cell, index): MeasuredCell => {
    if (cell.status !== 'ok') throw new Error('it is made up of measured cells');
    const taskMs = { p5: 2, p25: 4, p50: 5, p75: 6, p90: 7, p95: 8, p99: 9, max: 10 + index };
    const loopDelayMs = { p50: 0.1, p99: 1 + index, max: 20 + index };
    return {
      ...cell,
      summary: { ...cell.summary, tasksInFlight: 1 + index, cpusUsed: 0.4 + index * 0.7, taskMs, loopDelayMs },
    };
  });
  return { ...made, cells };
}

async function drawn(id: string, of: Results = results()): Promise<Element> {
  const figure = (await drawFigures(groupResults(of), of)).find((other) => other.id === id);
  const { document } = parseHTML(`<!doctype html><html><body>${figure?.panels[0]?.svg ?? ''}</body></html>`);
  const svg = document.querySelector('svg');
  if (svg === null) throw new Error(`${id} was not drawn`);
  return svg;
}

async function textOf(id: string, of?: Results): Promise<string> {
  return (await drawn(id, of)).querySelector('desc')?.textContent ?? '';
}

const number = (element: Element, name: string): number => Number(element.getAttribute(name));
/** Of something that Plot puts in place by `translate(x,y)`. */
const place = (element: Element): readonly number[] =>
  (/translate\(([^)]+)\)/.exec(element.getAttribute('transform') ?? '')?.[1] ?? '').split(',').map(Number);
/** Marks of cells: they alone have the colour of a strategy each. */
const marks = (svg: Element, tag: string): Element[] => [
  ...svg.querySelectorAll(`${tag}[stroke="var(--loop)"], ${tag}[stroke="var(--threads)"]`),
];

describe('the speedups', () => {
  it('have a text alternative: estimate, CI and verdict of each configuration, fastest first', async () => {
    expect(await textOf('speedups')).toBe(
      'Speedup over the event loop, with 97.5% CIs: 2 worker threads 2.00× (1.90–2.10), faster; the event loop 1.00×; 1 worker thread 0.96× (0.90–1.02), unclear.',
    );
  });

  it('draw the CI as a line and the estimate as a mark', async () => {
    const svg = await drawn('speedups');
    const lines = marks(svg, 'line').map((line) => [number(line, 'x1'), number(line, 'x2')].toSorted((a, b) => a - b));
    const signs = marks(svg, 'path').map((sign) => place(sign)[0] ?? 0);
    // On a logarithmic axis from 0.5 / 1.1 to 2.1 * 1.1, 368 px wide, 16 px from the left.
    const at = (value: number): number =>
      16 + (368 * Math.log(value / (0.5 / 1.1))) / Math.log((2.1 * 1.1) / (0.5 / 1.1));
    for (const [index, [lo, estimate, hi]] of (
      [
        [1.9, 2, 2.1],
        [1, 1, 1],
        [0.9, 0.96, 1.02],
      ] as const
    ).entries()) {
      expect(lines[index]?.[0]).toBeCloseTo(at(lo), 0);
      expect(lines[index]?.[1]).toBeCloseTo(at(hi), 0);
      expect(signs[index]).toBeCloseTo(at(estimate), 0);
    }
  });

  it('of two versions are over the older one, without a curve over pool sizes', async () => {
    const made = results();
    const of = { ...made, workloads: made.workloads.map((workload) => ({ ...workload, newerSource: 'new.js' })) };
    expect(await textOf('speedups', of)).toMatch(/^Speedup over its older version/);
    expect((await drawFigures(groupResults(of), of)).map(({ id }) => id)).toEqual([
      'speedups',
      'timeline',
      'concurrency',
      'responsiveness',
      'task-times',
    ]);
  });
});

describe('concurrency and parallelism', () => {
  it('draws more tasks in flight further right, and more CPUs used further up', async () => {
    const signs = marks(await drawn('concurrency'), 'path').map(place);
    expect(signs).toHaveLength(3);
    // The cells of the fixture rise in both; they are drawn fastest first: the third, the first, the second.
    expect(signs).toHaveLength(3);
    const [third = [], first = [], second = []] = signs;
    const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0], [x3 = 0, y3 = 0]] = [first, second, third];
    expect([x1 < x2, x2 < x3]).toEqual([true, true]);
    // Pixels count from the top.
    expect([y1 > y2, y2 > y3]).toEqual([true, true]);
    expect(await textOf('concurrency')).toBe(
      'Tasks in flight and CPUs used, of 2: 2 worker threads 3.00 and 1.80; the event loop 1.00 and 0.40; 1 worker thread 2.00 and 1.10.',
    );
  });
});

describe('the curve over pool sizes', () => {
  it('goes through the estimates, also in its text alternative', async () => {
    expect(await textOf('scaling')).toBe(
      'Worker threads: 1 worker 0.96 (0.90 to 1.02), 2 workers 2.00 (1.90 to 2.10).',
    );
    const intervals = [...(await drawn('scaling')).querySelectorAll('g[stroke="var(--threads)"] > line')].map((line) =>
      Math.abs(number(line, 'y1') - number(line, 'y2')),
    );
    // 0.12 and 0.2 of a speed-up.
    expect((intervals[1] ?? 0) / (intervals[0] ?? 1)).toBeCloseTo(0.2 / 0.12, 1);
  });
});

describe('the curves of pools with different sizes of the libuv pool', () => {
  it('are separate, each named with its size', async () => {
    const made = results();
    const withUv = (uvThreads: number) =>
      made.cells
        .filter(({ strategy }) => strategy === 'worker-threads')
        .map((cell) => ({ ...cell, id: `${cell.id}~uv${uvThreads}`, uvThreads }));
    const cells = [...made.cells.filter(({ strategy }) => strategy === 'event-loop'), ...withUv(4), ...withUv(16)];
    const comparisons = [4, 16].flatMap((uvThreads) =>
      made.comparisons.map((each) => ({ ...each, contender: `${each.contender}~uv${uvThreads}` })),
    );
    expect(await textOf('scaling', { ...made, cells, comparisons })).toMatch(
      /^Worker threads with 4 libuv threads: 1 worker 0\.96 .*\. Worker threads with 16 libuv threads: 1 worker 0\.96 /,
    );
  });
});

describe('event-loop delay', () => {
  it('is a line from the median to the mark at p99, with a cross at the maximum', async () => {
    const svg = await drawn('responsiveness');
    const lines = marks(svg, 'line').map((line) => [number(line, 'x1'), number(line, 'x2')].toSorted((a, b) => a - b));
    const places = marks(svg, 'path').map((sign) => place(sign)[0] ?? 0);
    expect(lines).toHaveLength(3);
    for (const [index, [low = 0, high = 0]] of lines.entries()) {
      expect(low).toBeLessThan(high);
      expect(places[index]).toBeCloseTo(high, 0);
      expect(places[index + 3]).toBeGreaterThan(high);
    }
    expect(await textOf('responsiveness')).toContain('the event loop: median 0.100, p99 1.00, worst 20.0 ms');
  });
});

describe('times of a task', () => {
  it('are thick from p25 to p75, thin from p5 to p95, with a stroke at p99 and a cross at the longest', async () => {
    const svg = await drawn('task-times');
    const lines = marks(svg, 'line').map((line) => [number(line, 'x1'), number(line, 'x2')].toSorted((a, b) => a - b));
    const [thin = [], thick = [], p99 = []] = [lines[0], lines[3], lines[6]];
    const cross = place(marks(svg, 'path')[0] ?? svg)[0] ?? 0;
    const order = [thin[0], thick[0], thick[1], thin[1], p99[0], cross] as number[];
    expect(new Set(order).size).toBe(6);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(await textOf('task-times')).toContain(
      'the event loop: p5 2.00, median 5.00, p95 8.00, p99 9.00, longest 10.0 ms',
    );
  });
});

describe('the winners of a scan', () => {
  const scanned = (params: readonly Readonly<Record<string, number>>[]): Results => {
    const made = reportResults(
      params.map((each) => ({ workload: 'work', params: each, title: `work${JSON.stringify(each)}` })),
    );
    // The tie is with what no verdict calls slower.
    const [, open] = made.comparisons;
    return {
      ...made,
      comparisons: made.comparisons.map((each) => (each === open ? { ...each, verdict: 'inconclusive' } : each)),
      recommendations: made.recommendations.map((each, index) =>
        index === 0 ? { ...each, tied: [...each.tied, each.choose.replace('worker-threads@2', 'event-loop')] } : each,
      ),
    };
  };

  it('fill the choice at each value, and hatch its ties', async () => {
    const one = scanned([{ size: 1 }, { size: 2 }]);
    const fills = marks(await drawn('winners', one), 'rect').map((square) => square.getAttribute('fill'));
    expect(fills).toEqual(['var(--threads)', 'url(#hatch-loop)', 'var(--threads)']);
    expect(await textOf('winners', one)).toBe(
      'work{"size":1}: 2 worker threads, tied with: the event loop; work{"size":2}: 2 worker threads.',
    );
  });

  it('name the choice in each square of a plane, hatched if others are tied', async () => {
    const two = scanned([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      { a: 2, b: 2 },
    ]);
    const svg = await drawn('winners', two);
    expect(marks(svg, 'rect').map((square) => square.getAttribute('fill'))).toEqual([
      'url(#hatch-threads)',
      ...Array.from({ length: 3 }, () => 'var(--threads)'),
    ]);
    const texts = [...svg.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts.filter((text) => text.startsWith('2 worker'))).toEqual([
      '2 worker threads (tie)',
      ...Array.from({ length: 3 }, () => '2 worker threads'),
    ]);
  });

  it('report that three params cannot be drawn', async () => {
    const three = scanned([
      { a: 1, b: 1, c: 1 },
      { a: 2, b: 2, c: 2 },
    ]);
    const figure = (await drawFigures(groupResults(three), three)).find(({ id }) => id === 'winners');
    expect(figure?.panels).toEqual([]);
    expect(figure?.omitted[0]).toContain('3 params (a, b, c)');
  });
});
