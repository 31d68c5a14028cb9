import type { Objective, Pulse } from '../../model/load.ts';
import type { MeasuredPulse } from '../../model/measured.ts';
import { probabilityOf } from '../../model/arrivals.ts';
import { sorted, type Sorted } from '../quantile.ts';

type Times = MeasuredPulse['requests'][number];

/** A second in which every task meets the objective is not luck. */
export const CALM_MS = 1000;
/** Points of the course, for a figure. */
const POINTS = 120;

/** Reads from the times of its tasks what a pulse did to a configuration. */
export function readPulse({ block, plan, reading, requests }: MeasuredPulse, objective: Objective): Pulse {
  const { leadMs, pulseMs, tailMs } = plan;
  const endMs = leadMs + pulseMs;
  const backlogAt = backlogOf(requests);
  const { offered, rejected, gaveUp, failed, wasted, backlog } = reading;
  return {
    block,
    arrived: requests.filter(({ dueMs }) => dueMs >= leadMs && dueMs < endMs).length,
    growthPerSecond: ((backlogAt(endMs) - backlogAt(leadMs)) / pulseMs) * 1000,
    mostBacklog: backlog.max,
    recoveryMs: recoveryOf(requests, endMs, endMs + tailMs, objective),
    offered,
    rejected,
    gaveUp,
    failed,
    wasted,
    course: courseOf(requests, backlogAt, endMs + tailMs),
  };
}

/** Number of tasks that are due and have no result yet, at a time in ms. */
function backlogOf(requests: readonly Times[]): (ms: number) => number {
  const due = sorted(requests.map(({ dueMs }) => dueMs));
  const received = sorted(requests.map(({ receivedMs }) => receivedMs));
  return (ms) => upTo(due, ms) - upTo(received, ms);
}

/** Number of values that are at most the limit. */
function upTo(values: Sorted, limit: number): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((values[middle] ?? Infinity) <= limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * From the end of the pulse to the first time from which, for a second or at least one task, the share of arriving tasks that meets the
 * objective is at least that of its quantile.
 */
function recoveryOf(requests: readonly Times[], endMs: number, lastMs: number, objective: Objective): number | null {
  const after = requests.filter(({ dueMs }) => dueMs >= endMs);
  const isLate = (one: Times): boolean => one.startedMs === null || one.receivedMs - one.dueMs > objective.ms;
  const tolerated = 1 - probabilityOf(objective);
  const starts = [endMs, ...after.filter(isLate).map(({ dueMs }) => dueMs)];
  for (const start of starts) {
    if (start + CALM_MS > lastMs) return null;
    // Later than the late task itself; at low rates, a second may have none.
    const later = after.filter(({ dueMs }) => dueMs > start);
    const inTime = later.filter(({ dueMs }) => dueMs <= start + CALM_MS);
    const calm = inTime.length > 0 ? inTime : later.slice(0, 1);
    if (calm.length > 0 && calm.filter(isLate).length <= Math.floor(tolerated * calm.length)) return start - endMs;
  }
  return null;
}

function courseOf(requests: readonly Times[], backlogAt: (ms: number) => number, lastMs: number): Pulse['course'] {
  const stepMs = lastMs / POINTS;
  return Array.from({ length: POINTS + 1 }, (_, point) => {
    const ms = point * stepMs;
    const own = requests.filter(({ dueMs }) => dueMs > ms - stepMs && dueMs <= ms);
    const latencies = own.flatMap(({ startedMs, receivedMs, dueMs }) => (startedMs === null ? [] : receivedMs - dueMs));
    return {
      ms: Math.round(ms),
      backlog: backlogAt(ms),
      latencyMs: latencies.length === 0 ? null : Number(Math.max(...latencies).toPrecision(5)),
    };
  });
}
