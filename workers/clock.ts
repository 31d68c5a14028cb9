import type { Nanoseconds } from './contract.ts';
import { thisRuntime } from './this-runtime.ts';

// Taken before any workload is loaded, which could patch them and distort the measurement.
const hrtime = process.hrtime.bigint.bind(process.hrtime);
const later = setTimeout;

export const NS_PER_MS = 1e6;

/** A day that all threads and processes know, soon before now: a double is exact to 8 ns for two years after it. */
const EPOCH_MS = Date.UTC(2026, 0);

/** How exactly the beginning of a clock must be known, if another program does not interrupt all that is tried. */
const EXACT_NS = 5000;
const TRIED = 20;

/**
 * When the clock of this thread or process began, by the wall clock: seen when that changes its millisecond, unless
 * another program interrupts just then.
 */
export function beginningNs(): Nanoseconds {
  let closest = { gapNs: Number.POSITIVE_INFINITY, beganNs: 0 };
  let [wallMs, seenNs] = [Date.now(), Number(hrtime())];
  for (let changes = 0; changes < TRIED && closest.gapNs > EXACT_NS;) {
    const nextMs = Date.now();
    const nextNs = Number(hrtime());
    const gapNs = nextNs - seenNs;
    if (nextMs !== wallMs) {
      changes += 1;
      if (gapNs < closest.gapNs) closest = { gapNs, beganNs: (nextMs - EPOCH_MS) * NS_PER_MS - nextNs + gapNs / 2 };
    }
    [wallMs, seenNs] = [nextMs, nextNs];
  }
  return closest.beganNs;
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
