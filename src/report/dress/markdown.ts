import { markdownTable } from 'markdown-table';
import { shownOn, type Block, type Code, type Document, type Section, type Table, type Text } from '../document.ts';
import { codeFence, markdownText } from '../displayable.ts';
import { markOf } from './tones.ts';

/** Shows that the file may be overwritten; no reader sees it. */
export const MARK = '\n<!-- Written by Lanewise -->\n';

export function markdownFile(document: Document): string {
  return `${dressMarkdown(document)}${MARK}`;
}

/** The document as GitHub shows it, in a pull request or a job summary. */
export function dressMarkdown({ title, facts, alerts, blocks }: Document): string {
  const parts = [
    `# ${markdownText(title.join(' '))}`,
    facts.map(markdownText).join(' · '),
    textOf(alerts, 2),
    textOf(blocks, 2),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** @param level of the headings in it */
function textOf(blocks: readonly Block[], level: number): string {
  let text = '';
  let last: Block | undefined;
  for (const block of shownOn('markdown', blocks)) {
    const own = blockText(block, level);
    if (own === '') continue;
    // One list.
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
      return block.items
        .map(({ text, tone }) => ['-', markOf(tone), inline(text)].filter((part) => part !== undefined).join(' '))
        .join('\n');
    case 'facts':
      return block.facts
        .map(([name, ...values]) => `- **${markdownText(name)}**: ${values.map(inline).join(', ')}`)
        .join('\n');
    case 'table':
      return tableText(block);
    case 'code':
      return codeText(block);
    case 'finding':
      return `- **${markdownText(`${block.subject} (${block.trait}): ${block.sentences.join(' ')}`)}**`;
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
  const shown = shownOn('markdown', columns);
  return markdownTable(
    [
      shown.map(({ title }) => markdownText(title)),
      ...rows.map(({ cells }) =>
        shown.map((column) => {
          const cell = cells[columns.indexOf(column)];
          if (cell === undefined) return '';
          return `${cell.long === undefined ? '' : `${markdownText(cell.long)} – `}${inline(cell.text)}`;
        }),
      ),
    ],
    {
      align: shown.map(({ align }) => align),
      // Aligned for a reader of the source, three times as long.
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
