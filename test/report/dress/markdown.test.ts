import { describe, expect, it } from 'vitest';
import type { Block } from '../../../dist/src/report/document.js';
import { dressMarkdown } from '../../../dist/src/report/dress/markdown.js';
import { documentOf } from '../../support/document.js';

function told(...blocks: readonly Block[]): string {
  return dressMarkdown(documentOf({ title: ['Title.'], blocks }));
}

const TEXT: Block = { kind: 'paragraph', text: 'Text.' };

describe('a document as Markdown', () => {
  it('begins with its title and its facts, then says what to beware of', () => {
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
    expect(told({ kind: 'section', heading: 'Outer', blocks: [inner] })).toBe(
      '# Title.\n\n## Outer\n\n### Inner\n\nText.\n',
    );
    expect(told({ kind: 'section', heading: 'Outer', blocks: [{ ...TEXT, on: ['page'] }] })).toBe('# Title.\n');
  });

  it('folds details, and has findings in one list', () => {
    expect(told({ kind: 'details', heading: 'More', blocks: [TEXT] })).toContain(
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
    expect(told({ kind: 'beside', label: 'Verdicts', blocks: [finding('a'), finding('b')] })).toBe(
      '# Title.\n\n## Verdicts\n\n- **a (CPU-bound): stay.** So. More.\n- **b (CPU-bound): stay.** So. More.\n',
    );
  });

  it('marks items, names facts and strong words, and lets nothing become markup', () => {
    const items = [{ text: 'a*b' }, { text: 'c', tone: 'good' as const }, { text: 'd', tone: 'bad' as const }];
    expect(told({ kind: 'list', items })).toContain('- a\\*b\n- ✓ c\n- ✗ d\n');
    expect(told({ kind: 'facts', facts: [['name', 'a', ['b', { text: 'c', as: 'strong' }]]] })).toContain(
      '- **name**: a, b**c**\n',
    );
  });

  it('has all columns of a table but those for another place, and of each cell the longest name', () => {
    const table: Block = {
      kind: 'table',
      label: 'table',
      columns: [
        { title: 'way', short: 'w' },
        { title: 'narrow', align: 'right', on: ['terminal'] },
        { title: 'ms', align: 'right' },
      ],
      rows: [{ cells: [{ text: 'a', long: 'the a' }, { text: '1' }, { text: '2.00', short: '2' }] }],
    };
    expect(told(table)).toContain('|way|ms|\n|:-|-:|\n|the a – a|2.00|\n');
  });
});
