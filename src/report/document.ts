import type { Figure } from './figures/figure.ts';

/**
 * What a report says, in the order in which it is read, and nothing of how it looks. It is made once of what was found, and
 * dressed for a terminal, as Markdown and as a page (`dress/`).
 */
export interface Document {
  /** What was found out, one sentence each. */
  readonly title: readonly string[];
  /** The same in fewer words, above a table that has it all; undefined: its sentences. */
  readonly heading?: string;
  /** Where, when and how it was measured. */
  readonly facts: readonly string[];
  /** Without these the rest would be misread: a terminal has them above the title. */
  readonly alerts: readonly Block[];
  readonly blocks: readonly Block[];
  /** Of the words that are the page's own. */
  readonly language: 'en' | 'pt-BR';
  /** What the page is, above its title. */
  readonly about: string;
  /** At the end of the page. */
  readonly footer: string;
  /** What made the page. */
  readonly madeBy: string;
}

/** Where a document is read. */
export type Dress = 'terminal' | 'markdown' | 'page';

export type Block = (Section | Beside | Paragraph | List | Facts | Table | Code | Details | Finding | Figures) & {
  /** Where it is shown; undefined: everywhere. */
  readonly on?: readonly Dress[];
};

/** Anybody's text, in which nothing is markup, or parts of it. */
export type Text = string | readonly Part[];
type Part =
  | string
  | { readonly text: string; readonly as: 'strong' | 'code' }
  /** To a section of the same page. */
  | { readonly text: string; readonly to: string };

/** What is thought of something: in a colour, or with a mark. */
export type Tone = 'strong' | 'quiet' | 'good' | 'bad' | 'unsure';

export interface Section {
  readonly kind: 'section';
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** What a link leads to. */
  readonly id?: string;
  /** It says what to beware of. */
  readonly isWarning?: boolean;
}

/** Beside each other where there is room. */
interface Beside {
  readonly kind: 'beside';
  /** What they are; on a page for whoever cannot see it. */
  readonly label: string;
  readonly blocks: readonly Block[];
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Text;
  readonly tone?: Tone;
  /** On what stands before it. */
  readonly isNote?: boolean;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Item[];
}

export interface Item {
  readonly text: Text;
  /** A good and a bad one have a mark. */
  readonly tone?: Tone;
}

/** Names with what is to be known of each. */
export interface Facts {
  readonly kind: 'facts';
  /** Several values stand below each other where there is room. */
  readonly facts: readonly (readonly [name: string, ...values: Text[]])[];
}

export interface Table {
  readonly kind: 'table';
  /** What is in it, for whoever cannot see it. */
  readonly label: string;
  /** The first names the rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** By whoever reads it. */
  readonly isSortable?: boolean;
}

export interface Column {
  readonly title: string;
  /** The same in a terminal, on two lines at most. */
  readonly short?: string;
  /** Undefined: left. */
  readonly align?: 'right';
  readonly on?: readonly Dress[];
  /** Words, on several lines where they need them: on a phone each row of such a table is a list of cells with their titles. */
  readonly isWordy?: boolean;
  /** In a terminal that is too narrow it is left out, the lowest first; undefined: never. */
  readonly spare?: number;
}

interface Row {
  /** One for each column; where there are fewer, the last says what there is instead. */
  readonly cells: readonly Cell[];
  readonly isChosen?: boolean;
}

export interface Cell {
  readonly text: Text;
  /** The same in a terminal. */
  readonly short?: string;
  /** The same at length. */
  readonly long?: string;
  readonly tone?: Tone;
  /** Where tasks run, as figures colour it. */
  readonly family?: string;
  readonly nearness?: Nearness;
  /** A ratio with its interval: on the page a small bar beside the text. */
  readonly range?: { readonly estimate: number; readonly lo: number; readonly hi: number };
}

/** How near it comes to the best: 3 is as good, 0 is far from it. */
export type Nearness = 0 | 1 | 2 | 3;

/** Code to read and to copy, or a drawing in letters. */
export interface Code {
  readonly kind: 'code';
  readonly text: string;
  readonly language: 'js' | 'ts' | 'sh' | 'text';
  /** The name of its file, or what it shows. */
  readonly title: string;
  /** It names itself. */
  readonly isTitled?: boolean;
}

/** Closed until it is asked for, where that can be. */
interface Details {
  readonly kind: 'details';
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** What was found out of one piece of work, and on the page what it rests on. */
export interface Finding {
  readonly kind: 'finding';
  /** What it is about. */
  readonly subject: string;
  /** Of which kind that is. */
  readonly trait: string;
  /** More of the same, where there is room. */
  readonly note: string;
  /** What to do, in a few words. */
  readonly verdict: string;
  /** More of it, a sentence each. */
  readonly details: readonly string[];
  /** On the page alone. */
  readonly blocks: readonly Block[];
}

/** Drawings, made only where they are shown. */
export interface Figures {
  readonly kind: 'figures';
  readonly draw: () => Promise<readonly Figure[]>;
}

/** What is shown there, tables with the columns that they have there. */
export function shownOn(dress: Dress, blocks: readonly Block[]): readonly Block[] {
  const isShown = ({ on }: Pick<Block, 'on'>): boolean => on === undefined || on.includes(dress);
  return blocks
    .filter(isShown)
    .map((block) => (block.kind === 'table' ? withColumns(block, block.columns.filter(isShown)) : block));
}

/** The same table with some of its columns; a row has a cell for each. */
export function withColumns(table: Table, columns: readonly Column[]): Table {
  const places = columns.map((column) => table.columns.indexOf(column));
  const rows = table.rows.map((row) => ({ ...row, cells: places.map((place) => row.cells[place] ?? { text: '' }) }));
  return { ...table, columns, rows };
}

/** The same blocks, in some places only. */
export function only(on: readonly Dress[], blocks: readonly Block[]): readonly Block[] {
  return blocks.map((block) => ({ ...block, on }));
}

/** What there is of it: neither undefined, nor false, nor an empty text. */
export function present<Each>(...items: readonly (Each | undefined | false)[]): readonly Each[] {
  return items.filter((item): item is Each => item !== undefined && item !== false && item !== '');
}

/** The first so many, and what is said of the others. */
export function firstOf<Each>(items: readonly Each[], most: number, rest: (count: number) => Each): readonly Each[] {
  return items.length > most ? [...items.slice(0, most), rest(items.length - most)] : items;
}

/** Without its emphasis. */
export function plain(text: Text): string {
  return typeof text === 'string' ? text : text.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

export function section(heading: string, blocks: readonly Block[]): Section {
  return { kind: 'section', heading, blocks };
}

export function paragraph(text: Text, tone?: Tone): Paragraph {
  return { kind: 'paragraph', text, ...(tone !== undefined && { tone }) };
}

/** On what stands before it. */
export function note(text: Text, tone?: Tone): Paragraph {
  return { ...paragraph(text, tone), isNote: true };
}

/** Each sentence for itself. */
export function listOf(texts: readonly Text[]): List {
  return { kind: 'list', items: texts.map((text) => ({ text })) };
}

/** A table of nothing but words. */
export function tableOf(label: string, titles: readonly string[], rows: readonly (readonly string[])[]): Table {
  return {
    kind: 'table',
    label,
    columns: titles.map((title) => ({ title })),
    rows: rows.map((texts) => ({ cells: texts.map((text) => ({ text })) })),
  };
}
