import * as Plot from '@observablehq/plot';
import type { Cell, Timeline } from '../../model.ts';
import type { ReportGroup } from '../groups.ts';
import { shortId } from '../names.ts';
import { plural, ratio, threeDigits } from '../numbers.ts';
import { lastMs } from '../timeline-text.ts';
import { draw } from './draw.ts';
import { panelsOf, type Figure, type Panel } from './figure.ts';
import { layOut, type Bar, type Block, type Recorded } from './timeline-layout.ts';
import type { Count } from '../timeline-bars.ts';

const WIDTH_PX = 1040;
const MARGIN_LEFT = 112;
const MARGIN_RIGHT = 20;
const MARGIN_TOP = 8;
const AXIS_PX = 40;
/** Of all drawings together. */
const SLICES_LIMIT = 3600;
/** Colours of tasks, light enough for dark numbers; the ninth task has the first one's again. */
const TASK_COLORS = 8;

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
      'One block for each strategy, all on the same time scale; a row for each lane and, where several tasks are under way in it, for each of them. A thick bar is a task that runs, with its number; a thin one is a task that waits. The strip below counts how many run at once: flat at 1 is concurrency, taking turns; as high as the dashed line, the usable cores, is parallelism. Recorded in an extra batch, which is in no other number.',
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
  { cores, slicesLimit }: { readonly cores: number; readonly slicesLimit: number },
): { readonly panel: Panel; readonly left: readonly string[] } {
  const recorded = cellsOf(group, timelines).map((cell) => ({
    cell,
    slices: timelines.find((timeline) => timeline.cell === cell.id)?.slices ?? [],
  }));
  const scaleMs = scaleOf(recorded);
  const widthPx = WIDTH_PX - MARGIN_LEFT - MARGIN_RIGHT;
  const { blocks, most, heightPx, stepMs } = layOut(recorded, { scaleMs, widthPx, cores, slicesLimit });
  const drawing = draw({
    id: `timeline-${index}`,
    title: `${group.title}: taking turns, or running at once?`,
    alternative: textOf(blocks, scaleMs),
    options: {
      width: WIDTH_PX,
      height: heightPx + MARGIN_TOP + AXIS_PX,
      marginLeft: MARGIN_LEFT,
      marginRight: MARGIN_RIGHT,
      marginTop: MARGIN_TOP,
      marginBottom: AXIS_PX,
      x: { domain: [0, scaleMs], label: 'ms since the batch was handed over', labelAnchor: 'center', ticks: 10 },
      y: { domain: [0, heightPx], axis: null, reverse: true },
      marks: [
        Plot.gridX({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 10 }),
        Plot.ruleY(
          blocks.flatMap(({ spans }) => spans),
          { x1: 'startMs', x2: 'endMs', y: middleOf, stroke: taskColor, strokeWidth: 2.5 },
        ),
        Plot.rect(
          blocks.flatMap(({ runs }) => runs),
          {
            x1: 'startMs',
            x2: 'endMs',
            y1: 'topPx',
            y2: ({ topPx, heightPx: barPx }: Bar) => topPx + barPx,
            fill: taskColor,
            stroke: 'var(--bar-edge)',
            strokeWidth: 0.4,
          },
        ),
        Plot.text(
          blocks.flatMap(({ numbers }) => numbers),
          {
            x: 'ms',
            y: 'middlePx',
            text: ({ task }: Bar) => String(task + 1),
            // Its surroundings are the bar, or the thin line of a task that waits.
            fill: 'var(--bar-ink)',
            stroke: taskColor,
            strokeWidth: 3,
            fontSize: 10,
          },
        ),
        ...blocks
          .flatMap(({ strip }) => strip ?? [])
          .flatMap(({ counts, topPx, heightPx: stripPx }) => [
            // A line that begins and ends on the ground, filled: an area would be told twice, there and back.
            Plot.line([{ ms: 0, count: 0 }, ...counts, { ms: scaleMs, count: 0 }], {
              x: 'ms',
              y: ({ count }: Count) => topPx + stripPx * (1 - count / most),
              curve: 'step-after',
              fill: 'var(--strip)',
              stroke: 'none',
            }),
            Plot.ruleY([topPx + stripPx], { stroke: 'var(--ink)', strokeWidth: 0.75 }),
            Plot.ruleY([topPx + stripPx * (1 - cores / most)], { stroke: 'var(--ink)', strokeDasharray: '4 4' }),
          ]),
        Plot.text(
          blocks.flatMap(({ labels }) => labels),
          {
            frameAnchor: 'left',
            y: 'middlePx',
            text: 'text',
            textAnchor: 'end',
            dx: -8,
            fontSize: 11.5,
            fill: 'var(--muted)',
          },
        ),
        Plot.text(
          blocks.map(({ heading }) => heading),
          {
            frameAnchor: 'left',
            y: 'middlePx',
            text: 'text',
            textAnchor: 'start',
            fontWeight: 600,
            fill: 'var(--ink)',
          },
        ),
      ],
    },
  });
  const steps =
    stepMs === undefined
      ? []
      : [
          `so many short stretches that they are drawn in steps of ${threeDigits(stepMs)} ms, each showing the task that ran longest in it, where code ran for a quarter of it at least; trace.json has them all.`,
        ];
  const left = [...blocks.flatMap((block) => block.left), ...steps];
  return { panel: { title: group.title, ...drawing }, left: left.map((text) => `${group.title}: ${text}`) };
}

function middleOf({ topPx, heightPx }: Bar): number {
  return topPx + heightPx / 2;
}

function taskColor({ task }: Pick<Bar, 'task'>): string {
  return `var(--task-${(task % TASK_COLORS) + 1})`;
}

/** Starting a lane for every task takes so long that nothing else would be seen on its scale: it goes beyond the edge. */
function scaleOf(recorded: readonly Recorded[]): number {
  const pools = recorded.filter(({ cell }) => !cell.strategy.endsWith('-per-task'));
  // A batch in which nothing took a microsecond has a scale all the same.
  return lastMs(pools.length > 0 ? pools : recorded) || 0.001;
}

function textOf(blocks: readonly Block[], scaleMs: number): string {
  const told = blocks.map(
    ({ cell, tasks, lanes, endMs, meanRunning, peak }) =>
      `${shortId(cell)}: ${plural(tasks, 'task')} in ${plural(lanes, 'lane')}, done after ${threeDigits(endMs)} ms, ${ratio(meanRunning)} running at once on average, at most ${peak}`,
  );
  return `On one scale of ${threeDigits(scaleMs)} ms: ${told.join('; ')}.`;
}
