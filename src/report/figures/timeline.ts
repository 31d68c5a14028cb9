import type { Cell, Timeline } from '../../model/results.ts';
import { lastMs } from '../../stats/timeline-facts.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { shortId } from '../names.ts';
import { laneLabel, timelineCaption } from '../timeline-text.ts';
import { drawTimeline } from './draw-timeline.ts';
import { panelsOf, type Figure, type Panel } from './figure.ts';
import { ENGLISH_TIMELINE } from './timeline-words.ts';
import { traitsOf } from '../../model/strategies.ts';

/** Of all drawings together. */
const SLICES_LIMIT = 3600;
/** Who runs when: for each strategy its lanes, on one time scale. */
export function drawTimelines(
  all: readonly ReportGroup[],
  timelines: readonly Timeline[],
  cores: number,
): Figure | undefined {
  const recorded = timelines.filter(({ slices }) => slices.length > 0);
  const groups = all.filter(({ cells }) => recorded.some(({ cell }) => cells.some(({ id }) => id === cell)));
  if (groups.length === 0) return undefined;
  const { drawn, left } = panelsOf(groups);
  const parts = drawn.map((group, index) =>
    panelOf(group, recorded, index, { cores, slicesLimit: Math.floor(SLICES_LIMIT / drawn.length) }),
  );
  return {
    id: 'timeline',
    question: 'Taking turns, or running at once?',
    howToRead:
      'One block for each strategy, all on the same time scale; a row for each lane and, where several tasks are under way in it, for each of them. A thick bar is a task that runs, with its number; a thin one is a task that waits. The strip below counts how many run at once: flat at 1 is concurrency, taking turns; as high as the dashed line, the usable cores, is parallelism. Each is an extra batch, in no other number: of up to three, the one nearest to the median measured batch.',
    left: [...left, ...new Set(parts.flatMap((part) => part.left))],
    panels: parts.map(({ panel }) => panel),
    isWide: true,
  };
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

function panelOf(
  group: ReportGroup,
  timelines: readonly Timeline[],
  index: number,
  limits: { readonly cores: number; readonly slicesLimit: number },
): { readonly panel: Panel; readonly left: readonly string[] } {
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
  const { svg, left } = drawTimeline(recorded, {
    ...limits,
    id: `timeline-${index}`,
    title: `${group.title}: taking turns, or running at once?`,
    // Starting a lane for every task takes so long that nothing else would be seen on its scale: it goes beyond the edge.
    scaleMs: lastMs(pools.length > 0 ? pools : recorded),
    words: ENGLISH_TIMELINE,
  });
  return { panel: { title: group.title, svg }, left: left.map((text) => `${group.title}: ${text}`) };
}
