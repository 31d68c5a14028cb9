import { describe, expect, it } from 'vitest';
import {
  checkedIn,
  isHeld,
  isInRange,
  missedIn,
  tabulateChecked,
  tabulateRecovered,
} from '../../../dist/scripts/evidence/model.js';
import { cellOf, resultsOf } from '../../support/results.js';

describe('the known contention', () => {
  it('lies within the CI, or is reported as missed', () => {
    const one = { pool: 'worker-threads', contention: 0.1, fits: true };
    const held = { ...one, found: { estimate: 0.11, lo: 0.09, hi: 0.12 } };
    const missed = { ...one, found: { estimate: 0.13, lo: 0.11, hi: 0.15 }, fits: false };
    expect([held, missed].map(isHeld)).toEqual([true, false]);
    const rows = tabulateRecovered([held, missed]).split('\n').slice(2);
    expect(rows[0]).toMatch(/10\.0% \| +11\.0% \| +9\.0%–12\.0% \| yes +\| yes/);
    expect(rows[1]).toMatch(/\| no +\| no/);
  });
});

describe('a prediction', () => {
  it('has a row with its error for each measured size, and whether a report would print it without that size', () => {
    const blocks = Array.from({ length: 8 }, (_, block) => 100 + block);
    const one = cellOf({ id: 'work/worker-threads@1', wallsMs: blocks });
    const two = cellOf({ id: 'work/worker-threads@2', wallsMs: blocks.map((wallMs) => wallMs / 1.8) });
    const slices = Array.from({ length: 8 }, (_, task) => ({
      task,
      lane: 0,
      kind: 'run' as const,
      startMs: task,
      endMs: task + 1,
    }));
    const timelines = [{ cell: one.id, slices, batchMs: 8, tasks: 8 }];
    const noise = [{ workload: 'work', params: {}, hit: 0, repeated: 0, blocks: [], discarded: [] }];
    const found = checkedIn(resultsOf({ cells: [one, two], timelines, noise }), 'compute');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ from: 'worker-threads@1', lanes: 2, measured: expect.closeTo(1.8, 5) as number });
    const rows = tabulateChecked([
      { work: 'compute', from: 'one', lanes: 2, predicted: 1.9, measured: 1.8, error: 0.0556, doubt: undefined },
      { work: 'http', from: 'four', lanes: 64, predicted: 6, measured: 4, error: 0.5, doubt: 'cpu-bound' },
    ]).split('\n');
    expect(rows[2]?.split('|').map((text) => text.trim())).toEqual([
      '',
      'compute',
      'one',
      '2',
      '1.90',
      '1.65–2.11',
      '1.80',
      '5.6%',
      'yes',
      '',
    ]);
    expect(rows[3]).toMatch(/\| no: cpu-bound +\|$/);
  });

  it('may be off by 10%, for tasks below a millisecond by 15%, and its range by more on the side where it errs', () => {
    const checked = (work: string, error: number) => ({
      work,
      from: 'worker-threads@1',
      lanes: 2,
      predicted: 1 + error,
      measured: 1,
      error,
      doubt: undefined,
    });
    const cases = [
      checked('compute-1', 0.09),
      checked('compute-1', 0.12),
      checked('compute-0.2', 0.12),
      checked('http', -0.11),
    ];
    expect(missedIn(cases)).toEqual([cases[1], cases[3]]);
    expect(cases.map(isInRange)).toEqual([true, true, true, false]);
  });
});
