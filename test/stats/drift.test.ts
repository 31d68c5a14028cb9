import { describe, expect, it } from 'vitest';
import type { Sample } from '../../dist/src/model/results.js';
import { driftOf } from '../../dist/src/stats/drift.js';
import { sampleOf } from '../support/results.js';

/** So many blocks of rounds that take as long as said, and a little of noise. */
const samples = (blocks: number, wallsMs: readonly number[]): Sample[] =>
  Array.from({ length: blocks }, (_, block) =>
    wallsMs.map((wallMs, round) =>
      Object.assign(sampleOf({ wallMs: wallMs * (1 + ((block * 7 + round * 3) % 5) * 0.002) }), { block, round }),
    ),
  ).flat();

describe('the drift of batches within blocks', () => {
  it('is their change from the first round to the last', () => {
    const drift = driftOf(samples(12, [10, 20, 40, 80]), 0.05);
    // Three steps, each twice as long.
    expect(Math.exp(drift?.estimate ?? 0)).toBeCloseTo(8, 0);
    expect(drift?.interval.lo).toBeGreaterThan(Math.log(7.5));
  });

  it('is none where one round is slow by itself', () => {
    const drift = driftOf(samples(12, [13, 10, 10, 10, 10, 10]), 0.05);
    expect(Math.abs(drift?.estimate ?? 1)).toBeLessThan(0.03);
  });

  it('is not known with fewer than three rounds, or too few blocks', () => {
    expect(driftOf(samples(12, [10, 20]), 0.05)).toBeUndefined();
    expect(driftOf(samples(3, [10, 20, 40]), 0.05)).toBeUndefined();
  });
});
