import { describe, expect, it } from 'vitest';
import {
  expectedLatencyMs,
  pollaczekKhinchineMs,
  simulatedMs,
} from '../../../../scripts/evidence/load/queue-theory.ts';

/** Quantiles of an exponential distribution of this mean. */
const exponentialMs = (mean: number): readonly number[] =>
  Array.from({ length: 2000 }, (_, index) => -mean * Math.log(1 - (index + 0.5) / 2000));

describe('the expected latency of a queue', () => {
  it('is that of an M/M/1 queue for exponential lengths: the mean length over the share that is idle', () => {
    expect(pollaczekKhinchineMs({ rate: 70, servicesMs: exponentialMs(10) })).toBeCloseTo(10 / 0.3, 0);
  });

  it('waits half as long in an M/D/1 queue', () => {
    expect(pollaczekKhinchineMs({ rate: 70, servicesMs: [10] }) - 10).toBeCloseTo((10 / 0.3 - 10) / 2, 6);
  });

  it('is found alike by simulation', () => {
    for (const servicesMs of [[10], exponentialMs(10)]) {
      const queue = { rate: 50, servicesMs, servers: 1 };
      expect(simulatedMs(queue) / expectedLatencyMs(queue)).toBeCloseTo(1, 1);
    }
  });

  it('is that of Erlang’s formula for two servers', () => {
    // All of two servers are busy for a third of the arrivals at half of the load.
    const waitMs = (1 / 3) * (10 / (2 * 0.5));
    expect(expectedLatencyMs({ rate: 100, servicesMs: exponentialMs(10), servers: 2 })).toBeCloseTo(10 + waitMs, 0);
  });
});
