import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueLatenciesMs } from '../../../scripts/evidence/load/fcfs.ts';
import { evenLatencies } from '../../../dist/src/stats/load/even-queue.js';

describe('a queue of tasks that take as long', () => {
  it('lets a task wait for the one as many places before it as there are servers', () => {
    expect([...evenLatencies([0, 2, 4, 20], 10, 1)]).toEqual([10, 18, 26, 20]);
    expect([...evenLatencies([0, 2, 4, 20], 10, 2)]).toEqual([10, 10, 16, 10]);
  });

  it('is the queue whose lengths may differ, if they do not', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 100 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), (list, length, servers) => {
        let now = 0;
        const arrived = list.map((gap) => (now += gap));
        const tasks = arrived.map((arrivedMs) => ({ arrivedMs, serviceMs: length }));
        expect([...evenLatencies(arrived, length, servers)]).toEqual(queueLatenciesMs(tasks, servers));
      }),
    );
  });
});
