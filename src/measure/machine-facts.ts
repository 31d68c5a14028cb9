import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupportFacts, TimerFacts } from '../model/diagnosis.ts';
import type { Environment } from '../model/results.ts';
import { stripsTypes } from './type-loader.ts';

const CLOCK_READS = 10_000;
const TIMERS = 21;

/** How fine the clock is, and how long the shortest timer takes. Some 25 ms. */
export async function readTimer(): Promise<TimerFacts> {
  let smallestNs = Number.POSITIVE_INFINITY;
  let last = process.hrtime.bigint();
  for (let read = 0; read < CLOCK_READS; read++) {
    const now = process.hrtime.bigint();
    if (now > last) smallestNs = Math.min(smallestNs, Number(now - last));
    last = now;
  }
  const tookMs: number[] = [];
  for (let timer = 0; timer < TIMERS; timer++) {
    const startedMs = performance.now();
    await sleep(1);
    tookMs.push(performance.now() - startedMs);
  }
  const median = tookMs.toSorted((a, b) => a - b)[Math.floor(TIMERS / 2)] ?? Number.NaN;
  return { clockStepNs: smallestNs, oneMsTimerMs: median };
}

/** What this Node and this system tell of what Lanewise reads. */
export function readSupport({ stealShare }: Environment): SupportFacts {
  return {
    typeStripping: stripsTypes(),
    threadCpuUsage: 'threadCpuUsage' in process,
    contextSwitches: process.platform !== 'win32',
    memoryOfTree: existsSync('/proc/self/smaps_rollup'),
    stealAndThrottling: stealShare !== undefined && stealShare !== null,
  };
}
