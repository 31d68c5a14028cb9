import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { LOOP_TIMER_MS } from '../stats/sample.ts';

// Read before any workload is loaded, so that patched timers cannot distort the measurement.
const later = setTimeout;

export interface LoopDelayMonitor {
  /** Waits for the pending timer and returns how late each one fired, in ms, in time order. */
  readonly stop: () => Promise<readonly number[]>;
}

/**
 * Watches the event loop of this thread with a repeated timer: the time by which it fires late
 * is the time for which the loop was blocked. `perf_hooks.monitorEventLoopDelay` records nothing until
 * its second tick and so misses a batch that blocks the loop from its first moment.
 */
export function watchLoopDelay(): LoopDelayMonitor {
  const delaysMs: number[] = [];
  let isStopping = false;
  const stopped = new Promise<void>((resolve) => {
    function arm(): void {
      const armedNs = nowNs();
      later(() => {
        // libuv keeps time in whole milliseconds, so a timer can fire up to one early.
        delaysMs.push(Math.max(0, (nowNs() - armedNs) / NS_PER_MS - LOOP_TIMER_MS));
        if (isStopping) resolve();
        else arm();
      }, LOOP_TIMER_MS);
    }
    arm();
  });
  return {
    stop: async () => {
      isStopping = true;
      await stopped;
      return delaysMs;
    },
  };
}
