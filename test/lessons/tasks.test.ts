import { describe, expect, it } from 'vitest';
import { count, mostInFlight, phaseOf, secondsAsEnded, timeInLanes } from '../../dist/src/lessons/tasks.js';

const task = (startedMs: number, endedMs: number, seconds = 0) =>
  ({ outcome: 'done', startedMs, endedMs, seconds }) as const;

describe('what is read off the tasks of an experiment', () => {
  it('is the order in which they ended', () => {
    expect(secondsAsEnded([task(0, 30, 3), task(0, 10, 1), task(0, 20, 2)])).toEqual([1, 2, 3]);
  });

  it('is the most tasks in flight at once; one that begins where another ends comes after it', () => {
    expect(mostInFlight([task(0, 10), task(10, 20), task(20, 30)])).toBe(1);
    expect(mostInFlight([task(0, 10), task(5, 20), task(9, 30), task(25, 30)])).toBe(3);
    // One that never reached a lane was never under way.
    expect(mostInFlight([{ outcome: 'cancelled', endedMs: 5 }])).toBe(0);
  });

  it('is what became of them', () => {
    const tasks = [task(0, 1), { outcome: 'failed', endedMs: 1 }, task(0, 2)] as const;
    expect([count(tasks, 'done'), count(tasks, 'failed'), count(tasks, 'cancelled')]).toEqual([2, 1, 0]);
  });

  it('is a part that was timed, by its name', () => {
    const phases = [{ name: 'three', totalMs: 3, loopDelayMs: 0 }];
    expect(phaseOf({ phases }, 'three').totalMs).toBe(3);
    expect(() => phaseOf({ phases }, 'ten')).toThrow('the experiment has no phase "ten"');
  });
});

describe('what lanes take for tasks, one at a time each', () => {
  it.each([
    [[4, 3, 3], 1, 10],
    // 4 | 3, 3
    [[4, 3, 3], 2, 6],
    // 1, 5 | 2, 1 in the order given, not the best order: 1 then 1 on the first lane, 2 then 5 on the second would be 7.
    [[1, 2, 5, 1], 2, 6],
    [[5, 1], 3, 5],
    [[], 2, 0],
  ])('of %j in %i lanes', (lengths, lanes, total) => {
    expect(timeInLanes(lengths, lanes)).toBe(total);
  });
});
