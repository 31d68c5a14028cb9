import * as Plot from '@observablehq/plot';
import type { Cell } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { scansOf, type Scan } from '../../stats/groups.ts';
import { present } from '../document.ts';
import { capital, configurationName } from '../names.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import { PANEL_PX, lookOf } from './rows.ts';
import { familyOf } from '../../model/strategies.ts';

const ROW_PX = 34;
/** A name in a square takes several lines. */
const LINE_PX = 14;
const LETTER_PX = 6.2;
/** Widest place for the names of rows. */
const NAMES_LIMIT_PX = 280;
/** Most squares in all drawings together. */
const SQUARES_LIMIT = 1200;

/** Draws where in a scan the recommendation changes. */
export function drawWinners(all: readonly ReportGroup[]): Figure | undefined {
  const scans = scansOf(
    all.filter(({ recommendation }) => recommendation !== undefined),
    ({ workload }) => workload,
  );
  return figureOf(
    scans.filter(({ params }) => params.length <= 2),
    {
      id: 'winners',
      question: 'Where does the winner change?',
      howToRead:
        'The horizontal axis is a parameter of the workload. With one parameter each configuration has a row: a filled square is the one to use, a hatched one is tied with it; where the filled squares change rows, the winner changes. With two parameters the second one is the vertical axis, and each square names the configuration to use: hatched if others are tied with it.',
      omitted: scans
        .filter(({ params }) => params.length > 2)
        .map(
          ({ workload, params }) =>
            `${workload} was scanned over ${params.length} params (${params.join(', ')}), which a plane cannot show: see the cards.`,
        ),
    },
    (scan, drawings) => sketchOf(scan, Math.floor(SQUARES_LIMIT / drawings)),
  );
}

interface Square {
  readonly x: string;
  readonly y: string;
  readonly cell: Cell;
  readonly isChosen: boolean;
}

function sketchOf({ workload, groups, params: [first, second] }: Scan<ReportGroup>, squaresLimit: number): Sketch {
  const all = groups.flatMap((group): Square[] => {
    const x = valueOf(group, first);
    const { choice, tied, cells } = group;
    if (choice === undefined) return [];
    if (second !== undefined) return [{ x, y: valueOf(group, second), cell: choice, isChosen: tied.length === 0 }];
    return cells
      .filter((cell) => cell === choice || tied.includes(cell))
      .map((cell) => ({ x, y: capital(configurationName(cell)), cell, isChosen: cell === choice }));
  });
  const squares = all.slice(0, squaresLimit);
  const xs = inOrder(squares.map(({ x }) => x));
  const ys =
    second === undefined
      ? [...new Set(squares.map(({ y }) => y))].toSorted()
      : inOrder(squares.map(({ y }) => y)).toReversed();
  const squarePx = PANEL_PX / xs.length;
  const nameOf = ({ cell, isChosen }: Square): string => linesOf(configurationName(cell), isChosen, squarePx);
  const lines = second === undefined ? 1 : Math.max(...squares.map((square) => nameOf(square).split('\n').length));
  const longest = ys.reduce((most, { length }) => Math.max(most, length), 0);
  // The name of the second param stands beside its values.
  const labelPx = second === undefined ? 0 : LINE_PX;
  const marginLeft = Math.min(NAMES_LIMIT_PX, 20 + labelPx + longest * 6.8);
  return {
    title: workload,
    omitted: present(
      all.length > squares.length && `${workload}: the first ${squares.length} of ${all.length} squares are drawn.`,
    ),
    alternative: `${groups.map(textOf).join('; ')}.`,
    options: {
      width: Math.max(PANEL_PX, PANEL_PX / 2 + marginLeft),
      height: ys.length * Math.max(ROW_PX, (lines + 1) * LINE_PX) + 64,
      marginLeft,
      marginBottom: 44,
      marginTop: 16,
      x: { type: 'band', domain: xs, label: first, labelAnchor: 'center', padding: 0.06 },
      y: { type: 'band', domain: ys, label: second ?? null, padding: 0.1, tickSize: 0 },
      marks: [
        Plot.frame({ fill: 'var(--band)', fillOpacity: 0.5, stroke: 'none' }),
        Plot.cell(squares, {
          x: 'x',
          y: 'y',
          fill: ({ cell, isChosen }: Square) => (isChosen ? lookOf(cell).color : hatching(cell)),
          stroke: ({ cell }: Square) => lookOf(cell).color,
        }),
        Plot.text(second === undefined ? squares.filter(({ isChosen }) => isChosen) : squares, {
          x: 'x',
          y: 'y',
          text: (square: Square) => (second === undefined ? 'choose' : nameOf(square)),
          fill: ({ isChosen }: Square) => (isChosen ? 'var(--surface)' : 'var(--ink)'),
          fontSize: 11,
          fontWeight: 600,
        }),
      ],
    },
  };
}

/** A name on as many lines as a square needs. */
function linesOf(name: string, isChosen: boolean, widthPx: number): string {
  const most = Math.max(8, Math.floor(widthPx / LETTER_PX) - 1);
  const lines = new RegExp(String.raw`(.{1,${most}}|\S+)(?: |$)`, 'g');
  return `${name}${isChosen ? '' : ' (tie)'}`.replaceAll(lines, '$1\n').trimEnd();
}

function textOf({ title, choice, tied }: ReportGroup): string {
  const tie = tied.length === 0 ? '' : `, tied with: ${tied.map(configurationName).join('; ')}`;
  return `${title}: ${choice === undefined ? 'nothing' : configurationName(choice)}${tie}`;
}

function valueOf({ workload }: ReportGroup, param: string): string {
  // A group may lack a param that another one has.
  const value = workload.params[param];
  return value === undefined ? 'none' : JSON.stringify(value);
}

/** Refers to a pattern of the page. */
function hatching(cell: Cell): string {
  return `url(#hatch-${familyOf(cell)})`;
}

/** Sorts numbers by size; leaves other values in order of appearance. */
function inOrder(values: readonly string[]): string[] {
  const unique = [...new Set(values)];
  return unique.every((value) => Number.isFinite(Number(value)))
    ? unique.toSorted((a, b) => Number(a) - Number(b))
    : unique;
}
