import type { MeasuredCell, Recommendation } from '../model.ts';
import { contrast } from './compare.ts';

export interface RecommendOptions {
  /** Id of the cell that is preferred where nothing else tells the cells of a tie apart. */
  readonly baseline: string;
  /** ln(1 + the smallest difference worth telling). */
  readonly margin: number;
  /** The level that the comparisons of one cell with all others share. */
  readonly alpha: number;
}

/** Costs that differ by less than this are taken for equal, as they are measured too. */
const COST_TOLERANCE = 1.05;

/**
 * The cheapest cell among those not shown to be slower than any other by more than the margin: the fewest lanes beside
 * the main loop, then the least CPU time per task, then the least memory, then the baseline, then the first. Every other
 * and not just the fastest, since the one that looks fastest may be the one with the widest interval. If the baseline is
 * beaten, only what was shown to be faster than it is chosen.
 *
 * @returns undefined if no cell was measured, or too few blocks to tell the cells apart
 */
export function recommend(
  cells: readonly MeasuredCell[],
  { baseline, margin, alpha }: RecommendOptions,
): Recommendation | undefined {
  const fastest = least(cells, (cell) => cell.summary.wallMs.median)[0];
  const share = alpha / Math.max(1, cells.length - 1);
  // Of an interrupted run there can be too little to tell anything apart.
  const canTell = cells.every(
    (cell) =>
      cell === fastest || (fastest !== undefined && contrast(fastest.samples, cell.samples, share) !== undefined),
  );
  if (fastest === undefined || !canTell) return undefined;
  const isBeaten = (cell: MeasuredCell): boolean => cells.some((other) => isShownSlower(cell, other, share, margin));
  const tied = cells.filter((cell) => cell === fastest || !isBeaten(cell));
  const base = cells.find((cell) => cell.id === baseline);
  // Whoever is told to leave the baseline is led to something that was shown to beat it.
  const better =
    base === undefined || tied.includes(base) ? [] : tied.filter((cell) => isShownSlower(base, cell, share, 0));
  const fewestLanes = least(better.length > 0 ? better : tied, extraLanes);
  const leastCpu = least(fewestLanes, (cell) => cell.summary.cpuMsPerTask, COST_TOLERANCE);
  const leastMemory = least(leastCpu, (cell) => cell.summary.memoryMiB ?? 0, COST_TOLERANCE);
  const choice = leastMemory.find((cell) => cell.id === baseline) ?? leastMemory[0] ?? fastest;
  return {
    workload: choice.workload,
    params: choice.params,
    choose: choice.id,
    fastest: fastest.id,
    tied: tied.map((cell) => cell.id),
    because:
      tied.length === 1
        ? 'every other way was shown to be slower'
        : `${standing(choice, fastest, tied.length)}${advantage([fewestLanes, leastCpu, leastMemory])}`,
  };
}

/** Lanes that are started beside the main loop. */
function extraLanes({ strategy, poolSize }: MeasuredCell): number {
  return strategy === 'sequential' || strategy === 'event-loop' ? 0 : poolSize;
}

function isShownSlower(cell: MeasuredCell, other: MeasuredCell, alpha: number, margin: number): boolean {
  const slowness = contrast(cell.samples, other.samples, alpha);
  return slowness !== undefined && slowness.interval.lo > margin;
}

function least(
  cells: readonly MeasuredCell[],
  cost: (cell: MeasuredCell) => number,
  tolerance = 1,
): readonly MeasuredCell[] {
  const lowest = Math.min(...cells.map(cost));
  return cells.filter((cell) => cost(cell) <= lowest * tolerance);
}

function standing(choice: MeasuredCell, fastest: MeasuredCell, ties: number): string {
  if (choice !== fastest) return `not shown to be slower than ${fastest.id}, which looked fastest, and `;
  return ties === 2
    ? 'fastest, though one other way was not shown to be slower, and '
    : `fastest, though ${ties - 1} other ways were not shown to be slower, and `;
}

/** What the cells of a tie were told apart by: the first narrowing down that leaves one of several. */
function advantage([fewestLanes = [], leastCpu = [], leastMemory = []]: readonly (readonly MeasuredCell[])[]): string {
  if (fewestLanes.length === 1) return 'it needs the fewest lanes';
  if (leastCpu.length === 1) return 'it needs the least CPU time per task of those with as few lanes';
  if (leastMemory.length === 1) return 'it needs the least memory of those with as few lanes';
  return 'none of the others is cheaper';
}
