import { expect, it } from 'vitest';
import { judgedMs, latencyText } from '../../../dist/src/report/load/judged-latency.js';
import { atRateOf } from '../../support/load-results.js';

const OBJECTIVE = { quantile: 'p95', ms: 50 } as const;

it('the judged latency is that of the interval, and not that of the tasks that were done', () => {
  const objectiveMs = { estimate: 25.75, lo: 24.17, hi: 32.36 };
  expect(judgedMs(atRateOf(40, 4, { objectiveMs, rejectedShare: 0.04 }), OBJECTIVE)).toBe(25.75);
});

it('the judged latency without an interval is that of what was done, unless too much was not', () => {
  expect(judgedMs(atRateOf(40), OBJECTIVE)).toBe(3);
  expect(judgedMs(atRateOf(40, 4, { rejectedShare: 0.03, failedShare: 0.01 }), OBJECTIVE)).toBe(3);
  const lost = judgedMs(atRateOf(40, 4, { rejectedShare: 0.03, gaveUpShare: 0.01, failedShare: 0.02 }), OBJECTIVE);
  expect(lost).toBe(Number.POSITIVE_INFINITY);
  expect(judgedMs(atRateOf(40, 0, { latencyMs: { p50: 0, p90: 0, p95: 0, p99: 0, max: 0 } }), OBJECTIVE)).toBe(lost);
  expect([lost, 0, 3].map(latencyText)).toEqual(['none', 'none', '3.00']);
});
