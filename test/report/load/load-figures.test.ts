import { describe, expect, it } from 'vitest';
import type { LoadResults, MeasuredLoadCell } from '../../../dist/src/model/load.js';
import { drawLoad } from '../../../dist/src/report/load/load-figures.js';
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
    rates: rates.map((rate) => ({
      rate,
      latencyMs: { p50: 1, p90: 2, p95: 3, p99: p99(rate), max: 9 },
      objectiveMs: rate > 150 ? null : { estimate: p99(rate), lo: p99(rate) / 2, hi: p99(rate) * 2 },
      missShare: 0,
      rejectedShare: 0,
      gaveUpShare: 0,
      wastedShare: 0,
      wastedRunning: 0,
      holds: 'unsure',
    })),
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
