import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { renderAll, tabulate } from '../../../dist/scripts/prices/reports.js';
import { fabricate } from '../../../dist/scripts/prices/fabricate.js';
import { FORMATS } from '../../../dist/src/report/formats.js';
import { resultsSchema } from '../../../dist/src/model/results-schema.js';

it('results of the requested number of samples are rendered in every format, with time and memory', () => {
  const results = fabricate({ samples: 100, workloads: 2 });
  expect(Compile(resultsSchema).Errors(results)).toEqual([]);
  expect(results.cells.flatMap(({ samples }) => samples)).toHaveLength(100);
  const rows = renderAll(results);
  expect(rows.map(({ format }) => format)).toEqual(Object.keys(FORMATS));
  for (const { seconds, peakMiB, bytes } of rows) {
    expect(seconds).toBeGreaterThan(0);
    expect(peakMiB).toBeGreaterThan(10);
    expect(bytes).toBeGreaterThan(100);
  }
  expect(tabulate(rows).split('\n')).toHaveLength(2 + rows.length);
});
