import type { Nanoseconds } from './contract.ts';
import { thisRuntime } from './this-runtime.ts';

// Taken before any workload is loaded, which could patch them and distort the measurement.
const hrtime = process.hrtime.bigint.bind(process.hrtime);
const later = setTimeout;

export const NS_PER_MS = 1e6;

/** A day that all threads and processes know, soon before now: a double is exact to 8 ns for two years after it. */
const EPOCH_MS = Date.UTC(2026, 0);

/** How long reading both clocks may take: another program, or code that is not compiled yet, may run in between. */
const READING_NS = 1000;
const READINGS = 100;

/** When the clock of this thread or process began, by the wall clock, from the fastest reading of both. */
export function beginningNs(): Nanoseconds {
  let fastest = { tookNs: Number.POSITIVE_INFINITY, beganNs: 0 };
  for (let reading = 0; reading < READINGS && fastest.tookNs > READING_NS; reading += 1) {
    const beforeNs = Number(hrtime());
    const wallMs = performance.timeOrigin - EPOCH_MS + performance.now();
    const afterNs = Number(hrtime());
    const tookNs = afterNs - beforeNs;
    if (tookNs < fastest.tookNs) fastest = { tookNs, beganNs: wallMs * NS_PER_MS - (beforeNs + afterNs) / 2 };
  }
  return fastest.beganNs;
}

/** Bun and Deno count from the start of each thread or process, whose times the wall clock puts on one line. */
const startNs = thisRuntime().name === 'node' ? 0 : beginningNs();

/**
 * Current time in nanoseconds of the machine's monotonic clock, which all threads and processes share, unlike
 * `performance.now()`. A double is exact to the nanosecond until 104 days after boot.
 */
export function nowNs(): Nanoseconds {
  return startNs + Number(hrtime());
}

/** Waits, even if the workload has patched timers. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    later(resolve, ms);
  });
}
