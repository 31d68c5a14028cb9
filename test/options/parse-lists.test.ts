import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseCount,
  parseDurationMs,
  parseInFlight,
  parseMinEffect,
  parsePoolSizes,
} from '../../dist/src/options/parse-lists.js';
import { parseStrategies } from '../../dist/src/plan/configurations.js';

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

describe('parseStrategies, of single configurations', () => {
  it.each(['event-loop@1x8', 'event-loop@1xall', 'worker-threads@4x8', 'child-processes@4', 'thread-per-task@2'])(
    'takes %s',
    (configuration) => {
      expect(parseStrategies([configuration])).toEqual([configuration]);
    },
  );

  it.each([
    [
      'event-loop@8',
      'event-loop has one worker, the main thread. For at most 8 tasks at once: --strategy event-loop@1x8.',
    ],
    ['sequential@4', 'sequential has one worker, the main thread. For one task at a time: --strategy sequential.'],
    ['worker-thread@4x8', 'Did you mean "worker-threads@4x8"?'],
    ['worker-threads@', 'A configuration is a strategy, its workers and the tasks at once in each: worker-threads@8x1'],
    ['worker-threads~uv16', 'does not say how many workers: write --strategy worker-threads@4, or worker-threads@4x2'],
    ['thread-per-task@2x4', 'thread-per-task runs one task at a time in each worker. Write thread-per-task@2.'],
    ['worker-threads@0', '"0" cannot be used for --strategy: give a whole number from 1 to 1024'],
    ['worker-threads@2xmany', '"many" is no number of tasks in flight'],
  ])('refuses %s with what would do', (configuration, sentence) => {
    expect(() => parseStrategies([configuration])).toThrow(sentence);
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
