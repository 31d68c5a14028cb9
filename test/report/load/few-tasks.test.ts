import { describe, expect, it } from 'vitest';
import type { AtRate, MeasuredLoadCell } from '../../../dist/src/model/load.js';
import { fewTasksSentence, missedSentence, shortWindowSentence } from '../../../dist/src/report/load/few-tasks.js';
import { atRateOf, loadOf } from '../../support/load-results.ts';

const OBJECTIVE = { objective: { quantile: 'p99', ms: 50 } } as const;

describe('a quantile of few tasks', () => {
  it('lies between the two slowest of a window, and the report has the size from which it does not', () => {
    expect(fewTasksSentence({ requests: 60, settling: 15 }, OBJECTIVE)).toBe(
      'A window counts 45 tasks, so its p99 lies between the two slowest of them and varies much. From --window 135 on, at least one counted task is slower than it.',
    );
    expect(fewTasksSentence({ requests: 133, settling: 33 }, OBJECTIVE)).toContain('counts 100 tasks, so');
    expect(fewTasksSentence({ requests: 100, settling: 25, leastWindowMs: 500 }, OBJECTIVE)).toContain(
      'counts 75 tasks (at high rates more), so',
    );
  });

  it.each([
    [134, 33, 'p99'],
    [60, 15, 'p95'],
    [16, 4, 'p90'],
  ] as const)(
    'is not reported of windows of %i arrivals less %i, whose %s has a slower task',
    (requests, settling, quantile) => {
      expect(fewTasksSentence({ requests, settling }, { objective: { quantile, ms: 50 } })).toBeUndefined();
    },
  );
});

describe('a short window at a high rate', () => {
  const at = (requests: number, rates: number[], given: { readonly leastWindowMs?: number } = {}) =>
    shortWindowSentence({ requests, ...given }, { ...OBJECTIVE, rates });

  it('may end before a queue has grown', () => {
    expect(at(40, [20, 400])).toBe(
      'At 400 tasks a second a window lasts 100 ms, less than ten objectives: it may end before a queue has grown, and latencies in a longer one (--window) may be higher.',
    );
  });

  it('is long enough from ten objectives on, as in a search', () => {
    expect(at(200, [20, 400])).toBeUndefined();
    expect(at(199, [20, 400])).toContain('lasts 498 ms');
    expect(at(40, [20, 400], { leastWindowMs: 500 })).toBeUndefined();
  });
});

describe('an objective that is held', () => {
  const cellWith = (over: Partial<AtRate>): MeasuredLoadCell => {
    const [cell] = loadOf(4).cells;
    if (cell?.status !== 'ok') throw new Error('it was measured');
    return { ...cell, rates: [atRateOf(40, 4, over)] };
  };

  it('is reported with the share that missed it, where that is more than the objective allows', () => {
    expect(missedSentence(40, [cellWith({ holds: 'yes', missShare: 0.021 })], OBJECTIVE)).toBe(
      'Holds in a typical window, yet more than 1% of all tasks missed it, since some windows are much slower: the event loop (2.1%).',
    );
  });

  it.each([
    ['no more than the objective allows missed it', { holds: 'yes', missShare: 0.01 }],
    ['it is not held', { holds: 'unsure', missShare: 0.5 }],
  ] as const)('has no such share where %s', (_where, over) => {
    expect(missedSentence(40, [cellWith(over)], OBJECTIVE)).toBeUndefined();
    expect(missedSentence(20, [cellWith(over)], OBJECTIVE)).toBeUndefined();
  });
});
