/** A cell's id without its workload: `worker-threads@2x8`. */
export function wayOf(id: string): string {
  // A workload's name may hold a slash; a strategy's does not.
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Whether the same way was measured before it in the same run: `…/worker-threads@2#2`. */
export function isTwin(id: string): boolean {
  return wayOf(id).includes('#');
}
