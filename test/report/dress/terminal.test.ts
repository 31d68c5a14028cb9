import { describe, expect, it } from 'vitest';
import { tableOf, type Block, type Table } from '../../../dist/src/report/document.js';
import { dressTerminal } from '../../../dist/src/report/dress/terminal.js';
import { colorPaint, plainPaint } from '../../../dist/src/report/dress/tones.js';
import { documentOf } from '../../support/document.js';

const LONG = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen';

function rendered(...blocks: readonly Block[]): string {
  return dressTerminal(documentOf({ blocks }), plainPaint);
}

describe('a document in a terminal', () => {
  it('begins with the alerts, and ends with the facts', () => {
    const document = documentOf({
      alerts: [{ kind: 'paragraph', text: 'Beware.' }],
      title: ['One.', 'Two.'],
      blocks: [{ kind: 'paragraph', text: 'Text.' }],
      facts: ['a', 'b'],
    });
    expect(dressTerminal(document, plainPaint)).toBe('Beware.\n\nOne.\nTwo.\n\nText.\n\na · b\n');
  });

  it('puts a heading directly above its section, notes directly below their block, and blank lines between the rest', () => {
    const blocks: readonly Block[] = [
      { kind: 'paragraph', text: 'One.' },
      { kind: 'paragraph', text: 'A note.', isNote: true },
      { kind: 'paragraph', text: 'Two.' },
    ];
    expect(rendered({ kind: 'section', heading: 'Head', blocks })).toBe('Head\nOne.\nA note.\n\nTwo.\n');
  });

  it('omits sections without blocks for a terminal', () => {
    const hidden: Block = { kind: 'paragraph', text: 'Elsewhere.', on: ['markdown', 'page'] };
    expect(rendered({ kind: 'section', heading: 'Head', blocks: [hidden] })).toBe('\n');
  });

  it('wraps lines at 80 columns, and indents further lines of an item', () => {
    const items = [{ text: LONG }, { text: 'holds', tone: 'good' as const }, { text: 'fails', tone: 'bad' as const }];
    expect(rendered({ kind: 'list', items }).split('\n')).toEqual([
      '- one two three four five six seven eight nine ten eleven twelve thirteen',
      '  fourteen fifteen',
      '✓ holds',
      '✗ fails',
      '',
    ]);
    expect(
      rendered({
        kind: 'facts',
        facts: [
          ['name', LONG],
          ['longer name', 'a', 'b'],
        ],
      }).split('\n'),
    ).toEqual([
      'name         one two three four five six seven eight nine ten eleven twelve',
      '             thirteen fourteen fifteen',
      'longer name  a, b',
      '',
    ]);
  });

  it('indents code, without a title that the code contains', () => {
    const code = { kind: 'code', language: 'js', title: 'app.js', text: 'a;\n\nb;' } as const;
    expect(rendered(code)).toBe('app.js\n  a;\n\n  b;\n');
    expect(rendered({ ...code, isTitled: true })).toBe('  a;\n\n  b;\n');
  });

  it('omits columns of a table that is too wide, in the order of spare', () => {
    const table = (cells: readonly string[]): Table => ({
      kind: 'table',
      label: 'table',
      columns: [
        { title: 'name' },
        { title: 'needed' },
        { title: 'first', spare: 1 },
        { title: 'second', spare: 2 },
        { title: 'wide', on: ['page'] },
      ],
      rows: [{ cells: cells.map((text) => ({ text })) }],
    });
    const heads = (width: number): string | undefined =>
      rendered(table(['a', 'b'.repeat(width), 'c'.repeat(10), 'd'.repeat(10), 'e']))
        .split('\n')[0]
        ?.replaceAll(/ +/g, ' ');
    expect([10, 60, 70, 90].map(heads)).toEqual([
      'name needed first second',
      'name needed second',
      'name needed',
      'name needed',
    ]);
  });

  it('wraps the last column of a table that is too wide', () => {
    expect(
      rendered(
        tableOf(
          'Names',
          ['name', 'meaning'],
          [
            ['a', LONG],
            ['longer', 'short'],
          ],
        ),
      ).split('\n'),
    ).toEqual([
      'name   meaning',
      'a      one two three four five six seven eight nine ten eleven twelve thirteen',
      '       fourteen fifteen',
      'longer short',
      '',
    ]);
  });

  it('colours text by tone, and ends each colour with its line', () => {
    const text = dressTerminal(documentOf({ blocks: [{ kind: 'paragraph', text: LONG, tone: 'bad' }] }), colorPaint);
    const [first = '', second = ''] = text.split('\n');
    for (const line of [first, second]) {
      expect(line.startsWith('\u001B[31m')).toBe(true);
      expect(line.endsWith('\u001B[39m')).toBe(true);
    }
  });
});
