import { describe, expect, it } from 'vitest';
import { partsAt, type MeanParts } from '../../../dist/src/stats/load/mean-parts.js';
import { windowOf } from '../../support/windows.js';

const partsOf = (accept: number): MeanParts => {
  const all = { late: 0, accept, queue: 2, task: 10, back: 1 };
  return { all, slowest: { ...all, accept: 10 * accept } };
};

describe('where time went at a rate', () => {
  it('is the mean over its windows, without those of the search, refused and overloaded ones', () => {
    const windows = [
      windowOf(0, 0, 20, { meanParts: partsOf(1) }),
      windowOf(1, 0, 20, { meanParts: partsOf(3) }),
      windowOf(1, 0, 20),
      windowOf(2, 0, 20, { meanParts: partsOf(9), phase: 'search' }),
      windowOf(2, 0, 20, { meanParts: partsOf(9), state: 'driver-limited' }),
      windowOf(2, 0, 20, { meanParts: partsOf(9), state: 'overloaded' }),
      windowOf(2, 0, 20, { meanParts: partsOf(9), rate: 80 }),
    ];
    expect(partsAt(windows, 40)).toEqual({
      all: { late: 0, accept: 2, queue: 2, task: 10, back: 1 },
      slowest: { late: 0, accept: 20, queue: 2, task: 10, back: 1 },
    });
  });

  it('is not known if no window counts', () => {
    expect(partsAt([windowOf(0, 0, 20)], 40)).toBeUndefined();
  });
});
