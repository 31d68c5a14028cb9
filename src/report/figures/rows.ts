import * as Plot from '@observablehq/plot';
import { shortId, type CellOfGroup } from '../../model/cell-id.ts';
import { capital, configurationName } from '../names.ts';
import { familyOf, traitsOf, type Family, type StrategyOfCell, type StrategyTraits } from '../../model/strategies.ts';

/** Three fit side by side on a wide screen; on a phone, one fills it and stays legible. */
export const PANEL_PX = 400;
/** Height of a row: a line of text above its marks. */
const ROW_PX = 38;
const TEXT_DY = -8;
const DRAWN_DY = 7;
/** Half of the longest number at the end of an axis, which stands beyond it. */
export const AXIS_END_PX = 16;
/** Average width of a letter at 12 pixels. */
const LETTER_PX = 6.2;
/** Gap between a name and its numbers. */
const GAP_PX = 12;
/** Nobody compares more rows in one drawing. */
const ROWS_LIMIT = 32;

export interface Rows<Each extends CellOfGroup> {
  readonly cells: readonly Each[];
  readonly omitted: readonly string[];
  readonly options: Plot.PlotOptions;
  /** Above each row: the name of the configuration, and at the right its numbers. */
  readonly texts: Plot.Markish[];
}

/** Lays out one row per configuration, in order, as wide as its texts need. */
export function rowsOf<Each extends CellOfGroup>(all: readonly Each[], numbers: (cell: Each) => string): Rows<Each> {
  const cells = all.slice(0, ROWS_LIMIT);
  const omitted =
    all.length > cells.length
      ? [`The ${ROWS_LIMIT} fastest of ${all.length} configurations are drawn; the table has all.`]
      : [];
  return {
    cells,
    omitted,
    options: {
      width: Math.max(
        PANEL_PX,
        ...cells.map((cell) => textPx(nameOf(cell)) + textPx(numbers(cell)) + 2 * AXIS_END_PX + GAP_PX),
      ),
      height: cells.length * ROW_PX + 48,
      marginLeft: AXIS_END_PX,
      marginRight: AXIS_END_PX,
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

function nameOf(cell: CellOfGroup): string {
  return capital(configurationName(cell));
}

/** Estimated width of a text. */
function textPx(text: string): number {
  return text.length * LETTER_PX;
}

/** Position of a row's texts, with an outline that keeps them legible over the grid. */
const AT_ROW = { y: shortId, dy: TEXT_DY, stroke: 'var(--surface)', strokeWidth: 7, fontSize: 12 } as const;

/** Position of a row's marks. */
export const IN_ROW = { y: shortId, dy: DRAWN_DY } as const;

/** Look of a strategy in every figure: a colour for its family, and a mark that needs no colour. */
export interface Look extends Readonly<StrategyTraits['mark']> {
  /** A CSS variable with a light and a dark value. */
  readonly color: `var(--${Family})`;
}

export function lookOf(cell: StrategyOfCell): Look {
  return { color: `var(--${familyOf(cell)})`, ...traitsOf(cell).mark };
}

/** The channels of a dot for each of the cells. */
export const dotLook = {
  symbol: (cell: StrategyOfCell): Look['symbol'] => lookOf(cell).symbol,
  stroke: (cell: StrategyOfCell): Look['color'] => lookOf(cell).color,
  fill: (cell: StrategyOfCell): string => (lookOf(cell).isFilled ? lookOf(cell).color : 'var(--surface)'),
};
