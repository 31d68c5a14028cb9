import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { renderHyperfine } from '../../../dist/src/report/exports/hyperfine.js';
import { reportResults, WITH_FAILURE } from '../../support/report-results.js';

describe('hyperfine.json', () => {
  it('matches the export of hyperfine: seconds, one time per batch', () => {
    const seconds = Type.Number({ exclusiveMinimum: 0 });
    const schema = Type.Object({
      results: Type.Array(
        Type.Object({
          command: Type.String(),
          mean: seconds,
          stddev: Type.Union([Type.Number(), Type.Null()]),
          median: seconds,
          user: Type.Number(),
          system: Type.Number(),
          min: seconds,
          max: seconds,
          times: Type.Array(seconds),
          exit_codes: Type.Array(Type.Integer()),
          parameters: Type.Record(Type.String(), Type.String()),
        }),
      ),
    });
    const timed = {
      ...WITH_FAILURE,
      cells: WITH_FAILURE.cells.map((cell) => ({
        ...cell,
        samples: cell.samples.map((sample) => ({ ...sample, cpuMs: 10, systemMs: 4 })),
      })),
    };
    const parsed = JSON.parse(renderHyperfine(timed)) as { results: Record<string, number>[] };
    expect(Compile(schema).Errors(parsed)).toEqual([]);
    expect(parsed.results).toHaveLength(3);
    // R: x <- c(20, 22, 24, 20, 22, 24) / 1000; c(mean(x), sd(x), median(x))
    expect(parsed.results[0]).toMatchObject({
      median: 0.022,
      min: 0.02,
      max: 0.024,
      user: 0.006,
      system: 0.004,
    });
    expect(parsed.results[0]?.mean).toBeCloseTo(0.022, 12);
    expect(parsed.results[0]?.stddev).toBeCloseTo(0.001_788_854, 9);
  });

  it('omits the split of CPU time for earlier results', () => {
    expect(JSON.parse(renderHyperfine(reportResults()))).not.toHaveProperty('results.0.system');
  });
});
