import { describe, expect, it } from 'vitest';
import { simulatePool, type TaskTimes } from '../../dist/src/stats/simulate-pool.js';

const task = (given: Partial<TaskTimes>): TaskTimes => ({
  mainMs: 0,
  dispatchMs: 0,
  runMs: 0,
  waitMs: 0,
  besideMs: 0,
  ...given,
});
const many = (count: number, given: Partial<TaskTimes>): TaskTimes[] =>
  Array.from({ length: count }, () => task(given));

describe('the simulated pool', () => {
  it('runs on one lane one task after the other', () => {
    const times = { mainMs: 1, dispatchMs: 2, runMs: 3, waitMs: 4, besideMs: 0 };
    expect(simulatePool(many(5, times), { lanes: 1, cores: 1 })).toBeCloseTo(50, 6);
  });

  it('shares the cores among what runs, however many lanes there are', () => {
    expect(simulatePool(many(16, { runMs: 10 }), { lanes: 2, cores: 2 })).toBeCloseTo(80, 6);
    expect(simulatePool(many(16, { runMs: 10 }), { lanes: 8, cores: 2 })).toBeCloseTo(80, 6);
    expect(simulatePool(many(16, { runMs: 10 }), { lanes: 8, cores: 8 })).toBeCloseTo(20, 6);
  });

  it('lets tasks wait beside each other without a core', () => {
    expect(simulatePool(many(64, { waitMs: 10 }), { lanes: 64, cores: 1 })).toBeCloseTo(10, 6);
    expect(simulatePool(many(64, { waitMs: 10 }), { lanes: 16, cores: 1 })).toBeCloseTo(40, 6);
  });

  it('is never faster than its main thread hands over', () => {
    // The last of 100 is handed over after 100 ms, and then runs.
    expect(simulatePool(many(100, { mainMs: 1, runMs: 5 }), { lanes: 64, cores: 64 })).toBeCloseTo(105, 6);
  });

  it('loses what other programs take', () => {
    // Two tasks share 1.5 CPUs.
    expect(simulatePool(many(2, { runMs: 15 }), { lanes: 2, cores: 1.5 })).toBeCloseTo(20, 6);
    expect(simulatePool(many(2, { runMs: 15 }), { lanes: 1, cores: 1.5 })).toBeCloseTo(30, 6);
  });

  it('lets a thread of the runtime work beside the tasks, which costs them time only where CPUs are short', () => {
    const tasks = many(4, { runMs: 10, besideMs: 5 });
    expect(simulatePool(tasks, { lanes: 1, cores: 2 })).toBeCloseTo(40, 6);
    // 10 ms of the first task alone; each later one shares the CPU until its predecessor's 5 ms are done.
    expect(simulatePool(tasks, { lanes: 1, cores: 1 })).toBeCloseTo(55, 6);
  });

  it('is slower by as much as busy CPUs slow each other down', () => {
    const slowdown = (busy: number): number => (busy === 2 ? 1.25 : 1);
    expect(simulatePool(many(8, { runMs: 10 }), { lanes: 2, cores: 2, slowdown })).toBeCloseTo(50, 6);
    expect(simulatePool(many(8, { runMs: 10 }), { lanes: 1, cores: 2, slowdown })).toBeCloseTo(80, 6);
  });

  it('lets a long task end last', () => {
    const tasks = [...many(3, { runMs: 10 }), task({ runMs: 40 })];
    expect(simulatePool(tasks, { lanes: 2, cores: 2 })).toBeCloseTo(50, 6);
  });

  it('is done soon, however many its lanes', () => {
    const tasks = Array.from({ length: 8 * 1024 }, (_, index) =>
      task({ mainMs: 0.01, dispatchMs: 0.05, runMs: 1 + (index % 7) / 10, waitMs: index % 3 }),
    );
    const beganUs = process.cpuUsage().user;
    simulatePool(tasks, { lanes: 1024, cores: 64 });
    // Where every step looked at every lane, 400.
    expect((process.cpuUsage().user - beganUs) / 1000).toBeLessThan(200);
  });

  it('takes no time for nothing', () => {
    expect(simulatePool([], { lanes: 4, cores: 2 })).toBe(0);
    expect(simulatePool(many(8, {}), { lanes: 4, cores: 2 })).toBe(0);
  });
});
