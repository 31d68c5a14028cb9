import * as Plot from '@observablehq/plot';
import type { MeasuredCell } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { shortId } from '../../model/cell-id.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import { logAxis } from './draw.ts';
import { IN_ROW, rowsOf, dotLook } from './rows.ts';

/** A logarithmic axis has no zero, and a clock no shorter time to tell: what is below is drawn here. */
const SHORTEST_MS = 0.01;

export interface SpreadFigure extends Required<Pick<Figure, 'id' | 'question' | 'howToRead'>> {
  readonly axis: string;
  /** The ends of what is drawn, in words all of it, and the one number that stands in the drawing. */
  readonly spread: (cell: MeasuredCell) => {
    readonly lowMs: number;
    readonly highMs: number;
    readonly text: string;
    readonly number: string;
  };
  /** What these results do not hold of it. */
  readonly missing?: (cell: MeasuredCell) => readonly string[];
  /** @param atLeast what an axis without a zero can show of a time */
  readonly marks: (cells: readonly MeasuredCell[], atLeast: (ms: number) => number) => Plot.Markish[];
}

/** For each workload, one row for each way: how times of it are spread, on a logarithmic axis. */
export function drawSpreads(groups: readonly ReportGroup[], figure: SpreadFigure): Figure | undefined {
  const { id, question, howToRead } = figure;
  return figureOf(
    groups.filter(({ cells }) => cells.some(({ status }) => status === 'ok')),
    { id, question, howToRead },
    (group) => sketchOf(group, figure),
  );
}

function sketchOf(
  { title, cells: all }: ReportGroup,
  { axis, spread, marks, missing = () => [] }: SpreadFigure,
): Sketch {
  const { cells, left, options, texts } = rowsOf(all.filter((cell) => cell.status === 'ok'));
  const ends = cells.map(spread);
  const lowest = Math.max(SHORTEST_MS, Math.min(...ends.map(({ lowMs }) => lowMs)));
  const highest = Math.max(lowest * 10, ...ends.map(({ highMs }) => highMs));
  const domain = [lowest / 1.15, highest * 1.15] as const satisfies readonly [number, number];
  const isFloored = ends.some(({ lowMs }) => lowMs < SHORTEST_MS);
  return {
    title,
    left: [
      ...left,
      ...cells.flatMap(missing),
      ...(isFloored ? [`Times below ${SHORTEST_MS} ms are drawn at ${SHORTEST_MS} ms.`] : []),
    ],
    alternative: `${cells.map((cell) => `${shortId(cell)}: ${spread(cell).text}`).join('; ')}.`,
    options: {
      ...options,
      x: { type: 'log', domain, axis: null },
      marks: [
        ...logAxis(domain, axis),
        ...texts((cell) => spread(cell).number),
        ...marks(cells, (ms) => Math.max(SHORTEST_MS, ms)),
      ],
    },
  };
}

/** A small cross at the longest. */
export function longest(cells: readonly MeasuredCell[], ms: (cell: MeasuredCell) => number): Plot.Markish {
  return Plot.dot(cells, { ...IN_ROW, x: ms, symbol: 'times', stroke: dotLook.stroke, r: 3 });
}
