import { describe, expect, it } from 'vitest';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { byCurve, curvesOf, groupResults } from '../../dist/src/stats/groups.js';
import { reportResults } from '../support/report-results.js';
import { cellOf, resultsOf } from '../support/results.js';

describe('byCurve', () => {
  const pool = (poolSize: number, more: Partial<MeasuredCell> = {}): MeasuredCell => ({
    ...cellOf({ id: `work/worker-threads@${poolSize}`, strategy: 'worker-threads', poolSize, wallsMs: [100] }),
    ...more,
  });

  it('puts the sizes of one pool into one curve, the smallest first', () => {
    const curves = byCurve([pool(4), pool(1), pool(2)]);
    expect(curves.map(({ cells }) => cells.map(({ poolSize }) => poolSize))).toEqual([[1, 2, 4]]);
  });

  it('keeps apart all that differs in more than its pool size', () => {
    const others = [pool(2), pool(2, { concurrency: 4 }), pool(2, { uvThreads: 16 }), pool(2, { runtime: 'node24' })];
    const twin = pool(2, { twin: 2 });
    expect(byCurve([...others, twin]).map(({ name }) => name)).toEqual([
      'worker-threads',
      'worker-threads x4',
      'worker-threads~uv16',
      'worker-threads node24',
      'worker-threads#2',
    ]);
  });
});

describe('curvesOf', () => {
  it('is how many times as fast as the baseline each size is', () => {
    const curves = groupResults(reportResults()).flatMap(curvesOf);
    expect(
      curves.map(({ name, points }) => [name, points.map(({ lanes, speedup }) => [lanes, speedup.estimate])]),
    ).toEqual([
      [
        'worker-threads',
        [
          [1, 0.96],
          [2, 2],
        ],
      ],
    ]);
  });

  it('has the baseline itself, so that the model of its pool can be drawn', () => {
    const cells = [1, 2, 4].map((size) => cellOf({ id: `work/worker-threads@${size}`, wallsMs: [100 / size] }));
    const comparisons = cells.slice(1).map(({ id, poolSize }) => ({
      workload: 'work',
      params: {},
      baseline: 'work/worker-threads@1',
      contender: id,
      speedup: { estimate: poolSize, lo: poolSize, hi: poolSize, level: 0.95 },
      verdict: 'faster' as const,
      blocks: 8,
    }));
    const options = { ...resultsOf().options, baseline: 'worker-threads@1' };
    const [curve] = groupResults(resultsOf({ options, cells, comparisons })).flatMap(curvesOf);
    expect(curve?.points.map(({ lanes, speedup }) => [lanes, speedup.estimate])).toEqual([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
  });

  it('has none of two versions', () => {
    const made = reportResults();
    const workloads = made.workloads.map((workload) => ({ ...workload, newerSource: 'new.js' }));
    expect(groupResults({ ...made, workloads }).flatMap(curvesOf)).toEqual([]);
  });
});
