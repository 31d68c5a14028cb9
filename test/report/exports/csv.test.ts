import { csvParse } from 'd3-dsv';
import { describe, expect, it } from 'vitest';
import { renderCellsCsv, renderSamplesCsv } from '../../../dist/src/report/exports/csv.js';
import { reportResults, WITH_FAILURE } from '../../support/report-results.js';
import { sampleOf } from '../../support/results.js';

const RESULTS = reportResults();

describe('samples.csv', () => {
  it('has a row for each sample, in milliseconds, with its cell', () => {
    const rows = csvParse(renderSamplesCsv(WITH_FAILURE));
    expect(rows).toHaveLength(3 * 6);
    expect(rows[6]).toMatchObject({ cell: 'work/worker-threads@1', pool_size: '1', block: '0', wall_ms: '42' });
  });

  it('leaves the field of an unmeasured value empty', () => {
    const cells = RESULTS.cells
      .slice(0, 1)
      .map((cell) => ({ ...cell, samples: [sampleOf({ contextSwitches: null })] }));
    expect(csvParse(renderSamplesCsv({ ...RESULTS, cells }))[0]).toMatchObject({
      voluntary_switches: '',
      system_ms: '',
    });
  });

  it('contains no formula for a spreadsheet, and one record per line (RFC 4180)', () => {
    const hostile = reportResults([
      { workload: '=1+1' },
      { workload: '@SUM(A1)' },
      { workload: '-x"\n,y' },
      { workload: '\n=1' },
    ]);
    const text = renderSamplesCsv(hostile);
    const names = csvParse(text).map((row) => row.workload);
    expect(new Set(names)).toEqual(new Set(["'=1+1", "'@SUM(A1)", `'-x"\n,y`, "'\n=1"]));
    expect(text.endsWith('\r\n')).toBe(true);
    for (const row of csvParse(text))
      for (const field of Object.values(row)) expect(field).not.toMatch(/^[=@+\t\r\n-]/);
  });
});

describe('a text', () => {
  it('is quoted for any field separator, with invisible characters escaped', () => {
    const text = renderCellsCsv(reportResults([{ workload: 'x;=1+1' }, { workload: '\u001b\u202ey' }]));
    expect(text).toContain('"x;=1+1/event-loop","x;=1+1","{}","event-loop",1,"all"');
    expect(text).toContain(String.raw`"\u001b\u202ey"`);
    for (const line of text.split('\r\n').slice(1, -1))
      expect(line).toMatch(/^(?:(?:"(?:[^"]|"")*"|-?[\d.e+-]*)(?:,|$))+$/);
  });
});

describe('cells.csv', () => {
  it('has a row for each cell, also for those that failed', () => {
    const rows = csvParse(renderCellsCsv(WITH_FAILURE));
    expect(rows.map(({ cell, status }) => [cell, status])).toEqual([
      ['work/worker-threads@2', 'ok'],
      ['work/event-loop', 'ok'],
      ['work/worker-threads@1', 'ok'],
      ['work/child-processes@2', 'failed'],
    ]);
    expect(rows[0]).toMatchObject({
      is_choice: 'true',
      speedup: '2',
      speedup_lo: '1.9',
      speedup_hi: '2.1',
      verdict: 'faster',
      samples: '6',
    });
    expect(rows[1]).toMatchObject({ is_choice: 'false', speedup: '', baseline: '', bound: 'cpu', tasks: '4' });
    expect(rows[3]).toMatchObject({ error: 'Error: boom', wall_ms: '' });
  });
});
