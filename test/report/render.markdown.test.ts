import { describe, expect, it } from 'vitest';
import type { Cell, Results } from '../../dist/src/model/results.js';
import { renderMarkdown } from '../../dist/src/report/render.js';
import { HOSTILE, reportResults, run } from '../support/report-results.js';

const LIMIT_BYTES = 60_000;

async function bytes(results: Results): Promise<number> {
  return Buffer.byteLength(await renderMarkdown(results));
}

function many(count: number): Results {
  return reportResults(Array.from({ length: count }, (_group, index) => ({ workload: `work-${index}` })));
}

describe('the size of report.md', () => {
  it('is that of the whole report, if it fits', async () => {
    const text = await renderMarkdown(reportResults());
    expect(text).toContain('thread 2');
    expect(text).not.toContain('left out');
  });

  it.each([10, 30, 150, 1000])('is under 60 KB with %d workloads, and names omitted content', async (count) => {
    const text = await renderMarkdown(many(count));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT_BYTES);
    expect(text.includes('left out')).toBe(count > 30);
    expect(text).toContain('work-0');
    expect(text.split('```').length % 2).toBe(1);
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
  });

  it('keeps as many verdicts as tables of many workloads', async () => {
    const text = await renderMarkdown(many(60));
    expect(text).toContain('all but the first 40 workloads left out');
    expect(text.match(/^- \*\*work-/gm)).toHaveLength(40);
    expect(text.match(/^## work-/gm)).toHaveLength(40);
  });

  it('is under 60 KB with thousands of slices, warnings, lanes, and failures with long stacks', async () => {
    const results = reportResults();
    const slices = Array.from({ length: 20_000 }, (_slice, index) => run(index, index % 500, index, index + 1));
    const failed = Array.from({ length: 200 }, (_cell, index): Cell => {
      const { id: _id, ...cell } = { ...results.cells[0], id: '' } as Extract<Cell, { status: 'ok' }>;
      const { summary: _summary, ...rest } = cell;
      const error = { name: 'Error', message: 'boom', stack: `Error: boom\n${'    at somewhere\n'.repeat(500)}` };
      return { ...rest, id: `work/child-processes@${index}`, status: 'failed', error };
    });
    const cell = results.cells[0]?.id ?? '';
    expect(
      await bytes({
        ...results,
        cells: [...results.cells, ...failed],
        timelines: [{ cell, slices }],
        warnings: Array.from({ length: 3000 }, () => ({ kind: 'disordered-stamps', cell, samples: 1 })),
      }),
    ).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('is under 60 KB with names and params of any length', async () => {
    const long = Array.from({ length: 12 }, (_group, index) => ({
      workload: `${index}${'|'.repeat(300)}`,
      params: { text: '@'.repeat(100_000) },
      title: `${index}${'|'.repeat(300)}[text=${'@'.repeat(100_000)}]`,
    }));
    expect(await bytes(reportResults(long))).toBeLessThanOrEqual(LIMIT_BYTES);
  });
});

describe('hostile names in report.md', async () => {
  const results = reportResults([{ workload: HOSTILE }, { workload: '@all' }, { workload: 'a\n\n# b' }]);
  const text = await renderMarkdown(results);

  it('become no markup, mention, heading or column', () => {
    const outside = text
      .split(/^```+.*$/m)
      .filter((_part, index) => index % 2 === 0)
      .join('\n')
      .replace('<!-- Written by Lanewise -->', '');
    expect(outside).not.toMatch(/<(?!\/?(details|summary)>)/);
    expect(outside).not.toMatch(/@all/);
    expect(outside).not.toMatch(/^# b/m);
    const rows = outside.split('\n').filter((line) => line.startsWith('|'));
    const columns = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
    // The answers have seven, the numbers more.
    expect(new Set(columns).size).toBe(2);
  });

  it('contain no bidirectional marks and no invisible characters', () => {
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
    expect(text).toContain(String.raw`\u202e`);
  });
});
