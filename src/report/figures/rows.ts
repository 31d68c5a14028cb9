import * as Plot from '@observablehq/plot';
import { shortId } from '../../model/cell-id.ts';
import type { Cell } from '../../model/results.ts';
import { capital, wayName } from '../names.ts';
import { familyOf, traitsOf, type Family, type StrategyOfCell, type StrategyTraits } from '../../model/strategies.ts';

/** Three of them stand beside each other on a wide screen; on a phone one fills it, and its letters can still be read. */
export const PANEL_PX = 400;
/** A line of text, and below it what is drawn. */
const ROW_PX = 38;
const TEXT_DY = -8;
const DRAWN_DY = 7;
const MARGIN_PX = 8;
/** Of a letter of 12 pixels, on average. */
const LETTER_PX = 6.2;
/** Between a name and its numbers. */
const GAP_PX = 12;
/** Nobody compares more in one drawing. */
const ROWS_LIMIT = 32;

export interface Rows<Way extends Cell> {
  readonly cells: readonly Way[];
  readonly left: readonly string[];
  readonly options: Plot.PlotOptions;
  /** Above each row: the name of the configuration, and at the right its numbers. */
  readonly texts: Plot.Markish[];
}

/** A drawing with one row for each configuration, in their order, as wide as its texts need. */
export function rowsOf<Way extends Cell>(all: readonly Way[], numbers: (cell: Way) => string): Rows<Way> {
  const cells = all.slice(0, ROWS_LIMIT);
  const left =
    all.length > cells.length
      ? [`The ${ROWS_LIMIT} fastest of ${all.length} configurations are drawn; the table has all.`]
      : [];
  return {
    cells,
    left,
    options: {
      width: Math.max(
        PANEL_PX,
        ...cells.map((cell) => textPx(nameOf(cell)) + textPx(numbers(cell)) + 2 * MARGIN_PX + GAP_PX),
      ),
      height: cells.length * ROW_PX + 48,
      marginLeft: MARGIN_PX,
      marginRight: MARGIN_PX,
      marginTop: 4,
      marginBottom: 44,
      y: { domain: cells.map(shortId), axis: null, type: 'band', padding: 0 },
    },
    texts: [
      Plot.text(cells, {
        ...AT_ROW,
        frameAnchor: 'left',
        textAnchor: 'start',
        text: nameOf,
        fill: dotLook.stroke,
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

function nameOf(cell: Cell): string {
  return capital(wayName(cell));
}

/** About as wide as a text is. */
function textPx(text: string): number {
  return text.length * LETTER_PX;
}

/** Where the texts of a row are: they have to be read over a grid. */
const AT_ROW = { y: shortId, dy: TEXT_DY, stroke: 'var(--surface)', strokeWidth: 7, fontSize: 12 } as const;

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
