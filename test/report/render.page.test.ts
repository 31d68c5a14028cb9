import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { renderHtml, renderMarkdown } from '../../dist/src/report/render.js';
import { HOSTILE, reportResults } from '../support/report-results.js';
import { failedCellOf } from '../support/results.js';

const RESULTS = reportResults();
const PAGE = await renderHtml(RESULTS);

function dataOf(page: string): unknown {
  const [, packed = ''] = /href="data:application\/gzip;base64,([^"]+)"/.exec(page) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
}

function digest(text: string | undefined): string {
  return `'sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}'`;
}

describe('the page', () => {
  it('may load nothing, and use only the style and script that it contains', () => {
    const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(PAGE) ?? [];
    const style = /<style>([\s\S]*?)<\/style>/.exec(PAGE)?.[1];
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(PAGE)?.[1];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${digest(style)}`,
      `script-src ${digest(script)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(PAGE.match(/<style|<script|<link|<img|<iframe/g)).toHaveLength(3);
    expect(PAGE).not.toMatch(/\s(style|on\w+)=/);
  });

  it('begins with the verdict, then facts, then warnings, before any figure', async () => {
    const page = await renderHtml({ ...RESULTS, warnings: [{ kind: 'shared-machine' }], complete: false });
    const places = [
      '<h1>',
      '2 CPUs',
      'Interrupted: these are the results so far',
      'tied with</th>',
      'Warnings</h2>',
      '<article',
      '<figure',
      'All the numbers',
      'How it was measured',
      'The data',
    ];
    const found = places.map((part) => page.indexOf(part));
    expect(found).not.toContain(-1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(PAGE).not.toContain('Warnings</h2>');
  });

  it('contains the results', () => {
    expect(dataOf(PAGE)).toEqual(RESULTS);
  });

  it('shows unmeasured values as "not measured"', () => {
    expect(PAGE).toContain('<td class="right">not measured</td>');
  });

  it('has one row of numbers per configuration', () => {
    const { document } = parseHTML(PAGE);
    const rows = [...document.querySelectorAll('table.sortable tbody tr')].map((row) =>
      [...row.children].slice(0, 6).map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ['worker-threads', '2', '1', '21.9 (20.0 to 24.0)', '2.00× (1.90–2.10)', 'faster'],
      ['event-loop', '1', 'all', '43.8 (40.0 to 48.0)', '1.00×', 'baseline'],
      ['worker-threads', '1', '1', '46.0 (42.0 to 50.4)', '0.96× (0.90–1.02)', 'unclear'],
    ]);
    // Two threads and the event loop take 50 ms to start.
    expect(document.querySelector('table.sortable tbody tr')?.lastElementChild?.textContent).toBe('0 batches');
  });

  it('reports a failed configuration with its error', async () => {
    const page = await renderHtml({
      ...RESULTS,
      cells: [...RESULTS.cells, failedCellOf('work/child-processes@2', 'boom')],
    });
    expect(page).toContain('failed in task 4, in worker thread 2: Error: boom');
  });

  it('can be made from a run without measurements', async () => {
    const nothing: Results = { ...RESULTS, cells: [], comparisons: [], recommendations: [], timelines: [] };
    expect(await renderHtml(nothing)).toContain('Not measured.');
    expect(await renderHtml({ ...nothing, workloads: [] })).toContain('Nothing was measured.');
  });
});

describe('hostile names in the page', () => {
  it('are escaped, and the data are still the results', async () => {
    const hostile = {
      ...reportResults([{ workload: HOSTILE, params: { [HOSTILE]: HOSTILE }, title: `${HOSTILE}[x=${HOSTILE}]` }]),
    };
    const page = await renderHtml(hostile);
    expect(page.match(/<style|<script|<link|<img|<iframe/g)).toHaveLength(3);
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
    expect(dataOf(page)).toEqual(hostile);
  });

  it('may be missing, very long or deeply nested', async () => {
    const nested = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown;
    const scanned = [{ a: 1 }, { b: 2 }, { a: nested }, { a: Array(100_000).fill('`') }, { constructor: 1 }].map(
      (params, index) => ({ workload: 'work', params, title: `work[${index}]` }),
    );
    expect(await renderHtml(reportResults(scanned))).toContain('Where does the winner change?');
    expect(await renderMarkdown(reportResults(scanned))).toContain('work\\[4\\]');
  });

  it('of any length keep the page small', async () => {
    const page = await renderHtml(reportResults([{ workload: 'w'.repeat(1_000_000) }]));
    expect(page.length).toBeLessThan(PAGE.length + 200_000);
  });
});
