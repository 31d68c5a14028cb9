import type { Window } from '../../dist/src/model/load.js';

const PART = { p50: 0, p99: 0 };

/** A window of 300 tasks at 40 a second, whose objective is a p99 of 50 ms. */
export function windowOf(block: number, round: number, p99: number, over: Partial<Window> = {}): Window {
  return {
    block,
    round,
    position: 0,
    rate: 40,
    offered: 300,
    sent: 300,
    done: 300,
    failed: 0,
    rejected: 0,
    gaveUp: 0,
    wasted: { tasks: 0, runningMs: 0 },
    judgedMs: p99,
    missed: p99 > 50 ? 6 : 0,
    latencyMs: { p50: p99 / 4, p90: p99 / 2, p95: p99 / 1.5, p99, max: p99 * 1.2 },
    parts: { accept: PART, queue: PART, task: PART, back: PART },
    backlog: { mean: 1, max: 2, end: 0 },
    wallMs: 7500,
    cpuMs: 100,
    cpusUsed: 0.1,
    loopDelayMs: { p50: 0, p99: 0, max: 0 },
    contextSwitches: null,
    state: 'ok',
    ...over,
  };
}
