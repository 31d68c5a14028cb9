import { csvParse } from 'd3-dsv';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { renderBencher } from '../../dist/src/report/exports/bencher.js';
import { renderCellsCsv, renderSamplesCsv } from '../../dist/src/report/exports/csv.js';
import { renderGithubActionBenchmark } from '../../dist/src/report/exports/github-action-benchmark.js';
import { renderGoBenchmark } from '../../dist/src/report/exports/go-benchmark.js';
import { renderHyperfine } from '../../dist/src/report/exports/hyperfine.js';
import { renderTrace } from '../../dist/src/report/exports/trace.js';
import { HOSTILE, reportResults, run, wait } from '../support/report-results.js';
import { failedCellOf, sampleOf } from '../support/results.js';

const RESULTS = reportResults();
const FAILED = { ...RESULTS, cells: [...RESULTS.cells, failedCellOf('work/child-processes@2', 'boom')] };

describe('samples.csv', () => {
  it('has a row for each sample, in milliseconds, with what it belongs to', () => {
    const rows = csvParse(renderSamplesCsv(FAILED));
    expect(rows).toHaveLength(3 * 6);
    expect(rows[6]).toMatchObject({ cell: 'work/worker-threads@1', pool_size: '1', block: '0', wall_ms: '42' });
  });

  it('leaves a field empty that was not measured', () => {
    const cells = RESULTS.cells
      .slice(0, 1)
      .map((cell) => ({ ...cell, samples: [sampleOf({ contextSwitches: null })] }));
    expect(csvParse(renderSamplesCsv({ ...RESULTS, cells }))[0]).toMatchObject({
      voluntary_switches: '',
      system_ms: '',
    });
  });

  it('gives a spreadsheet no formula, and is one record a line by RFC 4180', () => {
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

describe('cells.csv', () => {
  it('has a row for each cell, also for those that failed', () => {
    const rows = csvParse(renderCellsCsv(FAILED));
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

interface Event {
  readonly name: string;
  readonly cat?: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: string;
  readonly args?: { readonly name?: string };
}

/** https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU, the phases that are used. */
const traceSchema = Type.Object({
  displayTimeUnit: Type.Union([Type.Literal('ms'), Type.Literal('ns')]),
  otherData: Type.Record(Type.String(), Type.String()),
  traceEvents: Type.Array(
    Type.Union([
      Type.Object({
        ph: Type.Literal('M'),
        name: Type.Union(['process_name', 'process_sort_index', 'thread_name'].map((name) => Type.Literal(name))),
        pid: Type.Integer(),
        args: Type.Object({}),
      }),
      Type.Object({
        ph: Type.Literal('X'),
        name: Type.String(),
        cat: Type.String(),
        pid: Type.Integer(),
        tid: Type.Integer(),
        ts: Type.Integer({ minimum: 0 }),
        dur: Type.Integer({ minimum: 0 }),
      }),
      Type.Object({
        ph: Type.Union([Type.Literal('b'), Type.Literal('e')]),
        name: Type.String(),
        cat: Type.String(),
        id: Type.String(),
        pid: Type.Integer(),
        tid: Type.Integer(),
        ts: Type.Integer({ minimum: 0 }),
      }),
    ]),
  ),
});

describe('trace.json', () => {
  const waiting = {
    ...RESULTS,
    timelines: [
      {
        cell: 'work/event-loop',
        slices: [
          run(0, 0, 1, 2),
          wait(0, 0, 2, 8),
          run(0, 0, 8, 9),
          wait(1, 0, 1, 2),
          run(1, 0, 2, 3),
          wait(1, 0, 3, 9.5),
        ],
      },
      { cell: 'work/worker-threads@2', slices: [run(0, 0, 0, 4), run(1, 1, 0.5, 4)] },
    ],
  };
  const parsed = JSON.parse(renderTrace(waiting)) as { traceEvents: Event[] };
  const events = parsed.traceEvents;

  it('is what the Trace Event Format asks for', () => {
    expect(Compile(traceSchema).Errors(parsed)).toEqual([]);
  });

  it('names a process for each cell and a thread for each lane', () => {
    const named = events.filter(({ ph, name }) => ph === 'M' && name.endsWith('_name'));
    expect(named.map(({ args }) => args?.name)).toEqual([
      'work/event-loop',
      'main thread',
      'work/worker-threads@2',
      'worker thread 1',
      'worker thread 2',
    ]);
  });

  it('tells microseconds, from the moment at which the batch was handed over', () => {
    const first = events.find(({ name, ph, pid }) => name === 'task 2' && ph === 'X' && pid === 2);
    expect(first).toMatchObject({ ts: 500, dur: 3500, tid: 2 });
  });

  it('has on each track slices that lie inside or beside one another', () => {
    const tracks = groupByTrack(events);
    for (const own of tracks.values()) {
      const slices = own.filter(({ ph }) => ph === 'X').map(({ ts = 0, dur = 0 }) => [ts, ts + dur] as const);
      for (const [index, [from, to]] of slices.entries())
        for (const [otherFrom, otherTo] of slices.slice(index + 1))
          expect((otherFrom >= from && otherTo <= to) || otherFrom >= to || otherTo <= from).toBe(true);
    }
  });

  it('opens and closes every asynchronous event as a stack, in the order of time', () => {
    const stacks = new Map<string, string[]>();
    let last = new Map<number, number>();
    for (const { ph, id = '', cat = '', name, ts = 0, pid } of events.filter(({ ph: phase }) => phase !== 'M')) {
      expect(ts).toBeGreaterThanOrEqual(last.get(pid) ?? 0);
      last = new Map([...last, [pid, ts]]);
      const stack = stacks.get(`${cat} ${id}`) ?? [];
      stacks.set(`${cat} ${id}`, stack);
      if (ph === 'b') stack.push(name);
      const closed = ph === 'e' ? stack.pop() : name;
      expect(closed).toBe(name);
    }
    expect([...stacks.values()].flat()).toEqual([]);
    const waits = events.filter(({ name, ph }) => name === 'waiting' && ph === 'b');
    expect(waits.map(({ id, ts }) => [id, ts])).toEqual([
      ['1.2', 1000],
      ['1.1', 2000],
      ['1.2', 3000],
    ]);
  });
});

function groupByTrack(events: readonly Event[]): Map<string, Event[]> {
  const tracks = new Map<string, Event[]>();
  for (const event of events) {
    const key = `${event.pid}.${event.tid}`;
    tracks.set(key, [...(tracks.get(key) ?? []), event]);
  }
  return tracks;
}

describe('github-action-benchmark.json', () => {
  it('is what customSmallerIsBetter reads: milliseconds, of the cells that have any', () => {
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
    const entries = JSON.parse(renderGithubActionBenchmark(FAILED)) as { name: string; value: number; range: string }[];
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

  it('has no name that would leave the cell of a Markdown table', () => {
    const [entry] = JSON.parse(renderGithubActionBenchmark(reportResults([{ workload: HOSTILE }]))) as {
      name: string;
    }[];
    expect(entry?.name).not.toMatch(/[`|\n\u2028\u202e]/);
  });
});

describe('bencher.json', () => {
  it('is Bencher Metric Format: nanoseconds of a batch, tasks per second, each with its interval', () => {
    // https://bencher.dev/bmf.json
    const metric = Type.Object({
      value: Type.Number(),
      lower_value: Type.Optional(Type.Number()),
      upper_value: Type.Optional(Type.Number()),
    });
    const schema = Type.Record(Type.String(), Type.Record(Type.String(), metric));
    const parsed = JSON.parse(renderBencher(FAILED)) as Record<string, Record<string, Record<string, number>>>;
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

describe('benchmarks.txt', () => {
  const lines = renderGoBenchmark(FAILED).trimEnd().split('\n');

  it('is the Go benchmark data format: configuration, then a line for each sample in ns/op', () => {
    // https://go.dev/design/14313-benchmark-format: a key begins with a small letter and has no space.
    const results = lines.filter((line) => line.startsWith('Benchmark'));
    const configuration = lines.filter((line) => line !== '' && !line.startsWith('Benchmark'));
    for (const line of configuration) expect(line).toMatch(/^[a-z][^\sA-Z:]*: \S.*$/);
    for (const line of results) expect(line).toMatch(/^Benchmark[A-Z_]\S*-\d+\t\d+(\t[\d.e+]+ \S+)+$/);
    expect(results).toHaveLength(18);
    // 20 ms for 4 tasks are 5 ms each; 10 ms of CPU time are 2.5.
    expect(results[0]).toBe(
      'BenchmarkWork/strategy=worker-threads/lanes=2/inflight=1-2\t4\t5000000 ns/op\t2500000 cpu-ns/op',
    );
  });

  it('keeps a name in one word, however it is written', () => {
    for (const workload of [HOSTILE, 'ä b', 'ßx', '1', ' ', 'x'.repeat(300)]) {
      const text = renderGoBenchmark(reportResults([{ workload, params: { 'a b': 'c/d e' } }]));
      const line = text.split('\n').find((each) => each.startsWith('Benchmark')) ?? '';
      expect(line.split('\t')[0]).toMatch(/^Benchmark\P{Ll}\S*-2$/u);
      expect(line.split('\t')).toHaveLength(4);
    }
  });
});

describe('hyperfine.json', () => {
  it('is as hyperfine exports: seconds, one time for each batch', () => {
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
      ...FAILED,
      cells: FAILED.cells.map((cell) => ({
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

  it('leaves out the split of CPU time where earlier results do not have it', () => {
    expect(JSON.parse(renderHyperfine(RESULTS))).not.toHaveProperty('results.0.system');
  });
});
