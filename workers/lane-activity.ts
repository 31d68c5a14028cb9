import { performance } from 'node:perf_hooks';
import type { LaneActivity } from './contract.ts';

// Taken before any workload is loaded, so that one which patches them cannot bend the measurement.
const utilization = performance.eventLoopUtilization.bind(performance);
const activeResources = process.getActiveResourcesInfo.bind(process);

/** Messages on their way: those by which Lanewise announces each task of such a batch may still wait for their reader. */
const SENT = /^(?:Write|Shutdown)Wrap$/i;
/** Handles that stay open for as long as a program likes: servers, sockets and pipes, and what watches files or children. */
const KEPT = /^(?:\w*(?:Pipe|TCP|TLS|TTY|UDP|Server|Socket|Port|Watcher|Signal)\w*|FSEvent|StatWatcher|CloseReq)$/i;

/**
 * What this thread's event loop has done and still has to do.
 *
 * @param isParked it waits for its next task in a way that counts as busy, as an idle thread of Piscina's does
 */
export function activityHere(isParked = false): LaneActivity {
  return {
    activeMs: isParked ? null : utilization().active,
    pending: activeResources().filter((kind) => !KEPT.test(kind) && !SENT.test(kind)).length,
  };
}
