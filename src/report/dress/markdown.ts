import { markdownTable } from 'markdown-table';
import { codeFence, markdownText } from '../displayable.ts';
import {
  firstOf,
  paragraph,
  present,
  shownOn,
  type Block,
  type Code,
  type Document,
  type Section,
  type Table,
  type Text,
} from '../document.ts';
import { markOf } from './tones.ts';

/** Marks a file that may be overwritten; invisible to readers. */
export const MARK = '\n<!-- Written by Lanewise -->\n';

export function markdownFile(document: Document): string {
  return `${dressMarkdown(document)}${MARK}`;
}

/** The document as GitHub shows it, in a pull request or a job summary. */
export function dressMarkdown({ title, heading = title.join(' '), facts, alerts, blocks }: Document): string {
  const parts = present(
    `# ${markdownText(heading)}`,
    facts.map(markdownText).join(' · '),
    textOf(alerts, 2),
    textOf(blocks, 2),
  );
  return `${parts.join('\n\n')}\n`;
}

/** @param level of the headings in it */
function textOf(blocks: readonly Block[], level: number): string {
  let text = '';
  let last: Block | undefined;
  for (const block of shownOn('markdown', blocks)) {
    const own = blockText(block, level);
    if (own === '') continue;
    // Consecutive findings form one list.
    const isNext = block.kind === 'finding' && last?.kind === 'finding';
    text += text === '' ? own : `${isNext ? '\n' : '\n\n'}${own}`;
    last = block;
  }
  return text;
}

function blockText(block: Block, level: number): string {
  switch (block.kind) {
    case 'section':
      return sectionText(block, level);
    case 'details':
      return `<details><summary>${markdownText(block.heading)}</summary>\n\n${textOf(block.blocks, level + 1)}\n\n</details>`;
    case 'beside':
      return sectionText({ heading: block.label, blocks: block.blocks }, level);
    case 'paragraph':
      return block.tone === 'strong' || block.tone === 'unsure' ? `**${inline(block.text)}**` : inline(block.text);
    case 'list':
      return block.items.map(({ text, tone }) => present('-', markOf(tone), inline(text)).join(' ')).join('\n');
    case 'facts':
      return block.facts
        .map(([name, ...values]) => `- **${markdownText(name)}**: ${values.map(inline).join(', ')}`)
        .join('\n');
    case 'table':
      return tableText(block);
    case 'code':
      return codeText(block);
    case 'finding':
      return `- **${markdownText(`${block.subject} (${block.trait}): ${block.verdict}.`)}** ${block.details.map(markdownText).join(' ')}`.trimEnd();
    case 'figures':
      return '';
    default:
      return block satisfies never;
  }
}

function sectionText({ heading, blocks }: Pick<Section, 'heading' | 'blocks'>, level: number): string {
  const inside = textOf(blocks, level + 1);
  return inside === '' ? '' : `${'#'.repeat(level)} ${markdownText(heading)}\n\n${inside}`;
}

function codeText({ text, language, title, isTitled }: Code): string {
  const fence = codeFence(text, language);
  return isTitled === true ? fence : `${markdownText(title)}\n\n${fence}`;
}

function tableText({ columns, rows }: Table): string {
  return markdownTable(
    [
      columns.map(({ title }) => markdownText(title)),
      ...rows.map(({ cells }) =>
        cells.map(({ text, long }) => `${long === undefined ? '' : `${markdownText(long)} – `}${inline(text)}`),
      ),
    ],
    {
      align: columns.map(({ align }) => align ?? 'left'),
      // Padding would triple the length, and only helps readers of the source.
      padding: false,
      alignDelimiters: false,
    },
  );
}

function inline(text: Text): string {
  if (typeof text === 'string') return markdownText(text);
  return text
    .map((part) => {
      if (typeof part === 'string') return markdownText(part);
      return 'as' in part && part.as === 'strong' ? `**${markdownText(part.text)}**` : markdownText(part.text);
    })
    .join('');
}

/** Limits of a shortened document, which also has no drawings and no stacks. */
export interface Detail {
  /** Rows of each table; 0: only verdicts and warnings. */
  readonly rows: number;
  /** Number of findings, and of sections with numbers. */
  readonly groups: number;
  /** Items of each list. */
  readonly items: number;
  /** Names what is left out. */
  readonly without: string;
}

/** Shortens a document for Markdown; it begins by saying so. */
export function shorten(document: Document, detail: Detail): Document {
  const { alerts, blocks } = document;
  const missing = paragraph([
    `Too long for this place: ${detail.without} left out. The page `,
    { text: 'index.html', as: 'code' },
    ' and ',
    { text: 'results.json', as: 'code' },
    ' have everything.',
  ]);
  const kept = detail.rows > 0 ? blocks : blocks.filter(({ kind }) => kind !== 'section' && kind !== 'details');
  return { ...document, alerts: [missing, ...shortened(alerts, detail)], blocks: shortened(kept, detail) };
}

function shortened(blocks: readonly Block[], detail: Detail): readonly Block[] {
  let tables = 0;
  return shownOn('markdown', blocks).flatMap((block): readonly Block[] => {
    switch (block.kind) {
      case 'section': {
        if (block.blocks.some(({ kind }) => kind === 'table') && ++tables > detail.groups) return [];
        return [{ ...block, blocks: shortened(block.blocks, detail) }];
      }
      case 'beside':
        return [{ ...block, blocks: block.blocks.slice(0, detail.groups) }];
      case 'details': {
        const inside = shortened(block.blocks, detail);
        return inside.some(({ kind }) => kind !== 'paragraph') ? [{ ...block, blocks: inside }] : [];
      }
      case 'table':
        return [{ ...block, rows: block.rows.slice(0, detail.rows) }];
      case 'list':
        return [{ ...block, items: firstOf(block.items, detail.items, (count) => ({ text: `and ${count} more` })) }];
      case 'code':
        return block.language === 'text' ? [] : [block];
      default:
        return [block];
    }
  });
}
