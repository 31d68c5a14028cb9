import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import { BORDERLESS } from '../borderless.ts';
import { plain, shownOn, type Cell, type Column, type Row, type Table } from '../document.ts';
import type { Paint } from '../paint.ts';
import { STYLES } from './tones.ts';

/** Of a line, in columns. */
export const WIDTH = 80;

/** A table whose columns only their alignment holds together; those that can be spared are left out until it fits. */
export function terminalTable({ columns, rows }: Table, paint: Paint): string {
  const shown = shownOn('terminal', columns);
  const spared = shown.flatMap(({ spare }) => spare ?? []).toSorted((a, b) => a - b);
  let table = tableOf(shown, columns, rows, paint);
  for (const least of spared) {
    if (fits(table)) break;
    table = tableOf(
      shown.filter(({ spare }) => spare === undefined || spare > least),
      columns,
      rows,
      paint,
    );
  }
  return table;
}

function fits(table: string): boolean {
  return stripVTControlCharacters(table)
    .split('\n')
    .every(({ length }) => length <= WIDTH);
}

function tableOf(shown: readonly Column[], all: readonly Column[], rows: readonly Row[], paint: Paint): string {
  const table = new CliTable({
    ...BORDERLESS,
    head: shown.map(({ title, short = title }) =>
      short
        .split('\n')
        .map((line) => paint('dim', line))
        .join('\n'),
    ),
    colAligns: shown.map(({ align }) => align),
  });
  for (const { cells, isChosen } of rows)
    table.push(
      shown.map((column, index) => {
        const text = cellText(cells[all.indexOf(column)], paint);
        return index === 0 && isChosen === true ? paint('bold', text) : text;
      }),
    );
  return table.toString().replaceAll(/ +$/gm, '');
}

function cellText(cell: Cell | undefined, paint: Paint): string {
  if (cell === undefined) return '';
  const { text, short = plain(text), tone } = cell;
  return tone === undefined ? short : paint(STYLES[tone], short);
}
