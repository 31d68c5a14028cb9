import type { Cell, Results, Timeline } from '../../model/results.ts';
import { jsonText } from '../../model/text.ts';
import { byLane, spansOf } from '../../stats/timeline-bars.ts';
import { lastMs } from '../../stats/timeline-facts.ts';
import { laneLabel } from '../timeline-text.ts';

const US_PER_MS = 1000;

/** An event of the Trace Event Format; times in microseconds. */
type TraceEvent = Readonly<Record<string, unknown>> & {
  readonly ph: 'M' | 'X' | 'b' | 'e';
  readonly pid: number;
  readonly ts?: number;
};

/**
 * The timelines for Perfetto (ui.perfetto.dev) and chrome://tracing, in the Trace Event Format
 * (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU): one process per cell, one thread
 * per lane, all on one clock that starts when the batch is submitted. On the track of a lane the batch is a slice, and
 * in it every interval in which a task ran. Tasks overlap where they wait, so each is a nestable asynchronous event
 * from its start to its end, with one inside for each wait.
 */
export function renderTrace({ timelines, cells, tool, startedAt }: Results): string {
  const byId = new Map(cells.toReversed().map((cell) => [cell.id, cell]));
  const events = timelines.flatMap(({ cell: id, slices }, index) => {
    const cell = byId.get(id);
    return cell === undefined ? [] : cellEvents(cell, slices, index + 1);
  });
  const otherData = { tool: `${tool.name} ${tool.version}`, startedAt };
  return jsonText({ traceEvents: events, displayTimeUnit: 'ms', otherData });
}

function cellEvents(cell: Cell, slices: Timeline['slices'], pid: number): TraceEvent[] {
  const lanes = byLane(slices);
  const tasks = lanes.flatMap((own) => spansOf(own.slices));
  const endUs = toUs(lastMs([{ slices }]));
  const batch = { name: 'batch', cat: 'batch', ph: 'X', pid } as const;
  const timed: readonly TraceEvent[] = [
    ...lanes.map(({ lane }) => ({ ...batch, tid: lane + 1, ts: 0, dur: endUs })),
    ...tasks.map((task) => ({ ...taskEvent(task, pid), ph: 'b', ts: toUs(task.startMs) }) as const),
    ...slices.flatMap((slice) => sliceEvents(slice, pid)),
    ...tasks.map((task) => ({ ...taskEvent(task, pid), ph: 'e', ts: toUs(task.endMs) }) as const),
  ];
  return [
    { name: 'process_name', ph: 'M', pid, args: { name: cell.id } },
    { name: 'process_sort_index', ph: 'M', pid, args: { sort_index: pid } },
    ...lanes.map(
      ({ lane }) =>
        ({ name: 'thread_name', ph: 'M', pid, tid: lane + 1, args: { name: laneLabel(cell, lane) } }) as const,
    ),
    // A stable sort: events with the same start keep the order in which they nest.
    ...timed.toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0)),
  ];
}

function sliceEvents(slice: Timeline['slices'][number], pid: number): readonly TraceEvent[] {
  const { task, lane, kind } = slice;
  const [ts, end] = [toUs(slice.startMs), toUs(slice.endMs)];
  if (kind === 'run') {
    const run = { name: taskName(task), cat: 'run', ph: 'X', pid, tid: lane + 1 } as const;
    return [{ ...run, ts, dur: end - ts, args: { task: task + 1 } }];
  }
  const wait = { ...taskEvent(slice, pid), name: 'waiting' };
  return [
    { ...wait, ph: 'b', ts },
    { ...wait, ph: 'e', ts: end },
  ];
}

/** The event around the waits of a task: they nest because they share its id. */
function taskEvent(
  { task, lane }: Pick<Timeline['slices'][number], 'task' | 'lane'>,
  pid: number,
): Omit<TraceEvent, 'ph'> & { readonly pid: number } {
  return { name: taskName(task), cat: 'task', id: `${pid}.${task + 1}`, pid, tid: lane + 1 };
}

function taskName(task: number): string {
  return `task ${task + 1}`;
}

function toUs(ms: number): number {
  return Math.round(ms * US_PER_MS);
}
