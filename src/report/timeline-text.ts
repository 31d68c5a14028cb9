import { laneName } from '../../workers/lane-name.ts';
import type { Cell, Timeline, Results } from '../model/results.ts';
import { traitsOf, type StrategyOfCell } from '../model/strategies.ts';
import { groupBy, type ReportGroup } from '../stats/groups.ts';
import { byLane, inColumns, spansOf, type LaneSlices, type Span } from '../stats/timeline-bars.ts';
import { lastMs } from '../stats/timeline-facts.ts';
import { only, paragraph, present, type Block, type Code } from './document.ts';
import { capital, wayName } from './names.ts';
import { ms } from './numbers.ts';

/** Tasks are numbered from 1, in one character each; after the 35th they begin again. */
const DIGITS = '123456789abcdefghijklmnopqrstuvwxyz';
const WAITING = '·';

/**
 * How long the traced batch took, and beside it the median of those that were measured: `20.1 ms (median batch 19.8 ms)`.
 * Undefined in results of before traced batches were timed.
 */
export function timelineCaption({ batchMs, tasks }: Timeline, cell: Cell, batchTasks: number): string | undefined {
  if (batchMs === undefined || cell.status !== 'ok') return undefined;
  const median = ms(cell.summary.wallMs.median);
  return tasks === undefined || tasks >= batchTasks
    ? `${ms(batchMs)} (median batch ${median})`
    : `${ms(batchMs)} for the first ${tasks} tasks (median batch of ${batchTasks} tasks ${median})`;
}

/** More rows than that nobody compares. */
const LANES_LIMIT = 32;
/** Of the name of a lane beside its row, `worker thread 12`, and of the row: together they fit 80 columns. */
const LABEL_WIDTH = 17;
const ROW_WIDTH = 60;

/**
 * One row per lane that had anything to do, one character per stretch of time: the number of the task that ran longest in it, a
 * dot where tasks were under way but all were waiting, a blank where there was nothing to do.
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

/** As {@link timelineRows}, with a row for each of the tasks that are under way at once in a lane, from its number on. */
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

/** A task that does nothing but wait would have no number. */
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

/** Who ran when, in letters: in a terminal the baseline and the choice, taking turns beside running at once. The page has a figure. */
export function timelineBlocks(group: ReportGroup, { timelines }: Results): readonly Block[] {
  const { cells, baseline, choice } = group;
  const lanesOf = new Map(cells.map((cell) => [cell.id, traitsOf(cell).lanes]));
  const own = timelines.filter(({ cell }) => lanesOf.has(cell));
  const spokenOf = new Set([baseline?.id, choice?.id]);
  // Starting a lane for every task takes so long that nothing else would be seen on the same scale.
  const startsLanes = ({ cell }: Timeline): boolean => lanesOf.get(cell) === 'per-task';
  const all = [own.filter((timeline) => !startsLanes(timeline)), own.filter(startsLanes)].flatMap((part) =>
    drawing(part, group),
  );
  const spoken = own.filter(({ cell }) => spokenOf.has(cell));
  const details: Block = { kind: 'details', heading: 'Timelines', blocks: [EXPLANATION, ...all] };
  return [...only(['terminal'], drawing(spoken, group)), ...only(['markdown'], all.length > 0 ? [details] : [])];
}

const EXPLANATION = paragraph(
  'A row for each worker. Each is one traced batch of up to three, the one nearest to the median measured batch.',
);

/** On one time scale; nothing where nothing was recorded. */
function drawing(timelines: readonly Timeline[], { cells, workload }: ReportGroup): readonly Code[] {
  const totalMs = lastMs(timelines);
  if (totalMs === 0) return [];
  const lines = timelines.flatMap((timeline) => {
    const cell = cells.find(({ id }) => id === timeline.cell);
    if (cell === undefined) return [];
    return [
      capital(present(wayName(cell), timelineCaption(timeline, cell, workload.tasks)).join(': ')),
      ...timelineRows(timeline.slices, totalMs, (lane) => laneLabel(cell, lane)),
    ];
  });
  const title = `Timeline, 0–${ms(totalMs)}: a digit is a running task, · is a waiting one`;
  return [{ kind: 'code', language: 'text', title, text: lines.join('\n') }];
}
