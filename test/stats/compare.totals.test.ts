import { describe, expect, it } from 'vitest';
import { totalSpeedup, unrepeated } from '../../dist/src/stats/compare.js';
import { cellOf, samplesOf } from '../support/results.js';

describe('the CI of the speedup of all batches together', () => {
  const HUNDREDS = Array.from({ length: 10 }, () => 100);
  const intervalOf = (baseline: readonly number[], contender: readonly number[]) =>
    totalSpeedup(samplesOf(baseline), samplesOf(contender));

  // References: 100,000 resamples of the blocks in Python, with numpy.quantile of ln(ratio of the totals), and of its
  // distance from the estimate in standard errors, which are those of the delta method.
  it('reaches as far as the studentized bootstrap if a block is off, or blocks vary', () => {
    // By percentiles: 1.60 to 2.03. Studentized: 0.84 to 2.07.
    expect(intervalOf(HUNDREDS, [50, 52, 48, 51, 49, 50, 53, 47, 50, 90])?.lo).toBeCloseTo(0.84, 1);
    // By percentiles: 1.07 to 1.56. Studentized: 1.05 to 1.75.
    expect(intervalOf(HUNDREDS, [100, 52, 98, 51, 99, 50, 103, 47, 100, 90])?.hi).toBeCloseTo(1.75, 1);
  });

  it('is the same whatever the unit, where blocks agree but for rounding', () => {
    const [baseline, contender] = [HUNDREDS.slice(0, 6), [30, 30, 30, 30, 30, 90]];
    const inMs = intervalOf(baseline, contender);
    const scaled = intervalOf(
      baseline,
      contender.map((ms) => ms * 1.37),
    );
    expect(scaled?.lo).toBeCloseTo((inMs?.lo ?? 0) / 1.37, 9);
    expect(scaled?.lo).toBeGreaterThan(0.5);
  });

  it('reaches as far as the percentile bootstrap if that is wider', () => {
    // By percentiles: 0.76 to 3.33. Studentized: 0.87 to 2.74.
    const found = intervalOf([100, 100, 100, 150, 100, 100], [30, 30, 200, 200, 30, 30]);
    expect(found?.lo).toBeCloseTo(0.76, 1);
    expect(found?.hi).toBeCloseTo(3.33, 1);
  });
});

describe('a comparison with disturbed blocks as first measured', () => {
  const cell = (id: string, wallMs: number, first: number) => {
    const made = cellOf({ id, wallsMs: Array.from({ length: 6 }, () => wallMs) });
    return { ...made, discardedSamples: samplesOf(Array.from({ length: 6 }, () => first)) };
  };
  const options = { alpha: 0.05, minEffectLog: Math.log(1.05) };

  it('leaves out what was measured again in their place', () => {
    const [loop, threads] = [cell('loop', 100, 200), cell('threads', 50, 100)];
    const found = unrepeated(loop, threads, { ...options, verdict: 'same' }).unrepeated;
    expect(found?.verdict).toBe('faster');
    expect(found?.speedup.estimate).toBeCloseTo(2, 12);
  });

  it('is none if its verdict is that of the others, or too few blocks were measured', () => {
    const [loop, threads] = [cell('loop', 100, 200), cell('threads', 50, 100)];
    expect(unrepeated(loop, threads, { ...options, verdict: 'faster' })).toEqual({});
    const few = { ...loop, samples: loop.samples.slice(0, 3), discardedSamples: [] };
    expect(unrepeated(few, threads, { ...options, verdict: 'same' })).toEqual({});
  });
});
