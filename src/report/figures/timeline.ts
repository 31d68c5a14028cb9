import type { Cell, Timeline } from '../../model/results.ts';
import { traitsOf } from '../../model/strategies.ts';
import { closestConfiguration } from '../../stats/decision.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { lastMs, timelineFacts, type TimelineFacts } from '../../stats/timeline-facts.ts';
import { present } from '../document.ts';
import { capital, configurationName } from '../names.ts';
import { ms, plural, ratio } from '../numbers.ts';
import { laneLabel, timelineCaption } from '../timeline-text.ts';
import { timelineDrawing } from './draw-timeline.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import type { Recorded } from './timeline-layout.ts';

/** Most slices in all drawings together. */
const SLICES_LIMIT = 3600;
/** Number of configurations shown if none is chosen. */
const FIRST_COUNT = 4;

/** Draws which worker runs which task when, on one time scale. */
export function drawTimelines(
  groups: readonly ReportGroup[],
  timelines: readonly Timeline[],
  cores: number,
): Figure | undefined {
  const recorded = timelines.filter(({ slices }) => slices.length > 0);
  return figureOf(
    groups.filter(({ cells }) => recorded.some(({ cell }) => cells.some(({ id }) => id === cell))),
    {
      id: 'timeline',
      question: 'Taking turns, or running at once?',
      howToRead:
        'A row per worker, or per task in flight, all on one time scale. A thick bar is a running task with its number, a thin one a waiting task. A task runs from its start, or the end of a wait, also while the system gives its CPU to others. The strip below counts running tasks: flat at 1 is concurrency, as high as the dashed line (the usable CPUs) is parallelism; above it, they share the CPUs. Each is one traced batch, of a few the nearest to the median measured one, and part of no other number.',
      isWide: true,
    },
    (group, drawings) => sketchOf(group, recorded, { cores, slicesLimit: Math.floor(SLICES_LIMIT / drawings) }),
  );
}

/** Splits into those shown at once (choice, baseline, the closest one, sequential) and the others. */
function spokenOf(group: ReportGroup, recorded: readonly Cell[]): readonly [readonly Cell[], readonly Cell[]] {
  const ids = new Set([group.choice, group.baseline, closestConfiguration(group)].map((cell) => cell?.id));
  const isFirst = (cell: Cell): boolean => ids.has(cell.id) || isOneByOne(cell);
  const first = recorded.filter(isFirst);
  return first.length > 0
    ? [first, recorded.filter((cell) => !isFirst(cell))]
    : [recorded.slice(0, FIRST_COUNT), recorded.slice(FIRST_COUNT)];
}

/** Whether it runs one task after the other on the main thread: neither concurrent nor parallel. */
function isOneByOne(cell: Cell): boolean {
  const { lanes, plainConcurrency } = traitsOf(cell);
  return lanes === 'one' && plainConcurrency === 1;
}

function sketchOf(
  group: ReportGroup,
  timelines: readonly Timeline[],
  limits: { readonly cores: number; readonly slicesLimit: number },
): Sketch {
  const { cells, title, workload } = group;
  const recordedOf = (cell: Cell): readonly TracedCell[] => {
    const timeline = timelines.find((each) => each.cell === cell.id);
    if (timeline === undefined) return [];
    return [
      {
        name: capital(configurationName(cell)),
        isPerTask: traitsOf(cell).lanes === 'per-task',
        caption: timelineCaption(timeline, cell, workload.tasks),
        laneLabel: (lane) => laneLabel(cell, lane),
        slices: timeline.slices,
      },
    ];
  };
  const recorded = cells.filter(({ id }) => timelines.some(({ cell }) => cell === id));
  const [spoken, rest] = spokenOf(group, recorded);
  const [first, others] = [spoken.flatMap(recordedOf), rest.flatMap(recordedOf)] as const;
  const pools = first.filter(({ isPerTask }) => !isPerTask);
  // Starting a worker for every task takes so long that nothing else would be visible: it runs past the edge.
  const scaleMs = lastMs(pools.length > 0 ? pools : first);
  const isSeen = ({ slices }: TracedCell): boolean => timelineFacts(slices).startMs < (scaleMs || 1);
  const [seen, more] = [first.filter(isSeen), others.filter(isSeen)] as const;
  const slicesLimit = Math.floor(limits.slicesLimit / (more.length > 0 ? 2 : 1));
  const drawingOf = (shown: readonly TracedCell[]): ReturnType<typeof timelineDrawing> =>
    timelineDrawing(shown, { ...limits, slicesLimit, scaleMs, words: ENGLISH_TIMELINE });
  const { omitted, ...drawing } = drawingOf(seen);
  const moreDrawing = more.length > 0 ? drawingOf(more) : undefined;
  const beyond = [...first, ...others].filter((each) => !isSeen(each));
  const remarks = present(...omitted, ...(moreDrawing?.omitted ?? []), beyond.length > 0 && beyondText(beyond));
  return {
    title,
    ...drawing,
    omitted: remarks.map((text) => `${title}: ${text}`),
    ...(moreDrawing && { more: { heading: plural(more.length, 'other configuration'), ...moreDrawing } }),
  };
}

interface TracedCell extends Recorded {
  readonly isPerTask: boolean;
}

/** One line for all that would be invisible. */
function beyondText(beyond: readonly TracedCell[]): string {
  const shown = beyond.map(({ name, caption, slices }) => {
    const { startMs, endMs } = timelineFacts(slices);
    return `${name}, ${caption ?? ms(endMs)}, its first task after ${ms(startMs)}`;
  });
  return `beyond the right edge: ${shown.join('; ')}.`;
}

/** Words of a timeline, in the language of its page. */
export type TimelineWords = typeof ENGLISH_TIMELINE;

/** Facts of one block. */
export interface NamedTimeline extends TimelineFacts {
  readonly name: string;
}

export const ENGLISH_TIMELINE = {
  ms,
  /** A number on the time axis. */
  tick: (value: number): string => String(value),
  runningAtOnce: 'running at once',
  axis: 'ms since the batch was submitted',
  endsBeyond: ', beyond the right edge',
  lanesDrawn: (drawn: number, all: number) => `the first ${drawn} of ${all} workers are drawn.`,
  tasksDrawn: (drawn: number, all: number) =>
    `${drawn} of ${all} tasks in flight in a worker are drawn; the strip counts all.`,
  inSteps: (stepMs: number) =>
    `too many short runs to draw: shown in steps of ${ms(stepMs)}, each with the task that ran longest in it; trace.json has them all.`,
  /** The whole drawing in words, for screen readers. */
  alternative: (blocks: readonly NamedTimeline[], scaleMs: number) => {
    const described = blocks.map(
      ({ name, tasks, lanes, endMs, meanRunning, peak }) =>
        `${name}: ${plural(tasks, 'task')} in ${plural(lanes, 'worker')}, done after ${ms(endMs)}, ${ratio(meanRunning)} running at once on average, at most ${peak}`,
    );
    return `On one scale of ${ms(scaleMs)}: ${described.join('; ')}.`;
  },
};
