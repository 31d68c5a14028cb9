import { shortId } from '../../model/cell-id.ts';
import type { Cell, Timeline } from '../../model/results.ts';
import { traitsOf } from '../../model/strategies.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { lastMs, type TimelineFacts } from '../../stats/timeline-facts.ts';
import { ms, plural, ratio } from '../numbers.ts';
import { laneLabel, timelineCaption } from '../timeline-text.ts';
import { timelineDrawing } from './draw-timeline.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';

/** Of all drawings together. */
const SLICES_LIMIT = 3600;

/** Who runs when: for each strategy its lanes, on one time scale. */
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
        'A row per worker, or per task in flight, all on one time scale. A thick bar is a running task with its number, a thin one a waiting task. The strip below counts running tasks: flat at 1 is concurrency, as high as the dashed line (the usable CPUs) is parallelism. Each is one traced batch, near the median measured one and part of no other number.',
      isWide: true,
    },
    (group, drawings) => sketchOf(group, recorded, { cores, slicesLimit: Math.floor(SLICES_LIMIT / drawings) }),
  );
}

/** Of each strategy the cell that is spoken of: the choice, the baseline, or else its fastest. */
function cellsOf({ cells, baseline, recommendation }: ReportGroup, timelines: readonly Timeline[]): readonly Cell[] {
  const recorded = cells.filter(({ id }) => timelines.some(({ cell }) => cell === id));
  const spokenOf = new Set([recommendation?.choose, baseline?.id]);
  const strategies = [...new Set(recorded.map(({ strategy }) => strategy))];
  return strategies.flatMap((strategy) => {
    const own = recorded.filter((cell) => cell.strategy === strategy);
    const told = own.filter(({ id }) => spokenOf.has(id));
    return told.length > 0 ? told : own.slice(0, 1);
  });
}

function sketchOf(
  group: ReportGroup,
  timelines: readonly Timeline[],
  limits: { readonly cores: number; readonly slicesLimit: number },
): Sketch {
  const cells = cellsOf(group, timelines);
  const recorded = cells.map((cell) => {
    const timeline = timelines.find((each) => each.cell === cell.id);
    return {
      name: shortId(cell),
      isPerTask: traitsOf(cell).lanes === 'per-task',
      caption: timeline && timelineCaption(timeline, cell, group.workload.tasks),
      laneLabel: (lane: number): string => laneLabel(cell, lane),
      slices: timeline?.slices ?? [],
    };
  });
  const pools = recorded.filter(({ isPerTask }) => !isPerTask);
  const { left, ...drawing } = timelineDrawing(recorded, {
    ...limits,
    // Starting a lane for every task takes so long that nothing else would be seen on its scale: it goes beyond the edge.
    scaleMs: lastMs(pools.length > 0 ? pools : recorded),
    words: ENGLISH_TIMELINE,
  });
  return { title: group.title, ...drawing, left: left.map((text) => `${group.title}: ${text}`) };
}

/** Words of a timeline, in the language of its page. */
export type TimelineWords = typeof ENGLISH_TIMELINE;

/** Facts of one block. */
export interface NamedTimeline extends TimelineFacts {
  readonly name: string;
}

export const ENGLISH_TIMELINE = {
  ms,
  runningAtOnce: 'running at once',
  axis: 'ms since the batch was handed over',
  startsBeyond: (startMs: number) => `: its first task starts beyond the right edge, after ${ms(startMs)}`,
  endsBeyond: ', beyond the right edge',
  lanesDrawn: (drawn: number, all: number) => `the first ${drawn} of ${all} workers are drawn.`,
  tasksDrawn: (drawn: number, all: number) =>
    `${drawn} of ${all} tasks in flight in a worker are drawn; the strip counts all.`,
  inSteps: (stepMs: number) =>
    `too many short runs to draw: shown in steps of ${ms(stepMs)}, each with the task that ran longest in it; trace.json has them all.`,
  /** The whole of it, for whoever cannot see it. */
  alternative: (blocks: readonly NamedTimeline[], scaleMs: number) => {
    const told = blocks.map(
      ({ name, tasks, lanes, endMs, meanRunning, peak }) =>
        `${name}: ${plural(tasks, 'task')} in ${plural(lanes, 'worker')}, done after ${ms(endMs)}, ${ratio(meanRunning)} running at once on average, at most ${peak}`,
    );
    return `On one scale of ${ms(scaleMs)}: ${told.join('; ')}.`;
  },
};
