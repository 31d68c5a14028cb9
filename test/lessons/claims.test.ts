import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, atMost, equal, near } from '../../dist/src/lessons/claims.js';
import { milliseconds, number } from '../../dist/src/model/language.js';

const named = (ms: number, is: string) => ({ ms, is: { en: is, pt: is } });
const WHAT = { en: 'the total', pt: 'o total' };

interface Times {
  readonly measuredMs: number;
  readonly expectedMs: number;
  readonly notMs?: number;
  readonly unitMs?: number;
}

function passes({ measuredMs, expectedMs, notMs, unitMs = 40 }: Times): boolean {
  const not = notMs === undefined ? {} : { not: named(notMs, 'otherwise') };
  return near({ what: WHAT, measuredMs, expected: named(expectedMs, 'so'), ...not, unitMs }).pass;
}

describe('near', () => {
  it('says what is near what, with the numbers, in each language', () => {
    const claim = near({
      what: WHAT,
      measuredMs: 52.04,
      expected: { ms: 50, is: { en: 'the longest delay', pt: 'a maior espera' } },
      not: { ms: 297.5, is: { en: 'the sum', pt: 'a soma' } },
      unitMs: 10,
    });
    expect(claim).toEqual({
      text: {
        en: 'the total is near 50 ms (the longest delay), not 298 ms (the sum)',
        pt: 'o total fica perto de 50 ms (a maior espera), e não de 298 ms (a soma)',
      },
      expected: 50,
      measured: 52.04,
      unit: 'ms',
      pass: true,
    });
  });

  it.each([
    // A second of the tutorial later, and a twentieth.
    [{ measuredMs: 245, expectedMs: 200 }, true],
    [{ measuredMs: 260, expectedMs: 200 }, false],
    // But never more than 100 ms, and a twentieth.
    [{ measuredMs: 5340, expectedMs: 5000, unitMs: 1000 }, true],
    [{ measuredMs: 5360, expectedMs: 5000, unitMs: 1000 }, false],
    // Timers may be a moment early, and no more.
    [{ measuredMs: 38, expectedMs: 40 }, true],
    [{ measuredMs: 30, expectedMs: 40 }, false],
    // Nearer to what it would be otherwise.
    [{ measuredMs: 62, expectedMs: 40, notMs: 80 }, false],
    [{ measuredMs: 58, expectedMs: 40, notMs: 80 }, true],
    [{ measuredMs: 119, expectedMs: 120, notMs: 0 }, true],
    [{ measuredMs: 59, expectedMs: 120, notMs: 0 }, false],
    [{ measuredMs: Number.NaN, expectedMs: 40 }, false],
  ])('%j: %s', (times, pass) => {
    expect(passes(times)).toBe(pass);
  });

  it('holds for what is expected, and never for what it would be otherwise', () => {
    const ms = fc.double({ min: 1, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(ms, ms, fc.double({ min: 10, max: 60_000, noNaN: true }), (expectedMs, notMs, unitMs) => {
        // Two that are so near to each other are the same for any timer.
        fc.pre(Math.abs(expectedMs - notMs) > Math.max(8, 0.05 * expectedMs));
        expect(passes({ measuredMs: expectedMs, expectedMs, notMs, unitMs })).toBe(true);
        expect(passes({ measuredMs: notMs, expectedMs, notMs, unitMs })).toBe(false);
      }),
    );
  });
});

describe('other claims', () => {
  const text = WHAT;

  it('are about the same list in the same order', () => {
    expect(equal({ text, expected: [1, [2, 'x'], null], measured: [1, [2, 'x'], null] }).pass).toBe(true);
    expect(equal({ text, expected: [1, 2], measured: [2, 1] }).pass).toBe(false);
    expect(equal({ text, expected: 0, measured: null }).pass).toBe(false);
  });

  it('are about limits, which belong to what is allowed', () => {
    expect([1.9, 2, 2.1].map((measured) => atLeast({ text, limit: 2, measured }).pass)).toEqual([false, true, true]);
    expect([1.9, 2, 2.1].map((measured) => atMost({ text, limit: 2, measured }).pass)).toEqual([true, true, false]);
    expect(atMost({ text, limit: 2, measured: Number.NaN }).pass).toBe(false);
  });
});

describe('numbers', () => {
  it('have three significant digits, whole ones all of theirs, and the decimal sign of the language', () => {
    const values = [0.4567, 4.567, 45.67, 456.7, 4567.8, 12_345];
    expect(values.map((value) => number(value, 'en'))).toEqual(['0.457', '4.57', '45.7', '457', '4568', '12345']);
    expect(milliseconds(45.67, 'pt')).toBe('45,7 ms');
  });
});
