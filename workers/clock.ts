import type { Nanoseconds } from './contract.ts';

// Taken before any workload is loaded, which could patch them and distort the measurement.
const hrtime = process.hrtime.bigint.bind(process.hrtime);
const later = setTimeout;

/**
 * Current time in nanoseconds of the machine's monotonic clock, which all threads and processes share, unlike
 * `performance.now()`. A double is exact to the nanosecond until 104 days after boot.
 */
export function nowNs(): Nanoseconds {
  return Number(hrtime());
}

export const NS_PER_MS = 1e6;

/** Waits, even if the workload has patched timers. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    later(resolve, ms);
  });
}
