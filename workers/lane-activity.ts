import { performance } from 'node:perf_hooks';
import type { LaneActivity } from './contract.ts';

// Taken before any workload is loaded, which could patch them and distort the measurement.
const utilization = performance.eventLoopUtilization.bind(performance);
const activeResources = process.getActiveResourcesInfo.bind(process);

/** Messages being sent: those that announce the tasks of a batch may still wait for their reader. */
const SENT = /^(?:Write|Shutdown)Wrap$/i;
/** Handles that a program may keep open: servers, sockets, pipes, and watchers of files or children. */
const KEPT = /^(?:\w*(?:Pipe|TCP|TLS|TTY|UDP|Server|Socket|Port|Watcher|Signal)\w*|FSEvent|StatWatcher|CloseReq)$/i;

/**
 * Reads the past and pending activity of this thread's event loop.
 *
 * @param isParked whether its waiting for tasks counts as busy, as in an idle thread of Piscina
 */
export function activityHere(isParked = false): LaneActivity {
  return {
    activeMs: isParked ? null : utilization().active,
    pending: activeResources().filter((kind) => !KEPT.test(kind) && !SENT.test(kind)).length,
  };
}
