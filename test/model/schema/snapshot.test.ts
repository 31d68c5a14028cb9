import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { groupSnapshot } from '../../../dist/src/model/schema/snapshot.js';

describe('the progress of a load measurement in a journal', () => {
  it.each([0.5, 30_000])('may have searched for a rate of %d a second', (rate) => {
    const snapshot = {
      tasks: 8,
      rated: {
        aloneMs: 0.1,
        capacity: 40_000,
        ratings: { 'noop/event-loop': { aloneMs: 0.1, capacity: 40_000 } },
        objective: { quantile: 'p99', ms: 10 },
        rates: [rate],
        commonRates: [rate],
        searched: { 'noop/event-loop': rate },
        requests: 200,
        settling: 50,
      },
      preparingMs: 0,
      blocks: 0,
      cells: [],
      reference: null,
      hit: [],
      noise: [],
      discarded: [],
      upperBounds: [],
      timelines: [],
      warnings: [],
      leftBehind: 0,
      isDone: false,
    };
    expect(Compile(groupSnapshot).Errors(snapshot)).toEqual([]);
  });
});
