import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldRate } from '../../../src/stats/load/held-rate.ts';

function points(...pairs: readonly (readonly [rate: number, ms: number])[]) {
  return pairs.map(([rate, ms]) => ({ rate, logMs: Math.log(ms) }));
}

describe('the rate that holds an objective', () => {
  it('lies where the line between two rates crosses it, on logarithmic axes', () => {
    // From 20 to 80 ms the line reaches 40 ms half way: at the geometric mean of 50 and 200.
    expect(heldRate(points([50, 20], [200, 80]), 40)).toEqual({ kind: 'at', rate: expect.closeTo(100, 9) });
  });

  it('is only known to be above the rates measured if they all hold it', () => {
    expect(heldRate(points([50, 20], [200, 39]), 40)).toEqual({ kind: 'above', rate: 200 });
  });

  it('is only known to be below the rates measured if none holds it', () => {
    expect(heldRate(points([50, 41], [200, 80]), 40)).toEqual({ kind: 'below', rate: 50 });
  });

  it('takes latencies that fall with the rate for one latency, their mean', () => {
    // 10 and 40 ms become 20 ms at both rates; from there to 80 ms, 40 ms is half way.
    const found = heldRate(points([50, 40], [100, 10], [400, 80]), 40);
    expect(found).toEqual({ kind: 'at', rate: expect.closeTo(200, 9) });
  });

  it('never falls as the objective is loosened', () => {
    const latencies = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 8 });
    const objectives = fc.tuple(
      fc.double({ min: 1, max: 1000, noNaN: true }),
      fc.double({ min: 1, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(latencies, objectives, (ms, [objectiveMs, factor]) => {
        const measured = points(...ms.map((one, index) => [10 * 2 ** index, one] as const));
        const tight = heldRate(measured, objectiveMs).rate;
        expect(heldRate(measured, objectiveMs * factor).rate).toBeGreaterThanOrEqual(tight * (1 - 1e-9));
      }),
    );
  });
});
