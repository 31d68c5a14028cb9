import { describe, expect, it } from 'vitest';
import {
  isSteady,
  blocksNeeded,
  confirmationOf,
  dropped,
  isBehind,
  leaderOf,
  levelOfDropping,
  rulesFor,
  type Started,
} from '../../dist/src/model/evidence.js';

const started = (id: string, ...startsMs: number[]): Started => ({ id, startsMs });

describe('dropping from a race', () => {
  it('takes two starts at 2.5 times the leader, or three at 1.5 times, and never the baseline', () => {
    const cells = [
      started('loop', 400, 400),
      started('leader', 100, 100),
      started('far', 250, 260),
      started('once', 900, 240),
      started('near', 160, 160),
    ];
    expect(dropped(cells, 'loop', 4)).toEqual(['far']);
    const third = [started('loop', 400, 400, 400), started('leader', 100, 100, 100), started('near', 160, 150, 155)];
    expect(dropped(third, 'loop', 4)).toEqual(['near']);
    expect(dropped([...third, started('mixed', 160, 149, 155)], 'loop', 4)).toEqual(['near']);
  });

  it('drops nothing after one start, or without a leader', () => {
    expect(dropped([started('loop', 1), started('far', 100)], 'loop', 4)).toEqual([]);
    expect(dropped([], 'loop', 4)).toEqual([]);
  });

  it('the leader is fastest over all starts, not in a lucky one', () => {
    expect(leaderOf([started('steady', 100, 100), started('lucky', 50, 300)])?.id).toBe('steady');
    // What has failed in between has fewer starts.
    expect(leaderOf([started('steady', 100, 100), started('failed', 1)])?.id).toBe('steady');
  });

  it('a cell that lacks a start is behind nothing', () => {
    expect(isBehind(started('a', 900), started('b', 1, 1), { starts: 2, factor: 2.5, chance: 0 })).toBe(false);
  });
});

describe('the level of a race', () => {
  it('pays for every configuration that may be dropped', () => {
    // k (1/50)² + k (1/10)³
    expect(levelOfDropping(11)).toBeCloseTo(0.0154, 10);
    expect(levelOfDropping(7)).toBeCloseTo(0.0098, 10);
  });

  it('never pays more than half of it: with many configurations only the far ones are dropped', () => {
    expect(rulesFor(17)).toHaveLength(2);
    expect(rulesFor(18)).toHaveLength(1);
    for (let contenders = 1; contenders <= 47; contenders++)
      expect(levelOfDropping(contenders)).toBeLessThanOrEqual(0.025);
  });
});

describe('the confirmation of a race', () => {
  it('has the blocks that were asked for, or more where its comparisons need them', () => {
    expect(confirmationOf(11, 4, { blocks: 12, rounds: 4 })).toEqual({ blocks: 12, rounds: 4 });
    // 3 comparisons at 5% - 1.54%: 1 - log2(0.0346 / 3) = 7.4
    expect(confirmationOf(11, 4, { blocks: 1, rounds: 4 })).toEqual({ blocks: 8, rounds: 4 });
  });

  it('has one round of each where more than eight are left', () => {
    expect(confirmationOf(11, 9, { blocks: 12, rounds: 4 }).rounds).toBe(1);
  });

  it('with looks, the first can decide already', () => {
    const { blocks } = confirmationOf(7, 8, { blocks: 32, rounds: 3, looks: [8, 16, 32] });
    // 7 comparisons and 3 looks at 5% - 0.98%: 1 - log2(0.0402 / 21) = 10.03
    expect(blocks).toBe(4 * 11);
  });

  it('alone with its baseline a configuration needs no evidence', () => {
    expect(blocksNeeded(0)).toBe(1);
  });
});

describe('warming up', () => {
  it('ends when two batches in a row take about as long', () => {
    expect(isSteady([])).toBe(false);
    expect(isSteady([100])).toBe(false);
    expect(isSteady([100, 80])).toBe(false);
    expect(isSteady([100, 80, 78])).toBe(true);
  });

  it('ends after eight batches, or half a second, however they vary', () => {
    const varying = [10, 20, 10, 20, 10, 20, 10];
    expect(isSteady(varying)).toBe(false);
    expect(isSteady([...varying, 20])).toBe(true);
    expect(isSteady([600])).toBe(true);
  });
});
