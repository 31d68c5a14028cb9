import { describe, expect, it } from 'vitest';
import { simulatePool, type TaskTimes } from '../../dist/src/stats/predict.js';

const task = (given: Partial<TaskTimes>): TaskTimes => ({ mainMs: 0, dispatchMs: 0, runMs: 0, waitMs: 0, ...given });
const many = (count: number, given: Partial<TaskTimes>): TaskTimes[] =>
  Array.from({ length: count }, () => task(given));

describe('the simulated pool', () => {
  it('runs on one lane one task after the other', () => {
    const times = { mainMs: 1, dispatchMs: 2, runMs: 3, waitMs: 4 };
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
