import { describe, expect, it } from 'vitest';
import type { MeasuredPulse } from '../../../dist/src/model/measured.js';
import { scheduleOf } from '../../../dist/src/model/arrivals.js';
import { arrivalsOf, pulsedMs } from '../../../dist/src/model/pulse.js';
import { evenLatencies } from '../../../dist/src/stats/load/even-queue.js';
import { readPulse } from '../../../dist/src/stats/load/pulse.js';

const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const PLAN = { baseRate: 50, pulseRate: 150, leadMs: 2000, pulseMs: 3000, tailMs: 8000 };
const READING = {
  offered: 1,
  rejected: 0,
  gaveUp: 0,
  failed: 0,
  wasted: { tasks: 0, runningMs: 0 },
  state: 'ok',
} as const;

/** One server that takes 10 ms for each task, in the order of arrival. */
function pulsed(plan = PLAN): MeasuredPulse {
  const due = pulsedMs(scheduleOf({ kind: 'constant' }, arrivalsOf(plan), 1, 1), plan);
  const latencies = evenLatencies(due, 10, 1);
  const requests = due.map((dueMs, index) => {
    const receivedMs = dueMs + (latencies[index] ?? 0);
    return { dueMs, acceptedMs: dueMs, startedMs: receivedMs - 10, finishedMs: receivedMs, receivedMs };
  });
  return {
    block: 0,
    plan,
    capacity: 100,
    isHeld: false,
    reading: { ...READING, backlog: { mean: 1, max: 151, end: 0 } },
    requests,
  };
}

describe('the reading of a pulse', () => {
  it('has the growth of the backlog and the time of recovery of a queue', () => {
    const found = readPulse(pulsed(), OBJECTIVE);
    expect(found.arrived).toBe(450);
    // 150 arrive a second, and 100 are done.
    expect(found.growthPerSecond).toBeCloseTo(50, 0);
    // 150 wait, and 50 a second of them are done: 3 s, less the time in which the rest of the queue takes up to 50 ms.
    expect(found.recoveryMs).toBeGreaterThan(2850);
    expect(found.recoveryMs).toBeLessThan(3000);
  });

  it('has no recovery if the objective is not met for a second before the end', () => {
    expect(readPulse(pulsed({ ...PLAN, tailMs: 3500 }), OBJECTIVE).recoveryMs).toBeNull();
    expect(readPulse(pulsed({ ...PLAN, tailMs: 4500 }), OBJECTIVE).recoveryMs).not.toBeNull();
  });

  it('counts a task without a result against recovery', () => {
    const whole = pulsed();
    const calm = 11_000;
    const requests = whole.requests.map((one) =>
      one.dueMs > 5000 && one.dueMs < calm ? { ...one, startedMs: null, finishedMs: null, receivedMs: one.dueMs } : one,
    );
    const { recoveryMs, course } = readPulse({ ...whole, requests }, OBJECTIVE);
    expect(recoveryMs).toBeGreaterThan(calm - 5000 - 50);
    expect(course.find(({ ms }) => ms > 6000 && ms < 10_000)?.latencyMs).toBeNull();
  });

  it('has not recovered in a second in which nothing arrives', () => {
    const whole = pulsed();
    const at = (dueMs: number, takesMs: number): MeasuredPulse['requests'][number] => {
      const [receivedMs, startedMs] = [dueMs + takesMs, dueMs];
      return { dueMs, acceptedMs: dueMs, startedMs, finishedMs: receivedMs, receivedMs };
    };
    const during = whole.requests.filter(({ dueMs }) => dueMs < 5000);
    const recovery = (...after: readonly MeasuredPulse['requests'][number][]): number | null =>
      readPulse({ ...whole, requests: [...during, ...after] }, OBJECTIVE).recoveryMs;
    expect(recovery(at(6500, 900), at(8500, 800), at(10_500, 5))).toBe(3500);
    expect(recovery(at(6500, 900), at(8500, 800))).toBeNull();
    expect(recovery()).toBeNull();
  });

  it('has a course of backlog and latency over time', () => {
    const { course } = readPulse(pulsed(), OBJECTIVE);
    const peak = course.reduce((most, one) => (one.backlog > most.backlog ? one : most));
    expect(peak.ms).toBeGreaterThan(4800);
    expect(peak.ms).toBeLessThan(5200);
    expect(peak.backlog).toBeGreaterThan(140);
    expect(course[0]).toMatchObject({ ms: 0 });
    expect(course.at(-1)).toMatchObject({ ms: 13_000, backlog: 0 });
  });
});
