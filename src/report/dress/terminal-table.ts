import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import wrapAnsi from 'wrap-ansi';
import { plain, shownOn, type Cell, type Column, type Table } from '../document.ts';
import { STYLES, type Paint } from './tones.ts';

/** Of a line, in columns. */
export const WIDTH = 80;

/**
 * A table whose columns only their alignment holds together. Those that can be spared are left out until it fits; if it still does
 * not, the last one is broken between words.
 */
export function terminalTable(table: Table, paint: Paint): string {
  let shown = shownOn('terminal', table.columns);
  while (widthOf(rowsOf(table, shown, paint)) > WIDTH) {
    const least = Math.min(...shown.map(({ spare = Number.POSITIVE_INFINITY }) => spare));
    if (least === Number.POSITIVE_INFINITY) break;
    shown = shown.filter(({ spare }) => spare !== least);
  }
  const rows = rowsOf(table, shown, paint);
  if (shown.at(-1)?.align === 'right' || widthOf(rows) <= WIDTH) return textOf(rows, shown);
  const beside = rows.map((row) => row.slice(0, -1));
  const left = Math.max(WIDTH - widthOf(beside) - 1, 1);
  const broken = rows.map((row) => row.map((text, index) => (index === row.length - 1 ? wrapAnsi(text, left) : text)));
  return textOf(broken, shown);
}

type Rows = readonly (readonly string[])[];

/** The titles, then a row for each. */
function rowsOf({ columns, rows }: Table, shown: readonly Column[], paint: Paint): Rows {
  const heads = shown.map(({ title, short = title }) =>
    short
      .split('\n')
      .map((line) => paint('dim', line))
      .join('\n'),
  );
  const cellsOf = rows.map(({ cells, isChosen }) =>
    shown.map((column, index) => {
      const text = cellText(cells[columns.indexOf(column)], paint);
      return index === 0 && isChosen === true ? paint('bold', text) : text;
    }),
  );
  return [heads, ...cellsOf];
}

function cellText(cell: Cell | undefined, paint: Paint): string {
  if (cell === undefined) return '';
  const { text, short = plain(text), tone } = cell;
  return tone === undefined ? short : paint(STYLES[tone], short);
}

/** Of the longest lines of all columns, with a blank between two. */
function widthOf(rows: Rows): number {
  const [first = []] = rows;
  return first.reduce((sum, _head, index) => {
    const lines = rows.flatMap((row) => stripVTControlCharacters(row[index] ?? '').split('\n'));
    return sum + 1 + Math.max(...lines.map(({ length }) => length));
  }, -1);
}

const LINES = ['top', 'bottom', 'left', 'mid', 'right'].flatMap((line) => [line, `${line}-mid`]);
const CORNERS = ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'middle'];

function textOf(rows: Rows, columns: readonly Column[]): string {
  const table = new CliTable({
    chars: Object.fromEntries([...LINES, ...CORNERS].map((name) => [name, ''])),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    colAligns: columns.map(({ align }) => align),
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replaceAll(/ +$/gm, '');
}
