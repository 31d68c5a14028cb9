import { performance } from 'node:perf_hooks';
import type { LaneActivity, LaneTime } from './contract.ts';
import { ownUsage } from './usage.ts';

// Taken before any workload is loaded, which could patch them and distort the measurement.
const utilization = performance.eventLoopUtilization.bind(performance);
const activeResources = process.getActiveResourcesInfo.bind(process);

/** Messages being sent: those that announce the tasks of a batch may still wait for their reader. */
const SENT = /^(?:Write|Shutdown)Wrap$/i;
/** Handles that a program may keep open: servers, sockets, pipes, and watchers of files or children. */
const KEPT = /^(?:\w*(?:Pipe|TCP|TLS|TTY|UDP|Server|Socket|Port|Watcher|Signal)\w*|FSEvent|StatWatcher|CloseReq)$/i;

export interface ActivityAsked {
  /** Whether its waiting for tasks counts as busy, as in an idle thread of Piscina. */
  readonly isParked?: boolean | undefined;
  /** Whether it has a process of its own. */
  readonly isProcess?: boolean | undefined;
  /** Whether it notes its time at each result from now on, which takes microseconds; until it is asked again. */
  readonly notesResults?: boolean | undefined;
}

/** The last request; undefined: results are not noted. */
let noting: ActivityAsked | undefined;
let atResult: LaneTime | undefined;

/** Reads the past and pending activity of this thread's event loop, and begins or ends noting it at each result. */
export function activityHere(asked: ActivityAsked = {}): LaneActivity {
  const activity = {
    ...timeHere(asked),
    pending: activeResources().filter((kind) => !KEPT.test(kind) && !SENT.test(kind)).length,
    ...(atResult !== undefined && { atResult }),
  };
  noting = asked.notesResults === true ? asked : undefined;
  atResult = undefined;
  return activity;
}

/** Called after each result. */
export function noteResult(): void {
  if (noting !== undefined) atResult = timeHere(noting);
}

function timeHere({ isParked = false, isProcess = false }: ActivityAsked): LaneTime {
  return { activeMs: isParked ? null : utilization().active, ...(isProcess && { cpuMs: ownUsage().cpuMs }) };
}
