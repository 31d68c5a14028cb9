import type { Cell } from '../model/results.ts';
import { ONE_BY_ONE, REFERENCE } from '../model/strategies.ts';
import type { ReportGroup } from './groups.ts';

/** Tasks that never wait are in flight one at a time; timestamps add a little. */
const ONE_IN_FLIGHT = 1.05;

/**
 * Cells of `sequential` where the event loop runs the same program, since no task waits: no alternative to it. If the
 * baseline is `sequential`, the cells of the event loop that run its program.
 */
export function sameAsLoop(cells: readonly Cell[], baseline: string | undefined): readonly Cell[] {
  const loops = cells.filter(
    (cell) => cell.status === 'ok' && cell.strategy === REFERENCE && cell.summary.tasksInFlight <= ONE_IN_FLIGHT,
  );
  const sequential = cells.find(({ id, strategy }) => strategy === ONE_BY_ONE && id === baseline);
  return cells.filter((cell) =>
    cell.strategy === ONE_BY_ONE
      ? cell !== sequential && loops.some((loop) => isAlike(cell, loop))
      : sequential !== undefined && loops.includes(cell) && isAlike(cell, sequential),
  );
}

function isAlike(a: Cell, b: Cell): boolean {
  return a.runtime === b.runtime && a.uvThreads === b.uvThreads;
}

/** Whether a cell runs the same program as the baseline: whatever differs between them is noise. */
export function isSameProgram(cell: Cell, { baseline, workload, isAA }: ReportGroup): boolean {
  // There, every cell is compared with its own older version, or its twin.
  if (baseline === undefined || workload.newerSource !== undefined || isAA) return false;
  return sameAsLoop([cell, baseline], baseline.id).includes(cell);
}
