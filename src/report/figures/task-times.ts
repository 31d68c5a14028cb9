import * as Plot from '@observablehq/plot';
import type { MeasuredCell } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { present } from '../document.ts';
import { configurationName } from '../names.ts';
import { loopDelayText, medianText, ms, threeDigits } from '../numbers.ts';
import { logAxis } from './draw.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import { IN_ROW, dotLook, rowsOf } from './rows.ts';

/** Draws percentiles of the task latency of each configuration. */
export function drawTaskTimes(groups: readonly ReportGroup[]): Figure | undefined {
  return drawSpreads(groups, {
    id: 'task-times',
    question: 'How long does one task take?',
    howToRead:
      'From submitting the batch to the task’s result, so queueing is included. Percentiles of the median batch: the thick bar spans p25 to p75, the thin line p5 to p95, the light mark is the median, the upright stroke p99; the small cross is the longest task of all batches.',
    axis: 'task latency, ms (logarithmic)',
    missing: (cell) =>
      cell.summary.taskMs.p5 === undefined &&
      'These results have no p5, p25, p75 and p95: the line runs from the median to the 90th percentile.',
    spread: (cell) => ({
      lowMs: quantiles(cell).p5,
      highMs: cell.summary.taskMs.max,
      text: textOf(cell),
      number: `median ${medianText(cell)}`,
    }),
    marks: (cells, atLeast) => {
      const at =
        (name: keyof ReturnType<typeof quantiles>) =>
        (cell: MeasuredCell): number =>
          atLeast(quantiles(cell)[name]);
      const { stroke } = dotLook;
      return [
        Plot.ruleY(cells, { ...IN_ROW, x1: at('p5'), x2: at('p95'), stroke, strokeWidth: 1.5 }),
        Plot.ruleY(cells, { ...IN_ROW, x1: at('p25'), x2: at('p75'), stroke, strokeWidth: 9 }),
        Plot.tickX(cells, { ...IN_ROW, x: at('p50'), stroke: 'var(--surface)', strokeWidth: 2, inset: 14 }),
        Plot.tickX(cells, { ...IN_ROW, x: at('p99'), stroke, strokeWidth: 1.5, inset: 14 }),
        longest(cells, ({ summary }) => atLeast(summary.taskMs.max)),
      ];
    },
  });
}

/** Earlier results have no p5, p25, p75 and p95: the line then runs from the median to p90. */
function quantiles({
  summary: { taskMs },
}: MeasuredCell): Record<'p5' | 'p25' | 'p50' | 'p75' | 'p95' | 'p99', number> {
  const { p50, p90, p99, p5 = p50, p25 = p50, p75 = p50, p95 = p90 } = taskMs;
  return { p5, p25, p50, p75, p95, p99 };
}

function textOf({ summary: { taskMs } }: MeasuredCell): string {
  const { p5, p50, p95, p99, max } = taskMs;
  return present(
    p5 !== undefined && `p5 ${threeDigits(p5)}`,
    `median ${threeDigits(p50)}`,
    p95 !== undefined && `p95 ${threeDigits(p95)}`,
    `p99 ${threeDigits(p99)}`,
    `longest ${ms(max)}`,
  ).join(', ');
}

/** Draws the event-loop delay of each configuration. */
export function drawResponsiveness(groups: readonly ReportGroup[]): Figure | undefined {
  return drawSpreads(groups, {
    id: 'responsiveness',
    question: 'Does the main thread stay responsive?',
    howToRead:
      'How long an event that arrives during a batch would wait for the main thread. The line runs from the median to p99 (the sign and the number); the small cross is the maximum. Further left, everything else in the process waits less.',
    axis: 'event-loop delay, ms (logarithmic)',
    spread: (cell) => {
      const { p50, p99, max } = cell.summary.loopDelayMs;
      const text = `median ${threeDigits(p50)}, p99 ${threeDigits(p99)}, worst ${ms(max)}`;
      return { lowMs: p50, highMs: max, text, number: `p99 ${loopDelayText(cell)}` };
    },
    marks: (cells, atLeast) => {
      const at =
        (name: 'p50' | 'p99' | 'max') =>
        ({ summary }: MeasuredCell): number =>
          atLeast(summary.loopDelayMs[name]);
      return [
        Plot.ruleY(cells, { ...IN_ROW, x1: at('p50'), x2: at('p99'), stroke: dotLook.stroke, strokeWidth: 2.5 }),
        Plot.dot(cells, { ...IN_ROW, ...dotLook, x: at('p99'), r: 4.5, strokeWidth: 1.5 }),
        longest(cells, at('max')),
      ];
    },
  });
}

/** Shorter times are drawn here: a logarithmic axis has no zero, and clocks resolve no less. */
const SHORTEST_MS = 0.01;

interface SpreadFigure extends Required<Pick<Figure, 'id' | 'question' | 'howToRead'>> {
  readonly axis: string;
  /** Both ends of the drawn range, all numbers as text, and the number shown in the drawing. */
  readonly spread: (cell: MeasuredCell) => {
    readonly lowMs: number;
    readonly highMs: number;
    readonly text: string;
    readonly number: string;
  };
  /** A sentence about values that earlier results lack. */
  readonly missing?: (cell: MeasuredCell) => string | false;
  /** @param atLeast raises a time to the shortest that the axis can show */
  readonly marks: (cells: readonly MeasuredCell[], atLeast: (ms: number) => number) => Plot.Markish[];
}

/** Draws the spread of times per workload, one row per configuration, on a logarithmic axis. */
function drawSpreads(groups: readonly ReportGroup[], figure: SpreadFigure): Figure | undefined {
  const { id, question, howToRead } = figure;
  const measured = groups.filter(({ cells }) => cells.some(({ status }) => status === 'ok'));
  return figureOf(measured, { id, question, howToRead }, (group) => sketchOf(group, figure));
}

function sketchOf(
  { title, cells: all }: ReportGroup,
  { axis, spread, marks, missing = () => false }: SpreadFigure,
): Sketch {
  const { cells, omitted, options, texts } = rowsOf(
    all.filter((cell) => cell.status === 'ok'),
    (cell) => spread(cell).number,
  );
  const ends = cells.map(spread);
  const lowest = Math.max(SHORTEST_MS, Math.min(...ends.map(({ lowMs }) => lowMs)));
  const highest = Math.max(lowest * 10, ...ends.map(({ highMs }) => highMs));
  const domain = [lowest / 1.15, highest * 1.15] as const satisfies readonly [number, number];
  const isFloored = ends.some(({ lowMs }) => lowMs < SHORTEST_MS);
  return {
    title,
    omitted: present(
      ...omitted,
      ...cells.map(missing),
      isFloored && `Times below ${SHORTEST_MS} ms are drawn at ${SHORTEST_MS} ms.`,
    ),
    alternative: `${cells.map((cell) => `${configurationName(cell)}: ${spread(cell).text}`).join('; ')}.`,
    options: {
      ...options,
      x: { type: 'log', domain, axis: null },
      marks: [...logAxis(domain, axis), ...texts, ...marks(cells, (timeMs) => Math.max(SHORTEST_MS, timeMs))],
    },
  };
}

/** A small cross at the longest time. */
function longest(cells: readonly MeasuredCell[], x: (cell: MeasuredCell) => number): Plot.Markish {
  return Plot.dot(cells, { ...IN_ROW, x, symbol: 'times', stroke: dotLook.stroke, r: 3 });
}
