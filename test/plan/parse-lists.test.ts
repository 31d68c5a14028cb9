import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseCount,
  parseDurationMs,
  parseInFlight,
  parseMinEffect,
  parsePoolSizes,
  parseStrategies,
} from '../../dist/src/plan/parse-lists.js';

describe('parsePoolSizes', () => {
  it.each([
    [['1,2,4'], [1, 2, 4]],
    [['1..4'], [1, 2, 3, 4]],
    [['cores'], [6]],
    [['2*cores'], [12]],
    [
      ['1', '2,cores', '2'],
      [1, 2, 6],
    ],
    [['1,cores,6'], [1, 6]],
  ])('reads %j on 6 cores as %j', (values, sizes) => {
    expect(parsePoolSizes(values, 6)).toEqual(sizes);
  });

  it.each(['0', '1.5', '-1', 'abc', '', '4..1', '0..2', '1,,2', '0*cores', '1e3', '9999999999', '2*', 'cores*2'])(
    'refuses %j in a sentence that says what would do',
    (value) => {
      expect(() => parsePoolSizes([value], 2)).toThrow(/is no pool size: give whole numbers from 1/);
    },
  );

  it('answers for every range with all of its sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }), (from, more) => {
        expect(parsePoolSizes([`${from}..${from + more}`], 2)).toHaveLength(more + 1);
      }),
    );
  });
});

describe('parseStrategies', () => {
  it('keeps the order and keeps twins', () => {
    expect(parseStrategies(['worker-threads,event-loop', 'worker-threads'])).toEqual([
      'worker-threads',
      'event-loop',
      'worker-threads',
    ]);
  });

  it('offers the nearest name for one that is not there', () => {
    expect(() => parseStrategies(['worker-thread'])).toThrow(
      'Unknown strategy "worker-thread". Did you mean "worker-threads"?',
    );
  });
});

describe('parseInFlight', () => {
  it('reads numbers and all', () => {
    expect(parseInFlight(['1,4', 'all', '4'])).toEqual([1, 4, 'all']);
  });

  it.each(['0', '-1', 'some', '1.5', ''])('refuses %j', (value) => {
    expect(() => parseInFlight([value])).toThrow(/is no number of tasks in flight/);
  });
});

describe('parseMinEffect', () => {
  it('reads a percentage and a fraction alike', () => {
    expect(parseMinEffect('5%')).toBe(0.05);
    expect(parseMinEffect('0.05')).toBe(0.05);
  });

  it.each(['0', '0%', '100%', '-5%', 'x', '', '1'])('refuses %j', (value) => {
    expect(() => parseMinEffect(value)).toThrow(/is no smallest effect/);
  });
});

describe('parseDurationMs', () => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['2m', 120_000],
    ['1.5', 1500],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDurationMs(text, 'timeout')).toBe(ms);
  });

  it.each(['0', '-1s', '5h', 'x', ''])('refuses %j', (value) => {
    expect(() => parseDurationMs(value, 'timeout')).toThrow(/is no duration/);
  });
});

describe('parseCount', () => {
  it.each(['0', '-1', '1.5', 'x', '', '99999999999999999999'])('refuses %j where at least 1 is needed', (value) => {
    expect(() => parseCount(value, 'tasks', 1)).toThrow('cannot be used for --tasks: give a whole number from 1.');
  });
});
