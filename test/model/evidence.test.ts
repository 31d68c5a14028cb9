import { describe, expect, it } from 'vitest';
import {
  warmUpOf,
  blocksNeeded,
  confirmationOf,
  contendersOf,
  couldDrop,
  dropped,
  isBehind,
  leaderOf,
  levelOfDropping,
  rulesFor,
  type Started,
} from '../../dist/src/model/evidence.js';
import type { Group } from '../../dist/src/model/plan.js';

/** All that a confirmation needs to know of it: how many cells it has, and what they are compared with. */
function groupOf(cells: number, compares: Group['compares'] = 'with-baseline'): Pick<Group, 'compares' | 'cells'> {
  const strategies = Array.from({ length: cells }, (_, index) => `s${index}`);
  return {
    compares,
    cells: strategies.map((strategy) => ({ id: strategy, strategy, poolSize: 1, concurrency: 1 })),
  };
}

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
    expect(dropped(cells, 'loop', rulesFor(4))).toEqual(['far']);
    const third = [started('loop', 400, 400, 400), started('leader', 100, 100, 100), started('near', 160, 150, 155)];
    expect(dropped(third, 'loop', rulesFor(4))).toEqual(['near']);
    expect(dropped([...third, started('mixed', 160, 149, 155)], 'loop', rulesFor(4))).toEqual(['near']);
    // After three starts, two are not enough.
    expect(dropped([...third, started('recovered', 400, 400, 120)], 'loop', rulesFor(4))).toEqual(['near']);
  });

  it('takes two versions of a configuration together, and never those of the baseline', () => {
    const pair = (unit: string, ...oldAndNew: readonly number[]): Started[] =>
      oldAndNew.map((ms, version) => ({ ...started(`${unit}${version}`, ms, ms), unit }));
    const cells = [...pair('loop', 400, 500), ...pair('leader', 100, 110), ...pair('far', 260, 300)];
    expect(dropped(cells, 'loop0', rulesFor(2))).toEqual(['far0', 'far1']);
    // One version has become faster.
    const improved = [...pair('loop', 400, 500), ...pair('leader', 100, 110), ...pair('other', 260, 240)];
    expect(dropped(improved, 'loop0', rulesFor(2))).toEqual([]);
  });

  it('drops nothing after one start, or without a leader', () => {
    expect(dropped([started('loop', 1), started('far', 100)], 'loop', rulesFor(4))).toEqual([]);
    expect(dropped([], 'loop', rulesFor(4))).toEqual([]);
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
  it('is asked by all configurations but the baseline, in both of their versions at once', () => {
    expect(contendersOf(groupOf(12))).toBe(11);
    expect(contendersOf(groupOf(12, 'with-older-self'))).toBe(5);
  });

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
    expect(confirmationOf(groupOf(12), 4, { blocks: 12, rounds: 4 })).toEqual({ blocks: 12, rounds: 4 });
    // 3 comparisons at 5% - 1.54%: 1 - log2(0.0346 / 3) = 7.4
    expect(confirmationOf(groupOf(12), 4, { blocks: 1, rounds: 4 })).toEqual({ blocks: 8, rounds: 4 });
  });

  it('has one round of each where more than eight are left', () => {
    expect(confirmationOf(groupOf(12), 9, { blocks: 12, rounds: 4 }).rounds).toBe(1);
  });

  it('compares each configuration of two versions with itself, the baseline’s too', () => {
    const versions = groupOf(12, 'with-older-self');
    // 4 comparisons at 5% - 5 (1/50² + 1/10³) = 4.3%: 1 - log2(0.043 / 4) = 7.5
    expect(confirmationOf(versions, 8, { blocks: 1, rounds: 4 })).toEqual({ blocks: 8, rounds: 4 });
    expect(confirmationOf(groupOf(40, 'with-older-self'), 18, { blocks: 12, rounds: 4 }).rounds).toBe(1);
    expect(confirmationOf(groupOf(40, 'with-older-self'), 16, { blocks: 12, rounds: 4 }).rounds).toBe(4);
  });

  it('with looks, the first can decide already', () => {
    const { blocks } = confirmationOf(groupOf(8), 8, { blocks: 32, rounds: 3, looks: [8, 16, 32] });
    // 7 comparisons and 3 looks at 5% - 0.98%: 1 - log2(0.0402 / 21) = 10.03
    expect(blocks).toBe(4 * 11);
  });

  it('alone with its baseline a configuration needs no evidence', () => {
    expect(blocksNeeded(0)).toBe(1);
  });
});

describe('further starts of a race', () => {
  const of = (id: string, ...startsMs: number[]): { id: string; startsMs: number[] } => ({ id, startsMs });

  it('could drop what was 1.5 times behind any other in each start so far, but for the baseline', () => {
    const fast = of('fast', 100, 100);
    expect(couldDrop([fast, of('near', 150, 149)], 'loop', rulesFor(4))).toBe(false);
    expect(couldDrop([fast, of('near', 150, 150)], 'loop', rulesFor(4))).toBe(true);
    expect(couldDrop([fast, of('loop', 150, 150)], 'loop', rulesFor(4))).toBe(false);
    // Behind one that is not the leader.
    expect(couldDrop([of('first', 60, 120), fast, of('near', 150, 150)], 'loop', rulesFor(4))).toBe(true);
  });

  it('could drop nothing once all rules have been applied, and anything before the first', () => {
    expect(couldDrop([of('a', 100, 100, 100), of('b', 300, 300, 300)], 'loop', rulesFor(4))).toBe(false);
    expect(couldDrop([of('a'), of('b')], 'loop', rulesFor(4))).toBe(true);
  });
});

describe('warming up for windows', () => {
  const SIZE = { turns: 8, warmups: 2 };

  it('takes 2000 requests below the capacity, where no queue grows', () => {
    expect(warmUpOf({ capacity: 1000 }, { requests: 400 }, SIZE)).toEqual({ rate: 800, requests: 2000, ms: 2500 });
  });

  it('takes no more requests than the windows of a block', () => {
    expect(warmUpOf({ capacity: 1000 }, { requests: 40 }, SIZE).requests).toBe(320);
  });

  it('ends after a second, or some more for a larger preset', () => {
    expect(warmUpOf({ capacity: 400 }, { requests: 400 }, SIZE).ms).toBe(4000);
    expect(warmUpOf({ capacity: 400 }, { requests: 400 }, { ...SIZE, warmups: 1 }).ms).toBe(1000);
  });

  it('of long tasks is shorter, as what passes them on is a smaller part of them', () => {
    expect(warmUpOf({ capacity: 100 }, { requests: 400 }, SIZE).ms).toBe(1000);
    expect(warmUpOf({ capacity: 100 }, { requests: 400 }, { ...SIZE, warmups: 3 }).ms).toBe(2250);
    expect(warmUpOf({ capacity: 0.1 }, { requests: 400 }, SIZE).requests).toBe(1);
  });

  it('opens no more new connections a second than a machine has ports for', () => {
    expect(warmUpOf({ capacity: 1000 }, { requests: 400, connections: 'new' }, SIZE).rate).toBe(300);
    expect(warmUpOf({ capacity: 1000 }, { requests: 400, connections: 64 }, SIZE).rate).toBe(800);
  });
});
