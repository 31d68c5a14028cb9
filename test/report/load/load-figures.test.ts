import { describe, expect, it } from 'vitest';
import type { LoadResults, MeasuredLoadCell } from '../../../dist/src/model/load.js';
import { drawLoad } from '../../../dist/src/report/load/load-figures.js';
import { atRateOf } from '../../support/load-results.js';
import { windowOf } from '../../support/windows.js';

const OF = { workload: 'work', params: {} };

function cellOf(id: string, rates: readonly number[], p99: (rate: number) => number, ping?: number): MeasuredLoadCell {
  const probeMs = ping === undefined ? {} : { probeMs: { n: 50, p50: 1, p90: 2, p99: ping } };
  return {
    id,
    strategy: 'worker-threads',
    poolSize: 2,
    concurrency: 1,
    family: 'threads',
    ...OF,
    startupMs: [],
    windows: rates.map((rate) => windowOf(0, 0, p99(rate), { rate, ...probeMs })),
    status: 'ok',
    rates: rates.map((rate) =>
      atRateOf(rate, p99(rate), {
        objectiveMs: rate > 150 ? null : { estimate: p99(rate), lo: p99(rate) / 2, hi: p99(rate) * 2 },
      }),
    ),
  };
}

function resultsOf(cell: MeasuredLoadCell, over: Partial<LoadResults> = {}): LoadResults {
  const objective = { quantile: 'p99', ms: 50 } as const;
  const rate = { estimate: 120, lo: 110, hi: null, level: 0.95 };
  const held = [{ ...OF, cell: cell.id, kind: 'at', rate, searched: 118, missShare: 0.01, blocks: 8 }] as const;
  return {
    workloads: [{ ...OF, name: 'work', title: 'work', objective, rates: [] }],
    cells: [cell],
    held,
    ...over,
  } as never;
}

const RATES = [80, 100, 130, 200];

describe('the figures of a load measurement', () => {
  it('are the held rates, the latencies and the pings, each with its numbers in words', () => {
    const figures = drawLoad(resultsOf(cellOf('threads', RATES, (rate) => rate / 2, 4)));
    expect(figures.map(({ id }) => id)).toEqual(['held', 'latencies', 'pings']);
    const [held, latencies, pings] = figures.map(({ panels }) => panels[0]?.svg ?? '');
    expect(held).toContain('Tasks a second that each configuration holds: 2 worker threads 120 (from 110).');
    expect(latencies).toContain('2 worker threads: 40.0 ms at 80.0 a second, 50.0 ms at 100 a second');
    expect(pings).toContain('2 worker threads: 4.00 ms at 80.0 a second');
  });

  it('draw at the upper edge where too many tasks have no result, however fast the others were', () => {
    const cell = cellOf('threads', RATES, (rate) => rate / 2);
    const rates = cell.rates.map((one) => (one.rate === 200 ? { ...one, rejectedShare: 0.4 } : one));
    const svg = drawLoad(resultsOf({ ...cell, rates }))[1]?.panels[0]?.svg ?? '';
    expect(svg).toContain('65.0 ms at 130 a second, too many without a result at 200 a second');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('draw the interval of a single rate as a bar, since a band would have no width, and speak of no ring', () => {
    const { held: _none, ...given } = resultsOf(cellOf('threads', [80], (rate) => rate / 2));
    const figure = drawLoad(given as LoadResults).find(({ id }) => id === 'latencies');
    const bars = [...(figure?.panels[0]?.svg ?? '').matchAll(/stroke-width="7"[^>]*>\s*<line ([^>]*)>/g)];
    expect(bars).toHaveLength(1);
    const [y1, y2] = ['y1', 'y2'].map((name) =>
      Number(new RegExp(`${name}="([\\d.]+)"`).exec(bars[0]?.[1] ?? '')?.[1]),
    );
    expect(Math.abs((y1 ?? 0) - (y2 ?? 0))).toBeGreaterThan(20);
    expect(figure?.howToRead).not.toContain('ring');
  });

  it('have room for the whole number at either end of an axis', () => {
    // The axis ends a quarter beyond what is held.
    const rate = { estimate: 240, lo: 125, hi: 240, level: 0.95 };
    const results = resultsOf(cellOf('threads', RATES, (one) => one / 2));
    const [drawn] = drawLoad({ ...results, held: results.held?.map((one) => ({ ...one, rate })) ?? [] });
    const svg = drawn?.panels[0]?.svg ?? '';
    const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
    const numbers = [...svg.matchAll(/translate\(([\d.]+),[\d.]+\)" y="0.7em">(\d+)</g)];
    expect(numbers.map(([, , text]) => text)).toEqual(['100', '200', '300']);
    const digitPx = 8;
    for (const [, at, text = ''] of numbers) {
      expect(Number(at) - (text.length * digitPx) / 2).toBeGreaterThanOrEqual(0);
      expect(Number(at) + (text.length * digitPx) / 2).toBeLessThanOrEqual(width);
    }
  });

  it('mark a held rate whose windows were mostly refused, and ring it nowhere', () => {
    const results = resultsOf(cellOf('threads', RATES, (rate) => rate / 2));
    const held = results.held?.map((one) => ({ ...one, isDriverLimited: true as const }));
    const [drawn, latencies] = drawLoad({ ...results, ...(held && { held }) });
    expect(drawn?.panels[0]?.svg).toContain('120 (from 110), driver-limited');
    expect(drawLoad(results)[1]?.panels[0]?.svg).not.toBe(latencies?.panels[0]?.svg);
  });

  it('draw where the time went at each common rate, with the parts of every configuration in words', () => {
    const all = { late: 1, accept: 2, queue: 3, task: 10, back: 4 };
    const meanParts = { all, slowest: { ...all, queue: 33 } };
    const cell = cellOf('threads', RATES, (rate) => rate / 2);
    const windows = cell.windows.map((window) => ({
      ...window,
      meanParts,
      state: window.rate > 90 ? ('overloaded' as const) : ('ok' as const),
    }));
    const results = resultsOf({ ...cell, windows }, { options: { via: 'http' } as never });
    const workloads = results.workloads.map((workload) => ({ ...workload, rates: [80, 100] }));
    const parts = drawLoad({ ...results, workloads }).find(({ id }) => id === 'parts');
    expect(parts?.howToRead).toContain('Means over the slowest 1% of the tasks that were done');
    // No window at 100 a second is whole.
    expect(parts?.panels.map(({ title }) => title)).toEqual(['work at 80.0 tasks a second']);
    expect(parts?.panels[0]?.svg).toContain(
      '2 worker threads: 1.00 ms not sent in time, 2.00 ms waiting to be accepted, 33.0 ms queued, 10.0 ms running, 4.00 ms on the way back.',
    );
    expect(parts?.panels[0]?.more?.svg).toContain('3.00 ms queued');
  });

  it('are the latencies alone in process at given rates', () => {
    const { held: _none, ...results } = resultsOf(cellOf('threads', RATES, (rate) => rate / 2));
    expect(drawLoad(results).map(({ id }) => id)).toEqual(['latencies']);
  });

  it('draw a latency far above the objective at the upper edge', () => {
    const [, latencies] = drawLoad(resultsOf(cellOf('threads', RATES, (rate) => (rate > 150 ? 1e9 : 20))));
    expect(latencies?.panels[0]?.svg).not.toContain('NaN');
    expect(latencies?.howToRead).toContain('above 12 times the objective');
  });
});
