import type { Nanoseconds } from './contract.ts';

// Taken before any workload is loaded, so that one which patches them cannot bend the measurement.
const hrtime = process.hrtime.bigint.bind(process.hrtime);
const later = setTimeout;

/**
 * Now, in nanoseconds of the machine's monotonic clock: the same clock in every thread and process,
 * which `performance.now()` is not. A double holds it to the nanosecond for 104 days after boot.
 */
export function nowNs(): Nanoseconds {
  return Number(hrtime());
}

export const NS_PER_MS = 1e6;

/** Waits, whatever a workload has made of timers. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    later(resolve, ms);
  });
}
