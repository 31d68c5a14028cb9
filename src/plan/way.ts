import type { PlannedCell } from '../model/plan.ts';
import type { InFlight, StrategyName } from '../model/results.ts';

/** How a cell runs its work, whatever the work is. */
export type Way = Omit<PlannedCell, 'id' | 'version'>;

/** A cell's id without its workload: `worker-threads@2x8`, `event-loop~uv16` with so many threads of libuv's, `event-loop~node24`. */
export function wayId({ strategy, poolSize, inFlight, uvThreads, runtime }: Way): string {
  const uv = uvThreads === undefined ? '' : `~uv${uvThreads}`;
  return `${strategy}${laneSuffix(strategy, poolSize, inFlight)}${uv}${runtime === undefined ? '' : `~${runtime}`}`;
}

function laneSuffix(strategy: StrategyName, poolSize: number, inFlight: InFlight): string {
  if (strategy === 'sequential' || (strategy === 'event-loop' && inFlight === 'all')) return '';
  if (inFlight === 1 && strategy !== 'event-loop') return `@${poolSize}`;
  return `@${poolSize}x${inFlight}`;
}
