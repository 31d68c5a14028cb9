import * as Plot from '@observablehq/plot';
import type { Count } from '../../stats/timeline-facts.ts';
import { present } from '../document.ts';
import { GRID } from './draw.ts';
import type { Sketch } from './figure.ts';
import { layOut, type Bar, type Frame, type Recorded } from './timeline-layout.ts';

const WIDTH_PX = 1040;
const MARGIN_LEFT = 112;
const MARGIN_RIGHT = 20;
const MARGIN_TOP = 8;
const AXIS_PX = 40;
/** Number of task colours, which are light enough for dark numbers; the ninth task has the first one's again. */
const TASK_COLORS = 8;

/** Draws one block per recorded batch on one time scale, and names what could not be drawn. */
export function timelineDrawing(
  recorded: readonly Recorded[],
  options: Omit<Frame, 'widthPx'>,
): Required<Pick<Sketch, 'alternative' | 'options' | 'omitted'>> {
  const { cores, words } = options;
  // Even if nothing in the batch took a microsecond.
  const scaleMs = options.scaleMs || 0.001;
  const widthPx = WIDTH_PX - MARGIN_LEFT - MARGIN_RIGHT;
  const { blocks, most, heightPx, columns } = layOut(recorded, { ...options, scaleMs, widthPx });
  return {
    omitted: present(
      ...blocks.flatMap((block) => block.omitted),
      columns !== undefined && words.inSteps(scaleMs / columns),
    ),
    alternative: words.alternative(blocks, scaleMs),
    options: {
      width: WIDTH_PX,
      height: heightPx + MARGIN_TOP + AXIS_PX,
      marginLeft: MARGIN_LEFT,
      marginRight: MARGIN_RIGHT,
      marginTop: MARGIN_TOP,
      marginBottom: AXIS_PX,
      x: { domain: [0, scaleMs], label: words.axis, labelAnchor: 'center', ticks: 10, tickFormat: words.tick },
      y: { domain: [0, heightPx], axis: null, reverse: true },
      marks: [
        Plot.gridX({ ...GRID, ticks: 10 }),
        Plot.ruleY(
          blocks.flatMap(({ spans }) => spans),
          { x1: 'startMs', x2: 'endMs', y: middleOf, stroke: waitingColor, strokeWidth: 2.5 },
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
            // An outline in the colour of the bar, or of the thin line of a waiting task.
            fill: 'var(--bar-ink)',
            stroke: taskColor,
            strokeWidth: 3,
            fontSize: 10,
          },
        ),
        ...blocks.flatMap(({ strip: { counts, topPx, heightPx: stripPx } }) => {
          const heightOf = (count: number): number => topPx + stripPx * (1 - count / most);
          return [
            // A filled line that begins and ends at zero: an area would write its path twice, there and back.
            Plot.line([{ ms: 0, count: 0 }, ...counts, { ms: scaleMs, count: 0 }], {
              x: 'ms',
              y: ({ count }: Count) => heightOf(count),
              curve: 'step-after',
              fill: 'var(--strip)',
              stroke: 'none',
            }),
            Plot.ruleY([heightOf(0)], { stroke: 'var(--ink)', strokeWidth: 0.75 }),
            Plot.ruleY([heightOf(cores)], { stroke: 'var(--ink)', strokeDasharray: '4 4' }),
          ];
        }),
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
  };
}

function middleOf({ topPx, heightPx }: Bar): number {
  return topPx + heightPx / 2;
}

/** A thin line has no edge, so it is darker on a light page, and lighter on a dark one. */
function waitingColor(bar: Pick<Bar, 'task'>): string {
  return `color-mix(in srgb, ${taskColor(bar)}, var(--ink))`;
}

function taskColor({ task }: Pick<Bar, 'task'>): string {
  return `var(--task-${(task % TASK_COLORS) + 1})`;
}
