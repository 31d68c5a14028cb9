import { describe, expect, it } from 'vitest';
import { LOADING } from '../../dist/src/options/loading.js';

const { objective, rates, arrivals, maxQueue, giveUpMs, pingObjectiveMs, overload } = LOADING;

describe('an objective', () => {
  it('is a quantile and the latency not to exceed', () => {
    expect(objective.kind.parse(['p99<=50ms'], '--objective')).toEqual({ quantile: 'p99', ms: 50 });
    expect(objective.kind.parse(['p95 <= 0.2s'], '--objective')).toEqual({ quantile: 'p95', ms: 200 });
    expect(objective.kind.check({ quantile: 'p50', ms: 10 }, '"objective"')).toEqual({ quantile: 'p50', ms: 10 });
    expect(objective.kind.check('p95<=1s', '"objective"')).toEqual({ quantile: 'p95', ms: 1000 });
  });

  it.each(['p99', '50ms', 'p98<=50ms', 'p99<=fast', 'p99>=50ms', ''])('cannot be %j', (given) => {
    expect(() => objective.kind.parse([given], '--objective')).toThrow(
      `Invalid --objective "${given}": expected p50, p90, p95 or p99 and a duration, as 'p99<=50ms'`,
    );
  });

  it('needs the unit of its latency', () => {
    expect(() => objective.kind.parse(['p99<=50'], '--objective')).toThrow('expected a unit: p99<=50ms or p99<=50s.');
  });

  it('cannot be shorter than timers can tell', () => {
    expect(() => objective.kind.parse(['p99<=5ms'], '--objective')).toThrow(
      'Invalid --objective of 5 ms: on busy CPUs the requests themselves leave some milliseconds late, so at least 10 ms can be held to.',
    );
  });
});

describe('rates', () => {
  it('are arrivals per second, each once, in order', () => {
    expect(rates.kind.parse(['80,40,40.5', '80'], '--rate')).toEqual([40, 40.5, 80]);
  });

  it.each(['0', '-1', 'many', '10001', ''])('cannot be %j', (given) => {
    expect(() => rates.kind.parse([given], '--rate')).toThrow(
      `Invalid --rate "${given}": expected auto, or arrivals per second, above 0 and at most 10000`,
    );
  });
});

describe('arrivals', () => {
  it.each([
    ['poisson', { kind: 'poisson' }],
    ['constant', { kind: 'constant' }],
    ['burst:10', { kind: 'burst', size: 10 }],
  ])('can be %s, and are written the same', (given, value) => {
    expect(arrivals.kind.parse([given], '--arrivals')).toEqual(value);
    expect(arrivals.kind.check(given, '"arrivals"')).toEqual(value);
    expect(arrivals.kind.write(value)).toEqual([given]);
  });

  it.each(['burst', 'burst:1', 'burst:x', 'often'])('cannot be %j', (given) => {
    expect(() => arrivals.kind.parse([given], '--arrivals')).toThrow(`Invalid --arrivals "${given}"`);
  });
});

describe('the limit of a queue', () => {
  it.each([
    ['none', 'none'],
    ['auto', 'auto'],
    ['100', 100],
  ])('can be %s, and is written the same', (given, value) => {
    expect(maxQueue.kind.parse([given], '--max-queue')).toBe(value);
    expect(maxQueue.kind.check(value, '"maxQueue"')).toBe(value);
    expect(maxQueue.kind.write(value)).toEqual([given]);
  });

  it.each(['0', '-1', '1.5', 'all', ''])('cannot be %j', (given) => {
    expect(() => maxQueue.kind.parse([given], '--max-queue')).toThrow(
      `Invalid --max-queue "${given}": expected none, auto or a whole number from 1`,
    );
  });
});

describe('how long somebody waits', () => {
  it('is a duration', () => {
    expect(giveUpMs.kind.parse(['1s'], '--give-up')).toBe(1000);
    expect(pingObjectiveMs.kind.parse(['20ms'], '--ping-objective')).toBe(20);
    expect(() => rates.kind.parse(['auto', '40'], '--rate')).toThrow('auto finds the rates by itself');
    expect(() => giveUpMs.kind.parse(['0s'], '--give-up')).toThrow('Invalid --give-up "0s"');
    expect(() => giveUpMs.kind.parse(['500'], '--give-up')).toThrow('expected a unit: 500ms or 500s.');
    expect(() => pingObjectiveMs.kind.parse(['20'], '--ping-objective')).toThrow('expected a unit: 20ms or 20s.');
  });
});

describe('a pulse', () => {
  it('is a multiple of the rate held, and a duration', () => {
    const value = { times: 1.5, pulseMs: 3000 };
    expect(overload.kind.parse(['1.5x:3s'], '--overload')).toEqual(value);
    expect(overload.kind.check('1.5x:3s', '"overload"')).toEqual(value);
    expect(overload.kind.check(value, '"overload"')).toEqual(value);
    expect(overload.kind.parse(overload.kind.write(value), '--overload')).toEqual(value);
  });

  it.each(['1.5', '1x:3s', '21x:3s', '2x:0s', '2x:61s', 'x:3s', '2:3s', ''])('cannot be %j', (given) => {
    expect(() => overload.kind.parse([given], '--overload')).toThrow(
      `Invalid --overload "${given}": expected a multiple above 1 and at most 20, and a duration of at most 60s, as 1.5x:3s`,
    );
  });
});
