import type { Figure } from './figures/figure.ts';

/**
 * The content of a report, in reading order, without its looks. It is made once from the results, and dressed for a
 * terminal, as Markdown and as a page (`dress/`).
 */
export interface Document {
  /** The findings, one sentence each. */
  readonly title: readonly string[];
  /** A shorter version, above a table with the details; undefined: the title. */
  readonly heading?: string;
  /** The machine, the time and the evidence, one fact each. */
  readonly facts: readonly string[];
  /** Blocks without which the rest would be misread: above the title in a terminal. */
  readonly alerts: readonly Block[];
  readonly blocks: readonly Block[];
  /** Language of the page's own words. */
  readonly language: 'en' | 'pt-BR';
  /** Kind of page, shown above its title. */
  readonly about: string;
  /** Shown at the end of the page. */
  readonly footer: string;
  /** Program that made the page. */
  readonly madeBy: string;
}

/** The media in which a document is read. */
export type Dress = 'terminal' | 'markdown' | 'page';

export type Block = (Section | Beside | Paragraph | List | Facts | Table | Code | Details | Finding | Figures) & {
  /** Media that show it; undefined: all. */
  readonly on?: readonly Dress[];
};

/** An untrusted text, in which nothing is markup, or its parts. */
export type Text = string | readonly Part[];
type Part =
  | string
  | { readonly text: string; readonly as: 'strong' | 'code' }
  /** A link to a section of the same page. */
  | { readonly text: string; readonly to: string };

/** A judgement, shown as a colour or a mark. */
export type Tone = 'strong' | 'quiet' | 'good' | 'bad' | 'unsure';

export interface Section {
  readonly kind: 'section';
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** Target of links. */
  readonly id?: string;
  /** Marked as a warning. */
  readonly isWarning?: boolean;
}

/** Blocks side by side, where there is room. */
interface Beside {
  readonly kind: 'beside';
  /** A name for them; on a page for screen readers. */
  readonly label: string;
  readonly blocks: readonly Block[];
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Text;
  readonly tone?: Tone;
  /** A note on the previous block. */
  readonly isNote?: boolean;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Item[];
}

export interface Item {
  readonly text: Text;
  /** `good` and `bad` items get a mark. */
  readonly tone?: Tone;
}

/** Names with their values. */
export interface Facts {
  readonly kind: 'facts';
  /** Several values are stacked, where there is room. */
  readonly facts: readonly (readonly [name: string, ...values: Text[]])[];
}

export interface Table {
  readonly kind: 'table';
  /** Its content, for screen readers. */
  readonly label: string;
  /** The first column names the rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Readers of the page can sort it. */
  readonly isSortable?: boolean;
}

export interface Column {
  readonly title: string;
  /** The title in a terminal, at most two lines. */
  readonly short?: string;
  /** Undefined: aligned left. */
  readonly align?: 'right';
  readonly on?: readonly Dress[];
  /** Holds words, wrapped if needed: on a phone, each row of such a table is a list of cells with their titles. */
  readonly isWordy?: boolean;
  /** Order of omission in a narrow terminal, lowest first; undefined: never omitted. */
  readonly spare?: number;
}

interface Row {
  /** One per column; in a shorter row, the last cell says what there is instead. */
  readonly cells: readonly Cell[];
  readonly isChosen?: boolean;
}

export interface Cell {
  readonly text: Text;
  /** The text in a terminal. */
  readonly short?: string;
  /** The text in full. */
  readonly long?: string;
  readonly tone?: Tone;
  /** Family of the strategy, which figures show as a colour. */
  readonly family?: string;
  readonly nearness?: Nearness;
  /** A ratio with its interval: on the page, a small bar beside the text. */
  readonly range?: {
    readonly estimate: number;
    readonly lo: number;
    readonly hi: number;
    /** No verdict rests on it, so that it has no color, even if the interval excludes 1. */
    readonly hasNoVerdict?: boolean;
  };
}

/** Closeness to the best: 3 is as good, 0 is far from it. */
export type Nearness = 0 | 1 | 2 | 3;

/** Code to copy, or a drawing in characters. */
export interface Code {
  readonly kind: 'code';
  readonly text: string;
  readonly language: 'js' | 'ts' | 'sh' | 'text';
  /** The file's name, or what it shows. */
  readonly title: string;
  /** The text already contains its title. */
  readonly isTitled?: boolean;
}

/** A section that is collapsed at first, where possible. */
interface Details {
  readonly kind: 'details';
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** The finding about one workload, and on the page its evidence. */
export interface Finding {
  readonly kind: 'finding';
  /** The workload. */
  readonly subject: string;
  /** Kind of the workload. */
  readonly trait: string;
  /** Shown after the kind, where there is room. */
  readonly note: string;
  /** The recommendation in a few words. */
  readonly verdict: string;
  /** Further sentences. */
  readonly details: readonly string[];
  /** Shown on the page only. */
  readonly blocks: readonly Block[];
}

/** Drawings, made only if they are shown. */
export interface Figures {
  readonly kind: 'figures';
  readonly draw: () => Promise<readonly Figure[]>;
}

/** The blocks that this dress shows, tables with the columns that it shows. */
export function shownOn(dress: Dress, blocks: readonly Block[]): readonly Block[] {
  const isShown = ({ on }: Pick<Block, 'on'>): boolean => on === undefined || on.includes(dress);
  return blocks
    .filter(isShown)
    .map((block) => (block.kind === 'table' ? withColumns(block, block.columns.filter(isShown)) : block));
}

/** The table reduced to some of its columns. */
export function withColumns(table: Table, columns: readonly Column[]): Table {
  const places = columns.map((column) => table.columns.indexOf(column));
  const rows = table.rows.map((row) => ({ ...row, cells: places.map((place) => row.cells[place] ?? { text: '' }) }));
  return { ...table, columns, rows };
}

/** Restricts blocks to some media. */
export function only(on: readonly Dress[], blocks: readonly Block[]): readonly Block[] {
  return blocks.map((block) => ({ ...block, on }));
}

/** Drops undefined, false and empty texts. */
export function present<Each>(...items: readonly (Each | undefined | false)[]): readonly Each[] {
  return items.filter((item): item is Each => item !== undefined && item !== false && item !== '');
}

/** The first `most` items, and one that stands for the rest. */
export function firstOf<Each>(items: readonly Each[], most: number, rest: (count: number) => Each): readonly Each[] {
  return items.length > most ? [...items.slice(0, most), rest(items.length - most)] : items;
}

/** The text without its emphasis. */
export function plain(text: Text): string {
  return typeof text === 'string' ? text : text.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

export function section(heading: string, blocks: readonly Block[]): Section {
  return { kind: 'section', heading, blocks };
}

export function paragraph(text: Text, tone?: Tone): Paragraph {
  return { kind: 'paragraph', text, ...(tone !== undefined && { tone }) };
}

/** A note on the previous block. */
export function note(text: Text, tone?: Tone): Paragraph {
  return { ...paragraph(text, tone), isNote: true };
}

/** A list with one item per text. */
export function listOf(texts: readonly Text[]): List {
  return { kind: 'list', items: texts.map((text) => ({ text })) };
}

/** A section of warnings; none without any. */
export function warningSection(heading: string, texts: readonly string[], on?: readonly Dress[]): readonly Section[] {
  if (texts.length === 0) return [];
  return [{ ...section(heading, [listOf(texts)]), isWarning: true, ...(on && { on }) }];
}

/** A table of plain texts. */
export function tableOf(label: string, titles: readonly string[], rows: readonly (readonly string[])[]): Table {
  return {
    kind: 'table',
    label,
    columns: titles.map((title) => ({ title })),
    rows: rows.map((texts) => ({ cells: texts.map((text) => ({ text })) })),
  };
}
