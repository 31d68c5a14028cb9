import type { PlannedCell } from '../model/plan.ts';
import { traitsOf } from '../model/strategies.ts';

/** How a cell runs its work, whatever the work is. */
export type Way = Omit<PlannedCell, 'id' | 'version'>;

/** A cell's id without its workload: `worker-threads@2x8`, `event-loop~uv16` with so many threads of libuv's, `event-loop~node24`. */
export function wayId(way: Way): string {
  const { strategy, uvThreads, runtime } = way;
  const uv = uvThreads === undefined ? '' : `~uv${uvThreads}`;
  return `${strategy}${laneSuffix(way)}${uv}${runtime === undefined ? '' : `~${runtime}`}`;
}

function laneSuffix(way: Way): string {
  const { poolSize, inFlight } = way;
  const { isSized, plainInFlight } = traitsOf(way);
  if (inFlight !== plainInFlight) return `@${poolSize}x${inFlight}`;
  return isSized ? `@${poolSize}` : '';
}
