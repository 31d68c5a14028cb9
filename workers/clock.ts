import type { Nanoseconds } from './contract.ts';
import { thisRuntime } from './this-runtime.ts';

// Taken before any workload is loaded, which could patch them and distort the measurement.
const hrtime = process.hrtime.bigint.bind(process.hrtime);
const later = setTimeout;

export const NS_PER_MS = 1e6;

/** A day that all threads and processes know, soon before now: a double is exact to 8 ns for two years after it. */
const EPOCH_MS = Date.UTC(2026, 0);

/** Bun and Deno count from the start of each thread or process, whose times the wall clock puts on one line. */
const startNs =
  thisRuntime().name === 'node'
    ? 0
    : (performance.timeOrigin - EPOCH_MS + performance.now()) * NS_PER_MS - Number(hrtime());

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
