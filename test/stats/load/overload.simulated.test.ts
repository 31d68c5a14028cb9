import { expect, it } from 'vitest';
import { scheduleOf } from '../../../dist/src/model/arrivals.js';
import { arrivalsOf, fluidRecoveryMs, planPulse, pulsedMs } from '../../../dist/src/model/pulse.js';
import { median } from '../../../dist/src/stats/quantile.js';
import { evenLatencies } from '../../../dist/src/stats/load/even-queue.js';
import { readPulse } from '../../../dist/src/stats/load/pulse.js';

const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const TASK_MS = 10;
const NO_LOSS = { offered: 1, rejected: 0, gaveUp: 0, failed: 0, wasted: { tasks: 0, runningMs: 0 } } as const;

it.each([
  [1, 1.5],
  [1, 2],
  [2, 1.5],
  [4, 2],
])(
  'a queue of %i servers recovers from a pulse of %f times its capacity as a fluid does, within a tenth',
  (servers, times) => {
    const capacity = (servers * 1000) / TASK_MS;
    const plan = planPulse({ times, pulseMs: 3000 }, { capacity, held: undefined, lowest: undefined });
    const ratios = Array.from({ length: 40 }, (_, seed) => {
      const due = pulsedMs(scheduleOf({ kind: 'poisson' }, arrivalsOf(plan), 1, seed), plan);
      const latencies = evenLatencies(due, TASK_MS, servers);
      const requests = due.map((dueMs, index) => {
        const receivedMs = dueMs + (latencies[index] ?? 0);
        return { dueMs, acceptedMs: dueMs, startedMs: receivedMs - TASK_MS, finishedMs: receivedMs, receivedMs };
      });
      const reading = { ...NO_LOSS, state: 'ok' as const, backlog: { mean: 1, max: 1, end: 0 } };
      const found = readPulse({ block: 0, plan, capacity, isHeld: false, reading, requests }, OBJECTIVE);
      const queue = found.arrived - (capacity * plan.pulseMs) / 1000 - (capacity * (OBJECTIVE.ms - TASK_MS)) / 1000;
      return (
        (found.recoveryMs ?? Infinity) / (fluidRecoveryMs({ queue, capacity, baseRate: plan.baseRate }) ?? Infinity)
      );
    });
    expect(Math.abs(median(ratios) - 1)).toBeLessThan(0.1);
  },
);
