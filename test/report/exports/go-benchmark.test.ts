import { describe, expect, it } from 'vitest';
import { renderGoBenchmark } from '../../../dist/src/report/exports/go-benchmark.js';
import { HOSTILE, reportResults, WITH_FAILURE } from '../../support/report-results.js';

describe('benchmarks.txt', () => {
  const lines = renderGoBenchmark(WITH_FAILURE).trimEnd().split('\n');

  it('is the Go benchmark data format: configuration, then a line for each sample in ns/op', () => {
    // https://go.dev/design/14313-benchmark-format: a key begins with a small letter and has no space.
    const results = lines.filter((line) => line.startsWith('Benchmark'));
    const configuration = lines.filter((line) => line !== '' && !line.startsWith('Benchmark'));
    for (const line of configuration) expect(line).toMatch(/^[a-z][^\sA-Z:]*: \S.*$/);
    for (const line of results) expect(line).toMatch(/^Benchmark[A-Z_]\S*-\d+\t\d+(\t[\d.e+]+ \S+)+$/);
    expect(results).toHaveLength(18);
    // 20 ms for 4 tasks are 5 ms each; 10 ms of CPU time are 2.5.
    expect(results[0]).toBe(
      'BenchmarkWork/strategy=worker-threads/lanes=2/concurrency=1-2\t4\t5000000 ns/op\t2500000 cpu-ns/op',
    );
  });

  it('makes any name one word', () => {
    for (const workload of [HOSTILE, 'ä b', 'ßx', '1', ' ', 'x'.repeat(300)]) {
      const text = renderGoBenchmark(reportResults([{ workload, params: { 'a b': 'c/d e' } }]));
      const line = text.split('\n').find((each) => each.startsWith('Benchmark')) ?? '';
      expect(line.split('\t')[0]).toMatch(/^Benchmark\P{Ll}\S*-2$/u);
      expect(line.split('\t')).toHaveLength(4);
    }
  });
});
