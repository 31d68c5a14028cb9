import { shownOn, type Block, type Document, type Item } from '../document.ts';

/** How much of a document is told: nothing that is drawn in letters, no stacks of errors, and no more than so many. */
export interface Detail {
  /** Of each table; none: only verdicts and warnings are told. */
  readonly rows: number;
  /** Findings, and sections of numbers. */
  readonly groups: number;
  /** Of each list. */
  readonly items: number;
  /** What is missing then. */
  readonly without: string;
}

/** The same document in Markdown with less in it, which it says. */
export function shorten(document: Document, detail: Detail): Document {
  const { alerts, blocks } = document;
  const missing: Block = {
    kind: 'paragraph',
    text: [
      `Too long for this place: ${detail.without} left out. The page `,
      { text: 'index.html', as: 'code' },
      ' and ',
      { text: 'results.json', as: 'code' },
      ' have everything.',
    ],
  };
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
        return [{ ...block, items: someOf(block.items, detail.items) }];
      case 'code':
        return block.language === 'text' ? [] : [block];
      default:
        return [block];
    }
  });
}

function someOf(items: readonly Item[], most: number): readonly Item[] {
  const more = items.length - most;
  return more > 0 ? [...items.slice(0, most), { text: `and ${more} more` }] : items;
}
