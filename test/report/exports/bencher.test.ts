import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { renderBencher } from '../../../dist/src/report/exports/bencher.js';
import { WITH_FAILURE } from '../../support/report-results.js';

describe('bencher.json', () => {
  it('is Bencher Metric Format: nanoseconds of a batch, tasks per second, each with its interval', () => {
    // https://bencher.dev/bmf.json
    const metric = Type.Object({
      value: Type.Number(),
      lower_value: Type.Optional(Type.Number()),
      upper_value: Type.Optional(Type.Number()),
    });
    const schema = Type.Record(Type.String(), Type.Record(Type.String(), metric));
    const parsed = JSON.parse(renderBencher(WITH_FAILURE)) as Record<string, Record<string, Record<string, number>>>;
    expect(Compile(schema).Errors(parsed)).toEqual([]);
    expect(Object.keys(parsed)).toHaveLength(3);
    const { latency, throughput } = parsed['work/event-loop'] ?? {};
    expect(latency).toMatchObject({ lower_value: 40e6, upper_value: 48e6 });
    // 4 tasks in 48 and in 40 ms.
    expect(throughput?.lower_value).toBeCloseTo(83.33, 2);
    expect(throughput?.upper_value).toBe(100);
    // 4 tasks in 43.8178 ms.
    expect(throughput?.value).toBeCloseTo(91.287, 2);
  });
});
