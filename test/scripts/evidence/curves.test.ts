import { describe, expect, it } from 'vitest';
import {
  CURVES,
  SCANS,
  crossoverRow,
  curveRow,
  isTooLow,
  tabulateCrossovers,
  tabulateCurves,
} from '../../../dist/scripts/evidence/curves.js';
import { rateOf } from '../../../dist/scripts/evidence/exact-limits.js';

const QUIET = { spread: 'equal', preset: 'quick' } as const;

describe('the simulated scans', () => {
  it.each(SCANS)('have the truth where both times are equal: $work', ({ loopMs, poolMs, truth, values }) => {
    expect(poolMs(truth)).toBeCloseTo(loopMs(truth), 12);
    expect(Math.min(...values)).toBeLessThan(truth);
    expect(Math.max(...values)).toBeGreaterThan(truth);
  });
});

describe('the tables', () => {
  it('have a row for each scan and machine, with the limits of the coverage', () => {
    const rows = SCANS.slice(0, 1).map((scan) => crossoverRow(scan, QUIET, 4, 1));
    expect(tabulateCrossovers(rows).split('\n')[2]).toMatch(
      /^\| t\/2 \+ 0\.25 +\| 0\.05, 0\.2, 1, 5 \| +0\.5 \| equal +\| quick +\| 100\.0% \(39\.8–100\.0\)/,
    );
  });

  it('have a row for each curve and machine, with the limits of both coverages', () => {
    const rows = CURVES.slice(0, 1).map((curve) => curveRow(curve, QUIET, 4, 1));
    expect(tabulateCurves(rows).split('\n')[2]).toMatch(
      /^\| 1, 2, 4 \| +5\.0% \| +0\.0% \| equal +\| quick +\| +100\.0% \(39\.8–100\.0\) \| 100\.0% \(39\.8–100\.0\) \|$/,
    );
  });

  it('are a failure where a coverage is shown to be below 93%', () => {
    // binom.test(440, 500)$conf.int is 0.848 to 0.907, of 460 it is 0.893 to 0.942.
    expect(isTooLow(rateOf(440, 500))).toBe(true);
    expect(isTooLow(rateOf(460, 500))).toBe(false);
  });
});
