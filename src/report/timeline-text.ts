import { laneName } from '../../workers/contract.ts';
import type { Cell, Timeline, Results } from '../model/results.ts';
import { traitsOf, type StrategyOfCell } from '../model/strategies.ts';
import { groupBy, type ReportGroup } from '../stats/groups.ts';
import { byLane, inColumns, spansOf, type LaneSlices, type Span } from '../stats/timeline-bars.ts';
import { lastMs } from '../stats/timeline-facts.ts';
import { only, paragraph, present, type Block, type Code } from './document.ts';
import { capital, configurationName } from './names.ts';
import { ms } from './numbers.ts';

/** One character per task, counting from 1; repeats after the 35th. */
const DIGITS = '123456789abcdefghijklmnopqrstuvwxyz';
const WAITING = '·';

/**
 * Duration of the traced batch and of the median measured batch: `20.1 ms (median batch 19.8 ms)`. Undefined for
 * earlier results, in which traced batches were not timed.
 */
export function timelineCaption({ batchMs, tasks }: Timeline, cell: Cell, batchTasks: number): string | undefined {
  if (batchMs === undefined || cell.status !== 'ok') return undefined;
  const median = ms(cell.summary.wallMs.median);
  return tasks === undefined || tasks >= batchTasks
    ? `${ms(batchMs)} (median batch ${median})`
    : `${ms(batchMs)} for the first ${tasks} tasks (median batch of ${batchTasks} tasks ${median})`;
}

/** More rows are too many to compare. */
const LANES_LIMIT = 32;
/** Widths of a lane's name (`worker thread 12`) and its row: together they fit 80 columns. */
const LABEL_WIDTH = 17;
const ROW_WIDTH = 60;

/**
 * One row per lane that had work, one character per interval of time: the number of the task that ran longest in it, a
 * dot if all tasks were waiting, a blank if there were none.
 */
export function timelineRows(
  slices: Timeline['slices'],
  totalMs: number,
  labelOf: (lane: number) => string,
): readonly string[] {
  const lanes = byLane(slices);
  const rows = lanes
    .slice(0, LANES_LIMIT)
    .map(({ lane, slices: own }) => `${labelOf(lane).padEnd(LABEL_WIDTH)}${rowOf(own, totalMs)}`);
  return lanes.length > LANES_LIMIT ? [...rows, `and ${lanes.length - LANES_LIMIT} more workers`] : rows;
}

/** Like {@link timelineRows}, with one row for each task in flight at once in a lane. */
export function taskRows(
  slices: Timeline['slices'],
  totalMs: number,
  labelOf: (lane: number) => string,
): readonly string[] {
  return byLane(slices).flatMap(({ lane, slices: own }) => {
    const tracks = [...groupBy(spansOf(own), ({ track }) => track).values()];
    return tracks.map((spans, index) => {
      const tasks = new Set(spans.map(({ task }) => task));
      const row = rowOf(
        own.filter(({ task }) => tasks.has(task)),
        totalMs,
      );
      return `${(index === 0 ? labelOf(lane) : '').padEnd(LABEL_WIDTH)}${spans.reduce((line, span) => numbered(line, span, totalMs), row)}`;
    });
  });
}

/** Adds the number at the start, since a task that only waits would have none. */
function numbered(row: string, { task, startMs }: Span, totalMs: number): string {
  const column = Math.min(ROW_WIDTH - 1, Math.floor((startMs / totalMs) * ROW_WIDTH));
  return `${row.slice(0, column).padEnd(column)}${digitOf(task)}${row.slice(column + 1)}`;
}

function rowOf(slices: LaneSlices['slices'], totalMs: number): string {
  return inColumns(slices, totalMs, ROW_WIDTH).map(character).join('').trimEnd();
}

function character(shown: ReturnType<typeof inColumns>[number]): string {
  if (shown === undefined) return ' ';
  return shown.kind === 'run' ? digitOf(shown.task) : WAITING;
}

function digitOf(task: number): string {
  return DIGITS.charAt(task % DIGITS.length);
}

/** `main thread`, `worker thread 1`, `child process 2`. */
export function laneLabel(cell: StrategyOfCell, lane: number): string {
  return laneName({ kind: traitsOf(cell).laneKind, index: lane });
}

/** Timelines in characters: in a terminal, those of the baseline and the choice. The page has a figure. */
export function timelineBlocks(group: ReportGroup, { timelines }: Results): readonly Block[] {
  const { cells, baseline, choice } = group;
  const lanesOf = new Map(cells.map((cell) => [cell.id, traitsOf(cell).lanes]));
  const own = timelines.filter(({ cell }) => lanesOf.has(cell));
  const spokenOf = new Set([baseline?.id, choice?.id]);
  // Starting a lane for every task takes so long that it needs a scale of its own.
  const startsLanes = ({ cell }: Timeline): boolean => lanesOf.get(cell) === 'per-task';
  const all = [own.filter((timeline) => !startsLanes(timeline)), own.filter(startsLanes)].flatMap((part) =>
    drawing(part, group),
  );
  const spoken = own.filter(({ cell }) => spokenOf.has(cell));
  const details: Block = { kind: 'details', heading: 'Timelines', blocks: [EXPLANATION, ...all] };
  const areNamed = !areToldApart(spoken, group);
  return [
    ...only(['terminal'], drawing(spoken, group, areNamed)),
    ...only(['markdown'], all.length > 0 ? [details] : []),
  ];
}

/** Whether the names of workers show whose row it is, and all of a usual batch is drawn, so that no row needs a caption. */
function areToldApart(timelines: readonly Timeline[], { cells, workload }: ReportGroup): boolean {
  const shown = timelines.flatMap(({ cell }) => cells.find(({ id }) => id === cell) ?? []).map(traitsOf);
  const kinds = new Set(shown.filter(({ lanes }) => lanes !== 'per-task').map(({ laneKind }) => laneKind));
  // A row is that of one version, which its worker does not show.
  const isOfOne = workload.newerSource === undefined;
  return (
    isOfOne &&
    kinds.size === timelines.length &&
    timelines.every(({ tasks = workload.tasks }) => tasks >= workload.tasks) &&
    timelines.every((timeline) => isUsual(timeline, cells))
  );
}

/** A traced batch that took much longer than the measured ones, or less, would contradict the table. */
const UNUSUAL = Math.log(1.25);

function isUsual({ cell: id, batchMs }: Timeline, cells: readonly Cell[]): boolean {
  const cell = cells.find((one) => one.id === id);
  if (batchMs === undefined || cell?.status !== 'ok') return true;
  return Math.abs(Math.log(batchMs / cell.summary.wallMs.median)) < UNUSUAL;
}

const EXPLANATION = paragraph(
  'One row per worker. Up to three batches are traced; shown is the one closest to the median measured batch.',
);

/**
 * Draws timelines on one time scale; empty if nothing was recorded.
 *
 * @param areNamed whether each begins with its configuration and times
 */
function drawing(timelines: readonly Timeline[], { cells, workload }: ReportGroup, areNamed = true): readonly Code[] {
  const totalMs = lastMs(timelines);
  if (totalMs === 0) return [];
  const lines = timelines.flatMap((timeline) => {
    const cell = cells.find(({ id }) => id === timeline.cell);
    if (cell === undefined) return [];
    const name = present(configurationName(cell), timelineCaption(timeline, cell, workload.tasks)).join(': ');
    return [
      ...(areNamed ? [capital(name)] : []),
      ...timelineRows(timeline.slices, totalMs, (lane) => laneLabel(cell, lane)),
    ];
  });
  const title = `Timeline, 0–${ms(totalMs)}: ${workload.tasks > 9 ? 'a digit or letter' : 'a digit'} is a running task, · is a waiting one`;
  return [{ kind: 'code', language: 'text', title, text: lines.join('\n') }];
}
