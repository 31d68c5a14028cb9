import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import wrapAnsi from 'wrap-ansi';
import {
  plain,
  present,
  shownOn,
  withColumns,
  type Block,
  type Document,
  type Facts,
  type List,
  type Text,
  type Tone,
  type Cell,
  type Table,
} from '../document.ts';
import { markOf, STYLES, type Paint } from './tones.ts';

const INDENT = '  ';

/** Renders a document as text of 80 columns, with blank lines between its parts. */
export function dressTerminal({ title, facts, alerts, blocks }: Document, paint: Paint): string {
  const parts = present(
    dressBlocks(alerts, paint),
    title.map((sentence) => wrap(paint('bold', sentence))).join('\n'),
    dressBlocks(blocks, paint),
    oneLineOf(facts),
  );
  return `${parts.join('\n\n')}\n`;
}

/** The facts that fit on one line, at least the first; a page has all. */
function oneLineOf([first = '', ...others]: readonly string[]): string {
  let line = first;
  for (const fact of others) {
    const longer = `${line} · ${fact}`;
    if (longer.length <= WIDTH) line = longer;
  }
  return wrap(line);
}

/** Renders blocks without a document. A note follows its block without a blank line. */
export function dressBlocks(blocks: readonly Block[], paint: Paint): string {
  let text = '';
  for (const block of shownOn('terminal', blocks)) {
    const own = blockText(block, paint);
    if (own === '') continue;
    const isNote = block.kind === 'paragraph' && block.isNote === true;
    text += text === '' ? own : `${isNote ? '\n' : '\n\n'}${own}`;
  }
  return text;
}

function blockText(block: Block, paint: Paint): string {
  switch (block.kind) {
    case 'section':
    case 'details': {
      const isWarning = block.kind === 'section' && block.isWarning === true;
      const inside = dressBlocks(block.blocks, paint);
      return inside === '' ? '' : `${wrap(paint(isWarning ? 'yellow' : 'bold', block.heading))}\n${inside}`;
    }
    case 'beside':
      return dressBlocks(block.blocks, paint);
    case 'paragraph':
      return wrap(inTone(painted(block.text, paint), block.tone, paint));
    case 'list':
      return listText(block, paint);
    case 'facts':
      return factsText(block, paint);
    case 'table':
      return terminalTable(block, paint);
    case 'code': {
      const lines = block.text.split('\n').map((line) => (line === '' ? '' : `${INDENT}${line}`));
      return [...(block.isTitled === true ? [] : [wrap(paint('dim', block.title))]), ...lines].join('\n');
    }
    // The title has the verdict, and its details are below the numbers.
    case 'finding':
    case 'figures':
      return '';
    default:
      return block satisfies never;
  }
}

function listText({ items }: List, paint: Paint): string {
  return items
    .map(({ text, tone }) => hanging(`${inTone(markOf(tone) ?? '-', tone, paint)} `, 2, painted(text, paint)))
    .join('\n');
}

function factsText({ facts }: Facts, paint: Paint): string {
  const width = facts.reduce((most, [name]) => Math.max(most, name.length), 0) + 2;
  return facts
    .map(([name, ...values]) =>
      hanging(name.padEnd(width), width, values.map((value) => painted(value, paint)).join(', ')),
    )
    .join('\n');
}

/** Indents all lines but the first to where the text began. */
function hanging(first: string, indent: number, text: string): string {
  const lines = wrap(text, WIDTH - indent).split('\n');
  return lines.map((line, index) => `${index === 0 ? first : ' '.repeat(indent)}${line}`.trimEnd()).join('\n');
}

function painted(text: Text, paint: Paint): string {
  if (typeof text === 'string') return text;
  return text
    .map((part) =>
      typeof part === 'object' && 'as' in part && part.as === 'strong' ? paint('bold', part.text) : plain([part]),
    )
    .join('');
}

function inTone(text: string, tone: Tone | undefined, paint: Paint): string {
  return tone === undefined ? text : paint(STYLES[tone], text);
}

/** Wraps between words, and inside words longer than a line; colours end with their line, for pagers. */
function wrap(text: string, width = WIDTH): string {
  return wrapAnsi(text, width, { hard: true });
}

/** Length of a line, in columns. */
const WIDTH = 80;

/**
 * Renders a table without borders. Columns that can be spared are omitted until it fits; if that is not enough, the
 * last column is wrapped.
 */
function terminalTable(table: Table, paint: Paint): string {
  const { columns } = table;
  const rows = rowsOf(table, paint);
  if (widthOf(rows) <= WIDTH) return textOf(rows, table);
  const least = Math.min(...columns.map(({ spare = Number.POSITIVE_INFINITY }) => spare));
  const needed = columns.filter(({ spare }) => spare !== least);
  if (needed.length < columns.length) return terminalTable(withColumns(table, needed), paint);
  if (columns.at(-1)?.align === 'right') return textOf(rows, table);
  const beside = rows.map((row) => row.slice(0, -1));
  const remaining = Math.max(WIDTH - widthOf(beside) - 1, 1);
  const broken = rows.map((row) =>
    row.map((text, index) => (index === row.length - 1 ? wrapAnsi(text, remaining) : text)),
  );
  return textOf(broken, table);
}

type Rows = readonly (readonly string[])[];

/** The titles, then the rows. */
function rowsOf({ columns, rows }: Table, paint: Paint): Rows {
  const heads = columns.map(({ title, short = title }) =>
    short
      .split('\n')
      .map((line) => paint('dim', line))
      .join('\n'),
  );
  const cellsOf = rows.map(({ cells, isChosen }) =>
    cells.map((cell, index) => {
      const text = cellText(cell, paint);
      return index === 0 && isChosen === true ? paint('bold', text) : text;
    }),
  );
  return [heads, ...cellsOf];
}

function cellText({ text, short = plain(text), tone }: Cell, paint: Paint): string {
  // A row is a line: of a name with thousands of them the table would be made line by line.
  return inTone(short.replaceAll(/\s+/g, ' '), tone, paint);
}

/** Width of all columns, each with its longest line, and one blank between two. */
function widthOf(rows: Rows): number {
  const [first = []] = rows;
  return first.reduce((sum, _head, index) => {
    const lines = rows.flatMap((row) => stripVTControlCharacters(row[index] ?? '').split('\n'));
    return sum + 1 + Math.max(...lines.map(({ length }) => length));
  }, -1);
}

const LINES = ['top', 'bottom', 'left', 'mid', 'right'].flatMap((line) => [line, `${line}-mid`]);
const CORNERS = ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'middle'];

function textOf(rows: Rows, { columns }: Table): string {
  const table = new CliTable({
    chars: Object.fromEntries([...LINES, ...CORNERS].map((name) => [name, ''])),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    colAligns: columns.map(({ align }) => align ?? 'left'),
  });
  for (const row of rows) table.push([...row]);
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}
