import { describe, expect, it } from 'vitest';
import type { Block } from '../../../dist/src/report/document.js';
import { dressMarkdown } from '../../../dist/src/report/dress/markdown.js';
import { documentOf } from '../../support/document.js';

function rendered(...blocks: readonly Block[]): string {
  return dressMarkdown(documentOf({ title: ['Title.'], blocks }));
}

const TEXT: Block = { kind: 'paragraph', text: 'Text.' };

describe('a document as Markdown', () => {
  it('begins with its title and its facts, then its alerts', () => {
    const document = documentOf({
      title: ['One.', 'Two.'],
      facts: ['a', 'b'],
      alerts: [{ kind: 'paragraph', text: 'Beware.', tone: 'unsure' }],
      blocks: [TEXT],
    });
    expect(dressMarkdown(document)).toBe('# One. Two.\n\na · b\n\n**Beware.**\n\nText.\n');
  });

  it('has headings as deep as its sections', () => {
    const inner: Block = { kind: 'section', heading: 'Inner', blocks: [TEXT] };
    expect(rendered({ kind: 'section', heading: 'Outer', blocks: [inner] })).toBe(
      '# Title.\n\n## Outer\n\n### Inner\n\nText.\n',
    );
    expect(rendered({ kind: 'section', heading: 'Outer', blocks: [{ ...TEXT, on: ['page'] }] })).toBe('# Title.\n');
  });

  it('collapses details, and lists findings together', () => {
    expect(rendered({ kind: 'details', heading: 'More', blocks: [TEXT] })).toContain(
      '<details><summary>More</summary>\n\nText.\n\n</details>',
    );
    const finding = (subject: string): Block => ({
      kind: 'finding',
      subject,
      trait: 'CPU-bound',
      note: 'batches of 2 tasks',
      verdict: 'stay',
      details: ['So.', 'More.'],
      blocks: [TEXT],
    });
    expect(rendered({ kind: 'beside', label: 'Verdicts', blocks: [finding('a'), finding('b')] })).toBe(
      '# Title.\n\n## Verdicts\n\n- **a (CPU-bound): stay.** So. More.\n- **b (CPU-bound): stay.** So. More.\n',
    );
  });

  it('marks items, names facts and strong words, and lets nothing become markup', () => {
    const items = [{ text: 'a*b' }, { text: 'c', tone: 'good' as const }, { text: 'd', tone: 'bad' as const }];
    expect(rendered({ kind: 'list', items })).toContain('- a\\*b\n- ✓ c\n- ✗ d\n');
    expect(rendered({ kind: 'facts', facts: [['name', 'a', ['b', { text: 'c', as: 'strong' }]]] })).toContain(
      '- **name**: a, b**c**\n',
    );
  });

  it('shows all columns of a table for Markdown, and the long name of each cell', () => {
    const table: Block = {
      kind: 'table',
      label: 'table',
      columns: [
        { title: 'strategy', short: 'w' },
        { title: 'narrow', align: 'right', on: ['terminal'] },
        { title: 'ms', align: 'right' },
      ],
      rows: [{ cells: [{ text: 'a', long: 'the a' }, { text: '1' }, { text: '2.00', short: '2' }] }],
    };
    expect(rendered(table)).toContain('|strategy|ms|\n|:-|-:|\n|the a – a|2.00|\n');
  });
});
