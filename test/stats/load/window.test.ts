import { describe, expect, it } from 'vitest';
import { toWindow, type Served } from '../../../dist/src/stats/load/window.js';

/** A task by its times in ms. */
function served(
  [due, accepted, started, finished, received]: readonly number[],
  outcome: Served['outcome'] = 'done',
): Served {
  const ns = (ms: number | undefined): number => (ms ?? Number.NaN) * 1e6;
  return {
    dueNs: ns(due),
    acceptedNs: ns(accepted),
    startedNs: ns(started),
    finishedNs: ns(finished),
    receivedNs: ns(received),
    outcome,
  };
}

const PLAN = { rate: 100, dueMs: [0, 10, 20], settling: 0, objectiveMs: 15, quantile: 0.5 };
/** One at a time, 12 ms each: the second and the third wait. */
const TASKS = [served([0, 0, 1, 13, 14]), served([10, 10, 13, 25, 26]), served([20, 21, 25, 37, 38])];

describe('the reading of a window', () => {
  it('counts latency from when a task was due, not from when it was submitted', () => {
    expect(toWindow(PLAN, TASKS).latencyMs).toMatchObject({ p50: 16, max: 18 });
  });

  it('has the parts of the latency', () => {
    expect(toWindow(PLAN, TASKS).parts).toEqual({
      accept: { p50: 0, p99: 0.98 },
      queue: { p50: 3, p99: 3.98 },
      task: { p50: 12, p99: 12 },
      back: { p50: 1, p99: 1 },
    });
  });

  it('has mean parts that add up to the mean latency, also of the slowest tasks', () => {
    const { meanParts } = toWindow({ ...PLAN, quantile: 0.9 }, TASKS);
    // Of 14, 16 and 18 ms; the last is at least as slow as the ninth decile.
    expect(meanParts?.all).toEqual({ late: 0, accept: 0.33333, queue: 2.6667, task: 12, back: 1 });
    expect(meanParts?.slowest).toEqual({ late: 0, accept: 1, queue: 4, task: 12, back: 1 });
    const requested = TASKS.map((task) => ({ ...task, sentNs: task.acceptedNs }));
    expect(toWindow(PLAN, requested).meanParts?.all).toMatchObject({ late: 0.33333, accept: 0 });
    const failed = served([10, 10, Number.NaN, Number.NaN, 11], 'failed');
    expect(toWindow(PLAN, [failed]).meanParts).toBeUndefined();
  });

  it('counts late, failed and never submitted tasks as missed, and failed ones not among the latencies', () => {
    const failed = served([10, 10, Number.NaN, Number.NaN, 11], 'failed');
    const reading = toWindow({ ...PLAN, dueMs: [0, 10, 20, 30] }, [
      served([0, 0, 1, 13, 14]),
      failed,
      served([20, 21, 25, 37, 38]),
    ]);
    expect(reading).toMatchObject({ offered: 4, sent: 3, done: 2, failed: 1, missed: 3, state: 'overloaded' });
    expect(reading.latencyMs).toMatchObject({ p50: 16, max: 18 });
  });

  it('judges a full queue by all tasks, also those that it rejected at once', () => {
    const rejected = served([10, 10, Number.NaN, Number.NaN, 10], 'rejected');
    const reading = toWindow(PLAN, [served([0, 0, 1, 13, 14]), rejected, served([20, 21, 25, 37, 38])]);
    expect(reading).toMatchObject({ offered: 3, sent: 3, done: 2, failed: 0, rejected: 1, missed: 2, state: 'ok' });
    // Of 14, 18 and one without a result.
    expect(reading).toMatchObject({ latencyMs: { p50: 16 }, judgedMs: 18 });
    expect(toWindow({ ...PLAN, quantile: 0.9 }, [TASKS[0] as Served, rejected, rejected]).judgedMs).toBeNull();
    expect(toWindow(PLAN, TASKS).judgedMs).toBe(16);
  });

  it('counts tasks for which nobody waited as given up and missed, and what ran of them as wasted', () => {
    const failed = served([20, 21, Number.NaN, Number.NaN, 38], 'failed');
    const reading = toWindow({ ...PLAN, giveUpMs: 15 }, [...TASKS.slice(0, 2), failed]);
    expect(reading).toMatchObject({ done: 1, failed: 0, gaveUp: 2, missed: 2, latencyMs: { max: 14 }, judgedMs: null });
    expect(reading.wasted).toEqual({ tasks: 1, runningMs: 12 });
  });

  it('leaves out the first arrivals, while the queue fills up', () => {
    expect(toWindow({ ...PLAN, settling: 2 }, TASKS)).toMatchObject({ offered: 1, done: 1, latencyMs: { p50: 18 } });
  });

  it('counts the tasks that are due and not done', () => {
    // At 10 and at 20 one earlier task is not done; of 38 ms, tasks wait or run for 14 + 16 + 18.
    expect(toWindow(PLAN, TASKS).backlog).toEqual({ mean: expect.closeTo(48 / 38, 4), max: 2, end: 2 });
  });
});
