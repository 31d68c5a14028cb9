import type { Cell } from './results.ts';

/** A cell's id without its workload: `worker-threads@2x8`. */
export function wayOf(id: string): string {
  // A workload's name may hold a slash; a strategy's does not.
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Whether the same way was measured before it in the same run: `…/worker-threads@2#2`. */
export function isTwin(id: string): boolean {
  return wayOf(id).includes('#');
}

/** Which of the cells that are the same: `2` of `…#2`, undefined of the first. */
export function twinOf({ id }: Pick<Cell, 'id'>): string | undefined {
  return /#(\d+)(?:~new)?$/.exec(id)?.[1];
}

/**
 * The curve that a cell is a point of: all that tells it from others but its pool size. Cells of one curve are fitted and drawn
 * as one: `worker-threads x4~uv16`.
 */
export function curveName({
  id,
  strategy,
  inFlight,
  uvThreads,
  runtime,
}: Pick<Cell, 'id' | 'strategy' | 'inFlight' | 'uvThreads' | 'runtime'>): string {
  const twin = twinOf({ id });
  return [
    strategy,
    ...(inFlight === 1 ? [] : [` x${inFlight}`]),
    ...(uvThreads === undefined ? [] : [`~uv${uvThreads}`]),
    ...(runtime === undefined ? [] : [` ${runtime}`]),
    ...(twin === undefined ? [] : [`#${twin}`]),
  ].join('');
}
