import { describe, expect, it } from 'vitest';
import { duration, shortDuration } from '../../dist/src/options/quantity.js';

describe.each([
  ['a duration', duration],
  ['a short one', shortDuration],
])('%s', (_name, kind) => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['2m', 120_000],
    ['1.5s', 1500],
  ])('%s is %d ms', (text, ms) => {
    expect(kind.parse([text], '--it')).toBe(ms);
    expect(kind.parse(kind.write(ms), '--it')).toBe(ms);
  });

  it.each(['0', '0s', '-1s', '5h', 'x', ''])('%j is refused', (value) => {
    expect(() => kind.parse([value], '--it')).toThrow(
      `Invalid --it "${value}": expected a duration such as 500ms, 60s or 2m, above 0 and at most 24 days.`,
    );
  });
});

it('a bare number is one of seconds, but of what may last milliseconds its unit is asked for', () => {
  expect(duration.parse(['1.5'], '--it')).toBe(1500);
  expect(() => shortDuration.parse(['5'], '--it')).toThrow('Invalid --it "5": expected a unit: 5ms or 5s.');
});
