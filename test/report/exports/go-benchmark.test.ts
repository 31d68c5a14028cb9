import { describe, expect, it } from 'vitest';
import { renderGoBenchmark } from '../../../dist/src/report/exports/go-benchmark.js';
import { HOSTILE, reportResults, WITH_FAILURE } from '../../support/report-results.js';
import { cellOf, resultsOf, sampleOf } from '../../support/results.js';

describe('benchmarks.txt', () => {
  const lines = renderGoBenchmark(WITH_FAILURE).trimEnd().split('\n');

  it('is the Go benchmark data format: configuration, then a line for each block in ns/op', () => {
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

  it('has one line for the rounds of a block, their median, since benchstat takes lines as independent', () => {
    const rounds = [16, 20, 40].map((wallMs, round) => sampleOf({ block: 0, round, wallMs, cpuMs: 8 }));
    const next = sampleOf({ block: 1, round: 0, wallMs: 24, cpuMs: 8 });
    const cell = { ...cellOf({ id: 'work/event-loop', wallsMs: [1] }), samples: [...rounds, next] };
    const text = renderGoBenchmark(resultsOf({ cells: [cell] }));
    expect(
      text.split('\n').flatMap((line) => (line.startsWith('Benchmark') ? [line.split('\t').slice(1)] : [])),
    ).toEqual([
      ['12', '5000000 ns/op', '2000000 cpu-ns/op'],
      ['4', '6000000 ns/op', '2000000 cpu-ns/op'],
    ]);
  });

  it('names whatever tells two configurations apart', () => {
    const plain = cellOf({ id: 'work/event-loop', wallsMs: [1] });
    const cells = [plain, { ...plain, uvThreads: 16 }, { ...plain, runtime: 'v22' }, { ...plain, machines: 1 }];
    const names = renderGoBenchmark(resultsOf({ cells }))
      .split('\n')
      .filter((line) => line.startsWith('Benchmark'))
      .map((line) => line.split('\t')[0]);
    expect(new Set(names).size).toBe(cells.length);
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
