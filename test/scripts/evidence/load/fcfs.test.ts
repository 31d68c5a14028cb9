import { describe, expect, it } from 'vitest';
import { queueLatenciesMs } from '../../../../scripts/evidence/load/fcfs.ts';

function at(...pairs: readonly (readonly [arrivedMs: number, serviceMs: number])[]) {
  return pairs.map(([arrivedMs, serviceMs]) => ({ arrivedMs, serviceMs }));
}

describe('a queue that serves in the order of arrival', () => {
  it('lets a task begin as soon as it arrives while a server is free', () => {
    expect(queueLatenciesMs(at([0, 10], [20, 10], [35, 5]), 1)).toEqual([10, 10, 5]);
  });

  it('makes a task wait for those before it', () => {
    // The second begins at 10, the third at 20.
    expect(queueLatenciesMs(at([0, 10], [2, 10], [4, 10]), 1)).toEqual([10, 18, 26]);
  });

  it('gives the next task to the server that is free first', () => {
    // Ends at 10 and 4, so the third begins at 4 and the fourth at 9.
    expect(queueLatenciesMs(at([0, 10], [1, 3], [2, 5], [3, 1]), 2)).toEqual([10, 3, 7, 7]);
  });

  it('never lets a server more make a task wait longer', () => {
    const arrivals = Array.from({ length: 200 }, (_, index) => ({ arrivedMs: index * 3, serviceMs: (index * 7) % 11 }));
    const [one, two] = [queueLatenciesMs(arrivals, 1), queueLatenciesMs(arrivals, 2)];
    expect(two.every((latencyMs, index) => latencyMs <= (one[index] ?? 0))).toBe(true);
  });
});
