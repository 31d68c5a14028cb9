import { describe, expect, it } from 'vitest';
import {
  duration,
  givenTime,
  orNotMeasured,
  percent,
  plural,
  ratio,
  threeDigits,
} from '../../dist/src/report/numbers.js';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.012_34, '0.0123'],
    [1.784, '1.78'],
    [44.06, '44.1'],
    [132.4, '132'],
    [1480.2, '1480'],
    [-0.5, '-0.500'],
  ])('show %d with three digits as %s', (value, text) => {
    expect(threeDigits(value)).toBe(text);
  });

  it('never show an unmeasured value as 0', () => {
    expect(orNotMeasured(null)).toBe('not measured');
    expect(orNotMeasured(0)).toBe('0');
  });

  it('keep ratios in two decimals, small ones in two digits', () => {
    expect([1.784, 0.5, 0.0584, 0.05, 12.3, 0].map(ratio)).toEqual(['1.78', '0.50', '0.058', '0.050', '12.30', '0.00']);
  });

  it('read as percentages, durations and counts', () => {
    expect([0.95, 0.992_857].map(percent)).toEqual(['95%', '99.3%']);
    expect([4210, 61_000, 59_400].map(duration)).toEqual(['4.2 s', '1 min 1 s', '59 s']);
    expect([40, 1250, 90_000].map(givenTime)).toEqual(['40 ms', '1.25 s', '1 min 30 s']);
    expect([plural(1, 'block'), plural(2, 'batch', 'batches')]).toEqual(['1 block', '2 batches']);
  });
});
