import { describe, expect, it } from 'vitest';
import { tableOf, type Block, type Table } from '../../../dist/src/report/document.js';
import { dressTerminal } from '../../../dist/src/report/dress/terminal.js';
import { colorPaint, plainPaint } from '../../../dist/src/report/dress/tones.js';
import { documentOf } from '../../support/document.js';

const LONG = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen';

function told(...blocks: readonly Block[]): string {
  return dressTerminal(documentOf({ blocks }), plainPaint);
}

describe('a document in a terminal', () => {
  it('begins with what to beware of, and ends with the facts', () => {
    const document = documentOf({
      alerts: [{ kind: 'paragraph', text: 'Beware.' }],
      title: ['One.', 'Two.'],
      blocks: [{ kind: 'paragraph', text: 'Text.' }],
      facts: ['a', 'b'],
    });
    expect(dressTerminal(document, plainPaint)).toBe('Beware.\n\nOne.\nTwo.\n\nText.\n\na · b\n');
  });

  it('has a heading right above its section, notes right below what they are on, and a blank line between the rest', () => {
    const blocks: readonly Block[] = [
      { kind: 'paragraph', text: 'One.' },
      { kind: 'paragraph', text: 'A note.', isNote: true },
      { kind: 'paragraph', text: 'Two.' },
    ];
    expect(told({ kind: 'section', heading: 'Head', blocks })).toBe('Head\nOne.\nA note.\n\nTwo.\n');
  });

  it('says nothing of sections in which nothing is for a terminal', () => {
    const hidden: Block = { kind: 'paragraph', text: 'Elsewhere.', on: ['markdown', 'page'] };
    expect(told({ kind: 'section', heading: 'Head', blocks: [hidden] })).toBe('\n');
  });

  it('breaks lines at 80 columns, and hangs what follows the first line of an item below its text', () => {
    const items = [{ text: LONG }, { text: 'holds', tone: 'good' as const }, { text: 'fails', tone: 'bad' as const }];
    expect(told({ kind: 'list', items }).split('\n')).toEqual([
      '- one two three four five six seven eight nine ten eleven twelve thirteen',
      '  fourteen fifteen',
      '✓ holds',
      '✗ fails',
      '',
    ]);
    expect(
      told({
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

  it('indents code, without its title where it names itself', () => {
    const code = { kind: 'code', language: 'js', title: 'app.js', text: 'a;\n\nb;' } as const;
    expect(told(code)).toBe('app.js\n  a;\n\n  b;\n');
    expect(told({ ...code, isTitled: true })).toBe('  a;\n\n  b;\n');
  });

  it('leaves columns out of a table that is too wide, those that can be spared best first', () => {
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
      told(table(['a', 'b'.repeat(width), 'c'.repeat(10), 'd'.repeat(10), 'e']))
        .split('\n')[0]
        ?.replaceAll(/ +/g, ' ');
    expect([10, 60, 70, 90].map(heads)).toEqual([
      'name needed first second',
      'name needed second',
      'name needed',
      'name needed',
    ]);
  });

  it('breaks the last column of words of a table that is too wide', () => {
    expect(
      told(
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

  it('is coloured by what is thought, and ends each colour with its line', () => {
    const text = dressTerminal(documentOf({ blocks: [{ kind: 'paragraph', text: LONG, tone: 'bad' }] }), colorPaint);
    const [first = '', second = ''] = text.split('\n');
    for (const line of [first, second]) {
      expect(line.startsWith('\u001B[31m')).toBe(true);
      expect(line.endsWith('\u001B[39m')).toBe(true);
    }
  });
});
