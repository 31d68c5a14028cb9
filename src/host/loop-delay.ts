import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { LOOP_TIMER_MS } from '../stats/sample.ts';

// Read before any workload is loaded, so that patched timers cannot distort the measurement.
const [later, never] = [setTimeout, clearTimeout];

export interface LoopDelayMonitor {
  /** Returns how late each timer fired, and the pending one is so far, in ms, in time order. */
  readonly stop: () => readonly number[];
}

/**
 * Watches the event loop of this thread with a repeated timer: the time by which it fires late
 * is the time for which the loop was blocked. `perf_hooks.monitorEventLoopDelay` records nothing until
 * its second tick and so misses a batch that blocks the loop from its first moment.
 */
export function watchLoopDelay(): LoopDelayMonitor {
  const delaysMs: number[] = [];
  let armedNs = nowNs();
  let timer = later(fire, LOOP_TIMER_MS);
  function note(): void {
    // libuv keeps time in whole milliseconds, so a timer can fire up to one early.
    delaysMs.push(Math.max(0, (nowNs() - armedNs) / NS_PER_MS - LOOP_TIMER_MS));
  }
  function fire(): void {
    note();
    armedNs = nowNs();
    timer = later(fire, LOOP_TIMER_MS);
  }
  return {
    stop: () => {
      never(timer);
      note();
      return delaysMs;
    },
  };
}
