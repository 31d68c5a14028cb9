import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Results, Warning } from '../../dist/src/model/results.js';
import { comparisonDocument } from '../../dist/src/report/comparison-document.js';
import { diagnosisDocument } from '../../dist/src/report/diagnosis-document.js';
import { plain, shownOn, type Block, type Document } from '../../dist/src/report/document.js';
import { dressMarkdown } from '../../dist/src/report/dress/markdown.js';
import { dressPage } from '../../dist/src/report/dress/page.js';
import { dressTerminal } from '../../dist/src/report/dress/terminal.js';
import { lessonsDocument } from '../../dist/src/report/lessons/lessons-document.js';
import { renderHtml, renderMarkdown, renderTerminal } from '../../dist/src/report/render.js';
import { plainPaint } from '../../dist/src/report/dress/tones.js';
import { resultsDocument } from '../../dist/src/report/results-document.js';
import { compareRuns } from '../../dist/src/stats/compare-runs.js';
import { readResults } from '../../dist/src/session/read-results.js';
import { diagnosisOf } from '../support/diagnosis.js';
import { LESSONS } from '../support/lessons-report.js';
import { reportResults } from '../support/report-results.js';
import { failedCellOf } from '../support/results.js';

const RECORDED = fileURLToPath(new URL('../recorded/', import.meta.url));

/** What a terminal is to say, one text for each thing that is said. */
function saidBy(blocks: readonly Block[]): readonly string[] {
  return shownOn('terminal', blocks).flatMap((block): readonly string[] => {
    switch (block.kind) {
      case 'section':
      case 'details': {
        const inside = saidBy(block.blocks);
        // A terminal has some of the warnings elsewhere, under a heading of their own.
        return block.kind === 'section' && block.isWarning === true ? inside : [block.heading, ...inside];
      }
      case 'beside':
        return saidBy(block.blocks);
      case 'paragraph':
        return [plain(block.text)];
      case 'list':
        return block.items.map(({ text }) => plain(text));
      case 'facts':
        return block.facts.flatMap(([name, ...values]) => [name, ...values.map(plain)]);
      case 'table':
        return block.rows.flatMap(({ cells }) => cells.slice(0, 1).map(({ text }) => plain(text)));
      case 'code':
        return block.language === 'text' ? [] : block.text.split('\n');
      case 'finding':
        return [block.subject, block.trait, block.verdict, ...block.details];
      case 'figures':
        return [];
      default:
        return block satisfies never;
    }
  });
}

/** The lines of what is drawn in letters, where a digit is no number, with its scale: Markdown has room for more, on another scale. */
function drawnBy(blocks: readonly Block[]): readonly string[] {
  return shownOn('terminal', blocks).flatMap((block) => {
    if ('blocks' in block) return drawnBy(block.blocks);
    return block.kind === 'code' && block.language === 'text'
      ? [block.title, ...block.text.split('\n').map((line) => `  ${line}`)]
      : [];
  });
}

/** Whatever is at the end of a line, and however a sentence begins. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function ofMarkdown(text: string): string {
  return flat(
    text
      .replaceAll('&#8203;', '')
      .replaceAll('**', '')
      .replaceAll(/\\([\\`*_[\]|~$#])/g, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
}

function ofPage(page: string): string {
  const { document } = parseHTML(page);
  for (const element of document.querySelectorAll('script, style')) element.remove();
  for (const flag of document.querySelectorAll('.flag')) flag.replaceWith(flag.textContent);
  // What stands in two elements is two words.
  return flat(
    document.body.outerHTML
      .replaceAll('<', ' <')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );
}

const NUMBER = /\d+(?:\.\d+)?/g;

/** Each sentence and each number that a terminal says, and Markdown or the page does not; and sentences that it should have said. */
function missing(document: Document, terminal: string, markdown: string, page: string): readonly string[] {
  const { alerts, title, heading, blocks } = document;
  const all = [...alerts, ...blocks];
  const drawn = new Set(drawnBy(all));
  const undrawn = terminal.split('\n').filter((line) => !drawn.has(line));
  const numbers = undrawn.flatMap((line) => line.match(NUMBER) ?? []);
  // A heading stands for the title where a table has the answers.
  const sentences = [...(heading === undefined ? title : []), ...saidBy(all)].map(flat);
  if (numbers.length <= 5) return ['too few numbers to be a report'];
  return [flat(terminal), ofMarkdown(markdown), ofPage(page)].flatMap((text) => {
    const known = new Set(text.match(NUMBER));
    return [
      ...sentences.filter((sentence) => !text.includes(sentence)),
      ...numbers.filter((number) => !known.has(number)),
    ];
  });
}

async function missingOf(results: Results): Promise<readonly string[]> {
  const document = await resultsDocument(results);
  return missing(
    document,
    await renderTerminal(results, plainPaint),
    await renderMarkdown(results),
    await renderHtml(results),
  );
}

/** Of what is printed, and written only where it is asked to be. */
async function missingIn(document: Document): Promise<readonly string[]> {
  return missing(document, dressTerminal(document, plainPaint), dressMarkdown(document), await dressPage(document));
}

describe('every sentence of the terminal is in Markdown and on the page', () => {
  it.each(readdirSync(RECORDED))('of recorded results: %s', async (file) => {
    expect(await missingOf(await readResults(`${RECORDED}${file}`))).toEqual([]);
  });

  it('of generated results', async () => {
    const warnings = fc.subarray<Warning>([
      { kind: 'shared-machine' },
      { kind: 'short-batch', cell: 'first/event-loop', wallMs: 1.25 },
      { kind: 'dominant-task', workload: 'first', cell: 'first/event-loop', share: 0.625, bound: 1.6 },
      { kind: 'unequal-work', workload: 'first', cells: ['first/event-loop'], task: 2 },
      { kind: 'left-behind', workload: 'first', processes: 3 },
    ]);
    const names = fc.uniqueArray(fc.constantFrom('first', 'second', 'third', 'fourth', 'fifth'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        names,
        warnings,
        fc.boolean(),
        fc.boolean(),
        async (workloads, shownWarnings, complete, fails) => {
          const made = reportResults(workloads.map((workload) => ({ workload })));
          const failed = {
            ...failedCellOf(`${workloads[0]}/worker-threads@4`, 'no more'),
            workload: workloads[0] ?? '',
          };
          const cells = fails ? [...made.cells, failed] : made.cells;
          expect(await missingOf({ ...made, complete, warnings: shownWarnings, cells })).toEqual([]);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('of two runs that are compared', async () => {
    const old = reportResults();
    const { environment } = old;
    const now = { ...old, complete: false, environment: { ...environment, uvThreads: 16 } };
    expect(await missingIn(comparisonDocument(compareRuns([old], now, 0.05)))).toEqual([]);
  });

  it('of a diagnosis', async () => {
    const diagnosis = diagnosisOf({ sentences: ['CPU work can use 2 cores here.'] });
    expect(await missingIn(diagnosisDocument(diagnosis))).toEqual([]);
  });

  it('of lessons', async () => {
    expect(await missingIn(lessonsDocument(LESSONS, { isFull: true }))).toEqual([]);
  });
});

it('the method names the values of a scan, and what no block was measured of', async () => {
  const sizes = [1, 2].map((size) => ({ workload: 'work', params: { size }, title: `work[size=${size}]` }));
  const block = { block: 0, canaryMs: 1, stealShare: null, throttledShare: null, otherCores: null };
  const noise = sizes.map(({ workload, params }, index) => ({
    workload,
    params,
    hit: 0,
    repeated: 0,
    blocks: index === 0 ? [{ ...block, involuntaryPerSecond: null }] : [],
    discarded: [],
  }));
  const text = await renderMarkdown({ ...reportResults(sizes), noise });
  expect(text).toContain('work\\[size=1\\]: 0 of 1 block disturbed beyond the limits, 0 measured again.');
  expect(text).toContain('work\\[size=2\\]: no block was measured to its end.');
  expect(text).toMatch(/work\\\[size=2\\\] \(.*\): CPU-bound; /);
});
