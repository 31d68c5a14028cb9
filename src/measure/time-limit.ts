import { killAll } from '../system/forked-child.ts';

/** The batch in hand may end within this time; then it is cut off, so that the limit is one. */
const GRACE_MS = 5000;

export interface TimeLimit {
  /** Aborted when the time has passed, and when the other one is. */
  readonly signal: AbortSignal;
  /** The run is over. */
  readonly end: () => void;
}

export function startTimeLimit(signal: AbortSignal, limitMs: number | null | undefined): TimeLimit {
  if (limitMs === null || limitMs === undefined) return { signal, end: () => undefined };
  const limit = new AbortController();
  let timer = setTimeout(() => {
    limit.abort();
    // A batch that is still running then belongs to no one: the run is ending, so no cell is blamed for it.
    timer = setTimeout(killAll, GRACE_MS);
  }, limitMs);
  return { signal: AbortSignal.any([signal, limit.signal]), end: () => clearTimeout(timer) };
}
