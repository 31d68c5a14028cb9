import { laneName } from '../../workers/lane-name.ts';
import type { Cell, Timeline } from '../model/results.ts';
import { byLane, inColumns } from '../stats/timeline-bars.ts';
import { threeDigits } from './numbers.ts';
import { traitsOf, type StrategyOfCell } from '../model/strategies.ts';

/** Tasks are numbered from 1, in one character each; after the 35th they begin again. */
const DIGITS = '123456789abcdefghijklmnopqrstuvwxyz';
const WAITING = '·';

/** Of the name of a lane beside its row: `worker thread 12`. */
export const LANE_LABEL_WIDTH = 17;

/**
 * How long the traced batch took, and beside it the median of those that were measured: `20.1 ms (median batch 19.8 ms)`.
 * Undefined in results of before traced batches were timed.
 */
export function timelineCaption({ batchMs, tasks }: Timeline, cell: Cell, batchTasks: number): string | undefined {
  if (batchMs === undefined || cell.status !== 'ok') return undefined;
  const median = `${threeDigits(cell.summary.wallMs.median)} ms`;
  return tasks === undefined || tasks >= batchTasks
    ? `${threeDigits(batchMs)} ms (median batch ${median})`
    : `${threeDigits(batchMs)} ms for the first ${tasks} tasks (median batch of ${batchTasks} tasks ${median})`;
}

/** More rows than that nobody compares. */
const LANES_LIMIT = 32;

export interface TimelineRow {
  readonly lane: number;
  readonly line: string;
}

/**
 * One row per lane that had anything to do, one character per stretch of time: the number of the task that ran longest in it, a
 * dot where tasks were under way but all were waiting, a blank where there was nothing to do.
 */
export function timelineRows(
  { slices }: Pick<Timeline, 'slices'>,
  totalMs: number,
  width: number,
): readonly TimelineRow[] {
  return byLane(slices)
    .slice(0, LANES_LIMIT)
    .map(({ lane, slices: own }) => ({ lane, line: inColumns(own, totalMs, width).map(character).join('').trimEnd() }));
}

/** What {@link timelineRows} leaves out, in words; nothing where it is all there. */
export function lanesLeftOut({ slices }: Timeline): string | undefined {
  const lanes = new Set(slices.map(({ lane }) => lane)).size;
  return lanes > LANES_LIMIT ? `and ${lanes - LANES_LIMIT} more lanes` : undefined;
}

function character(shown: ReturnType<typeof inColumns>[number]): string {
  if (shown === undefined) return ' ';
  return shown.kind === 'run' ? digitOf(shown.task) : WAITING;
}

export function digitOf(task: number): string {
  return DIGITS.charAt(task % DIGITS.length);
}

/** `main thread`, `worker thread 1`, `child process 2`. */
export function laneLabel(cell: StrategyOfCell, lane: number): string {
  return laneName({ kind: traitsOf(cell).laneKind, index: lane });
}
