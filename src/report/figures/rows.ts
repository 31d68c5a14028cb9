import * as Plot from '@observablehq/plot';
import { shortId } from '../../model/cell-id.ts';
import type { Cell } from '../../model/results.ts';
import { familyOf, traitsOf, type Family, type StrategyOfCell, type StrategyTraits } from '../../model/strategies.ts';

/** Three of them stand beside each other on a wide screen; on a phone one fills it, and its letters can still be read. */
export const PANEL_PX = 400;
/** A line of text, and below it what is drawn. */
const ROW_PX = 38;
const TEXT_DY = -8;
const DRAWN_DY = 7;
/** Nobody compares more in one drawing. */
const ROWS_LIMIT = 32;

export interface Rows<Way extends Cell> {
  readonly cells: readonly Way[];
  readonly left: readonly string[];
  readonly options: Plot.PlotOptions;
  /** Above each row: the name of the way, and at the right its numbers. */
  readonly texts: (numbers: (cell: Way) => string) => Plot.Markish[];
}

/** A drawing with one row for each way to run a workload, in their order. */
export function rowsOf<Way extends Cell>(all: readonly Way[]): Rows<Way> {
  const cells = all.slice(0, ROWS_LIMIT);
  const left =
    all.length > cells.length
      ? [`The ${ROWS_LIMIT} fastest of ${all.length} configurations are drawn; the table has all.`]
      : [];
  return {
    cells,
    left,
    options: {
      width: PANEL_PX,
      height: cells.length * ROW_PX + 48,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 4,
      marginBottom: 44,
      y: { domain: cells.map(shortId), axis: null, type: 'band', padding: 0 },
    },
    texts: (numbers) => [
      Plot.text(cells, {
        ...AT_ROW,
        frameAnchor: 'left',
        textAnchor: 'start',
        text: shortId,
        fill: dotLook.stroke,
        fontWeight: 600,
      }),
      Plot.text(cells, {
        ...AT_ROW,
        frameAnchor: 'right',
        textAnchor: 'end',
        text: numbers,
        fill: 'var(--ink)',
        fontVariant: 'tabular-nums',
      }),
    ],
  };
}

/** Where the texts of a row are: they have to be read over a grid. */
const AT_ROW = { y: shortId, dy: TEXT_DY, stroke: 'var(--surface)', strokeWidth: 7 } as const;

/** Where the marks of a row are. */
export const IN_ROW = { y: shortId, dy: DRAWN_DY } as const;

/** How a strategy looks in every figure: a colour for where its tasks run, a sign that needs no colour. */
export interface Look extends Readonly<StrategyTraits['mark']> {
  /** A CSS variable of the page, which has a light and a dark value. */
  readonly color: `var(--${Family})`;
}

export function lookOf(way: StrategyOfCell): Look {
  return { color: `var(--${familyOf(way)})`, ...traitsOf(way).mark };
}

/** The channels of a dot for each of the cells. */
export const dotLook = {
  symbol: (way: StrategyOfCell): Look['symbol'] => lookOf(way).symbol,
  stroke: (way: StrategyOfCell): Look['color'] => lookOf(way).color,
  fill: (way: StrategyOfCell): string => (lookOf(way).isFilled ? lookOf(way).color : 'var(--surface)'),
};
