import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { renderGithubActionBenchmark } from '../../../dist/src/report/exports/github-action-benchmark.js';
import { HOSTILE, reportResults, WITH_FAILURE } from '../../support/report-results.js';

describe('github-action-benchmark.json', () => {
  it('is input of customSmallerIsBetter: milliseconds of the measured cells', () => {
    const schema = Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          unit: Type.Literal('ms'),
          value: Type.Number({ exclusiveMinimum: 0 }),
          range: Type.Optional(Type.String()),
          extra: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    );
    const entries = JSON.parse(renderGithubActionBenchmark(WITH_FAILURE)) as {
      name: string;
      value: number;
      range: string;
    }[];
    expect(Compile(schema).Errors(entries)).toEqual([]);
    expect(entries.map(({ name }) => name)).toEqual([
      'work/worker-threads@2',
      'work/event-loop',
      'work/worker-threads@1',
    ]);
    // The Hodges-Lehmann estimate of 20, 22, 24, 20, 22, 24, in logarithms.
    expect(entries[0]?.value).toBeCloseTo(21.94, 1);
    expect(entries[0]?.range).toBe('20.0 to 24.0');
  });

  it('escapes names that would break a Markdown table', () => {
    const [entry] = JSON.parse(renderGithubActionBenchmark(reportResults([{ workload: HOSTILE }]))) as {
      name: string;
    }[];
    expect(entry?.name).not.toMatch(/[`|\n\u2028\u202e]/);
  });
});
