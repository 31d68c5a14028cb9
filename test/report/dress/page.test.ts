import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Block, Document, Table } from '../../../dist/src/report/document.js';
import { dressPage } from '../../../dist/src/report/dress/page.js';
import { documentOf } from '../../support/document.js';

async function mainOf(given: Partial<Document>): Promise<string> {
  const { document } = parseHTML(await dressPage(documentOf(given)));
  return document.querySelector('main')?.innerHTML ?? '';
}

const TEXT: Block = { kind: 'paragraph', text: 'Text.' };

describe('a document as a page', () => {
  it('is in its language, with its title, its facts and who made it', async () => {
    const page = await dressPage(documentOf({ language: 'pt-BR', title: ['Um.', 'Dois.'], facts: ['a'] }));
    const { document } = parseHTML(page);
    expect(document.documentElement.getAttribute('lang')).toBe('pt-BR');
    expect(document.querySelector('#theme')?.getAttribute('data-label')).toBe('Tema,do sistema,claro,escuro');
    expect(document.title).toBe('Um. Dois.');
    expect(document.querySelector('meta[name="generator"]')?.getAttribute('content')).toBe('Lanewise 0.0.0');
    expect([...document.querySelectorAll('h1, .facts, footer')].map(({ textContent }) => textContent.trim())).toEqual([
      'Um. Dois.',
      'a',
      'Made here.',
    ]);
  });

  it('has a sheet for each section, with smaller headings inside it', async () => {
    const inner: Block = { kind: 'section', heading: 'Inner', id: 'inner', blocks: [TEXT] };
    expect(await mainOf({ blocks: [{ kind: 'section', heading: 'Outer', blocks: [inner] }] })).toBe(
      '<section class="sheet" aria-label="Outer"><h2>Outer</h2><h3 id="inner">Inner</h3><p>Text.</p></section>',
    );
    expect(await mainOf({ alerts: [{ kind: 'section', heading: 'Warnings', isWarning: true, blocks: [] }] })).toContain(
      '<section class="care"',
    );
  });

  it('draws nested figures, and none for other media', async () => {
    let drawn = 0;
    const figures: Block = {
      kind: 'figures',
      on: ['page'],
      draw: () => {
        drawn++;
        const panels = [{ title: 'Panel', svg: '<svg id="drawn"></svg>', notes: [] }];
        return Promise.resolve([
          { id: 'it', question: 'Which?', howToRead: 'So.', omitted: [], panels, isWide: false },
        ]);
      },
    };
    const shown = await mainOf({ blocks: [{ kind: 'section', heading: 'A', blocks: [figures] }] });
    expect(shown).toContain('id="drawn"');
    await mainOf({ blocks: [{ kind: 'section', heading: 'A', blocks: [figures], on: ['terminal'] }] });
    expect(drawn).toBe(1);
  });

  it('breaks no flag at its hyphens, in sentences, tables and cards', async () => {
    const text = 'Give --until-decided or --blocks 14, not -- as here.';
    const shown =
      'Give <span class="flag">--until-decided</span> or <span class="flag">--blocks</span> 14, not -- as here.';
    expect(await mainOf({ blocks: [{ kind: 'paragraph', text }] })).toContain(`<p>${shown}</p>`);
    const card = {
      kind: 'finding',
      subject: 'a',
      trait: 'b',
      note: 'c',
      verdict: 'd',
      details: [text],
      blocks: [],
    } as const;
    expect(await mainOf({ blocks: [card] })).toContain(`<p>${shown}</p>`);
    expect(await dressPage(documentOf({}))).toContain('.flag { white-space: nowrap; }');
  });

  it('links, emphasises, and lets nothing become markup', async () => {
    const text = [
      '<b>',
      { text: 's', as: 'strong' },
      { text: 'c', as: 'code' },
      { text: 'there', to: 'inner' },
    ] as const;
    expect(await mainOf({ blocks: [{ kind: 'paragraph', text, tone: 'bad' }] })).toBe(
      '<p class="bad">&lt;b&gt;<strong>s</strong><code>c</code><a href="#inner">there</a></p>',
    );
  });

  it('labels elements that are wider than a phone as scrollable', async () => {
    const table: Block = {
      kind: 'table',
      label: 'All',
      isSortable: true,
      columns: [
        { title: 'strategy' },
        { title: 'ms', align: 'right' },
        { title: 'narrow', align: 'right', on: ['terminal'] },
      ],
      rows: [
        {
          isChosen: true,
          cells: [
            { text: 'a', long: 'the a', family: 'loop' },
            { text: '1', tone: 'good' },
          ],
        },
      ],
    };
    expect(await mainOf({ blocks: [table] })).toBe(
      '<div class="scroll" role="group" tabindex="0" aria-label="All, can be scrolled"><table class="sortable"><thead><tr><th scope="col">strategy</th><th scope="col" class="right">ms</th></tr></thead><tbody><tr class="chosen"><th scope="row" title="the a"><span class="family loop"></span>a</th><td class="good right">1</td></tr></tbody></table></div>',
    );
  });

  it('has a bar beside each ratio of a table, all on one axis, colored by its sign if there is a verdict, and the column titles in the cells of a wordy table', async () => {
    const row = (
      name: string,
      lo: number,
      estimate: number,
      hi: number,
      hasNoVerdict = false,
    ): Table['rows'][number] => ({
      cells: [{ text: name }, { text: `${estimate}×`, range: { estimate, lo, hi, hasNoVerdict } }],
    });
    const table: Block = {
      kind: 'table',
      label: 'Answers',
      columns: [{ title: 'workload' }, { title: 'speedup', isWordy: true }],
      rows: [row('a', 1.5, 2, 4), row('b', 0.25, 0.5, 0.8), row('c', 0.5, 1, 2), row('d', 0.25, 0.5, 0.8, true)],
    };
    const { document } = parseHTML(await mainOf({ blocks: [table] }));
    // From a quarter to four times: one is in the middle of 104 pixels, twice and half are at equal distances from it.
    expect([...document.querySelectorAll('circle')].map((dot) => dot.getAttribute('cx'))).toEqual([
      '75.5',
      '28.5',
      '52.0',
      '28.5',
    ]);
    expect([...document.querySelectorAll('.ratio')].map((bar) => bar.getAttribute('class'))).toEqual([
      'ratio good',
      'ratio bad',
      'ratio',
      'ratio',
    ]);
    expect([...document.querySelectorAll('td')].map((cell) => cell.getAttribute('data-label'))).toEqual(
      Array.from({ length: 4 }, () => 'speedup'),
    );
  });
});
