import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  compareResults,
  defineConfig,
  defineWorkload,
  doctor,
  LanewiseError,
  lessons,
  load,
  renderHtml,
  run,
  tune,
  type Diagnosis,
  type LanewiseConfig,
  type LessonsReport,
  type ProgressEvent,
  type Results,
  type RunComparison,
  type RunOptions,
} from '../dist/src/index.js';
import { CALM } from './support/group-task.js';
import { atRateOf, loadOf } from './support/load-results.js';
import { cellOf, resultsOf } from './support/results.js';
import { useTempFolder } from './support/temp-folder.js';

const folder = useTempFolder();
/** Tests run beside each other. */
const BESIDE = { lock: 'ignore' } as const;
const LEAST = {
  ...BESIDE,
  strategies: ['event-loop', 'worker-threads'],
  poolSizes: [1],
  concurrency: [1],
  tasks: 4,
  preset: 'quick',
  blocks: 6,
  rounds: 1,
  upperBound: false,
  seed: 1,
} as const satisfies RunOptions;

describe('run', () => {
  it('run measures with its settings, and reports progress', async () => {
    const events: ProgressEvent[] = [];
    const results = await run({
      ...LEAST,
      workloads: [await folder.file('twice.mjs', 'export default ({ n }) => n * 2;')],
      inputs: [{ n: 1 }, { n: 2 }],
      onProgress: (event) => events.push(event),
    });
    expectTypeOf(results).toEqualTypeOf<Results>();
    expect(results.complete).toBe(true);
    expect(results.cells.map(({ id }) => id)).toEqual(['twice/event-loop', 'twice/worker-threads@1']);
    expect(events[0]).toEqual({ kind: 'planned', cells: results.cells.map(({ id }) => id), blocks: 6 });
    // Disturbed blocks are measured again.
    expect(events.filter(({ kind }) => kind === 'sample').length).toBeGreaterThanOrEqual(12);
    expect(events.filter(({ kind }) => kind === 'block').length).toBeGreaterThanOrEqual(6);
    expect(events.at(-1)).toEqual({ kind: 'workload', workload: 'twice' });
    expect(await renderHtml(results)).toMatch(/^<!doctype html>[^]*twice/);
  });

  it('run ends with partial results when its signal is aborted', async () => {
    const abort = new AbortController();
    const results = await run({
      ...LEAST,
      workloads: ['timer'],
      params: { ms: 5 },
      blocks: 40,
      signal: abort.signal,
      onProgress: ({ kind }) => {
        if (kind === 'block') abort.abort();
      },
    });
    expect(results.complete).toBe(false);
    expect(results.cells.every(({ samples }) => samples.length < 40)).toBe(true);
    // What was measured until then decides nothing.
    expect(results.recommendations).toEqual([]);
  });

  it('run ends with the error of its listener, even if that is an async function', async () => {
    const listen: (event: ProgressEvent) => unknown = async ({ kind }) => {
      if (kind === 'block') throw new RangeError('no room');
    };
    const listening = run({
      ...LEAST,
      workloads: ['timer'],
      params: { ms: 5 },
      blocks: 40,
      onProgress: listen,
    });
    await expect(listening).rejects.toThrow(new RangeError('no room'));
  });

  it.each<readonly [string, () => Promise<unknown>, string]>([
    ['no options', () => run(null as never), 'run takes an object of options.'],
    ['a list for options', () => load([] as never), 'load takes an object of options.'],
    [
      'a signal that is none',
      () => run({ ...BESIDE, signal: {} as never }),
      'run: Invalid "signal": expected an AbortSignal.',
    ],
    [
      'a listener that is none',
      () => tune({ ...BESIDE, onProgress: 5 } as never),
      'tune: Invalid "onProgress": expected a function.',
    ],
    [
      'an unknown lock',
      () => lessons({ lock: 'foo' } as never),
      `lessons: Invalid "lock": expected 'refuse', 'wait' or 'ignore'.`,
    ],
    [
      'an unknown setting of doctor',
      () => doctor({ factsonly: true } as never),
      'doctor: unknown setting "factsonly". Did you mean "factsOnly"?',
    ],
    [
      'a setting of doctor that is none',
      () => doctor({ factsOnly: 'yes' } as never),
      'doctor: Invalid "factsOnly": expected true or false.',
    ],
    [
      'no strategies',
      () => run({ ...BESIDE, strategies: [] }),
      'run: "strategies" is an empty list. Leave it out, or give at least one.',
    ],
    [
      'no rates',
      () => load({ ...BESIDE, workload: 'noop', rates: [] }),
      'load: "rates" is an empty list. Leave it out, or give at least one.',
    ],
    [
      'no value to scan',
      () => run({ ...BESIDE, workloads: ['compute'], params: { ms: [] } }),
      'run: "params" has no value for "ms". Leave it out, or give at least one.',
    ],
    [
      'two kinds of inputs',
      () => run({ ...BESIDE, workloads: ['noop'], input: 1, inputs: [1] }),
      'run: "input" is for every task, "inputs" has one for each. Give one of them.',
    ],
    [
      'an A/A test of two versions',
      () => run({ ...BESIDE, aa: true, versus: true, workloads: ['noop', 'noop'] }),
      'aa compares every configuration with itself: give it without versus, versusRef and predict.',
    ],
    [
      'several values to tune',
      () => tune({ ...BESIDE, workload: 'compute', params: { ms: [1, 2] } }),
      'Invalid params ms: tune takes one value. To scan it: lanewise run.',
    ],
    [
      'too few blocks',
      () =>
        run({ ...LEAST, workloads: ['noop'], blocks: 2, strategies: ['event-loop', 'worker-threads', 'sequential'] }),
      'use blocks 7 or more, or fewer configurations (strategies, poolSizes, concurrency).',
    ],
    [
      'a ping objective without a server',
      () => load({ ...BESIDE, workload: 'noop', via: 'in-process', pingObjectiveMs: 9 }),
      'Invalid pingObjectiveMs: it is for recommendations over HTTP. Leave out via in-process.',
    ],
    [
      'no workload to tune',
      () => tune({ ...BESIDE } as never),
      'Missing workload: tune takes one, for example ./worker.js.',
    ],
    [
      'a listener of lessons that is none',
      () => lessons({ onProgress: 3 } as never),
      'lessons: Invalid "onProgress": expected a function.',
    ],
    ['nothing for lessons', () => lessons(null as never), 'lessons takes an object of options.'],
    [
      'no options to compare with',
      () => compareResults(resultsOf(), resultsOf(), null as never),
      'compareResults takes an object of options.',
    ],
    [
      'an unknown setting of a comparison',
      () => compareResults(resultsOf(), resultsOf(), { minEfect: 0.5 } as never),
      'compareResults: unknown setting "minEfect". Did you mean "minEffect"?',
    ],
    [
      'a list of workloads that is empty',
      () => run({ workloads: [] }),
      'run: "workloads" is an empty list. Leave it out, or give at least one.',
    ],
    ['what is no number', () => run({ tasks: Infinity }), '"tasks" must be a number, and is Infinity.'],
    ['a list without numbers', () => run({ poolSizes: [Number.NaN] }), 'and is [ NaN ].'],
    [
      'a param of another kind',
      () => run({ workloads: ['compute'], params: { ms: [1n] } }),
      'is a number [5], and 1n is not.',
    ],
    [
      'no earlier run',
      () => compareResults([] as never, resultsOf()),
      'compareResults: give at least one earlier run.',
    ],
    [
      'results that are none',
      () => compareResults('a.json' as never, resultsOf()),
      'the earlier run holds no results that this Lanewise can read',
    ],
  ])('a call with %s is refused in a sentence', async (_what, call, message) => {
    const thrown: unknown = await call().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(LanewiseError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('a load that is aborted before its rates are known is not complete', async () => {
    const settings = { ...BESIDE, workload: 'noop', strategies: ['event-loop'], rates: [20], preset: 'quick' } as const;
    const { complete, cells } = await load({ ...settings, signal: AbortSignal.abort() });
    expect({ complete, cells }).toEqual({ complete: false, cells: [] });
  });

  it('a call takes its options as they are then, whatever becomes of them', async () => {
    const options = { ...LEAST, workloads: ['primez'] };
    const called = run(options).catch((error: unknown) => error);
    options.workloads.push('noop');
    Object.assign(options, { tasks: 0 });
    expect(await called).toMatchObject({ message: expect.stringContaining('Unknown workload "primez"') });
    const params = { ms: ['x'] };
    const withParams = run({ ...LEAST, workloads: ['compute'], params }).catch((error: unknown) => error);
    params.ms.splice(0, 1, 'y');
    expect(await withParams).toMatchObject({ message: expect.stringContaining('"x" is not') });
    const earlier: Results[] = [];
    const compared = compareResults(earlier as never, resultsOf()).catch((error: unknown) => error);
    earlier.push(resultsOf());
    expect(await compared).toMatchObject({ message: 'compareResults: give at least one earlier run.' });
  });

  it('run rejects invalid settings in a sentence before anything is measured', async () => {
    const wrong = (options: object): Promise<unknown> =>
      run({ ...BESIDE, ...options }).catch((error: unknown) => error);
    expect(await wrong({ workloads: ['primez'] })).toBeInstanceOf(LanewiseError);
    expect(await wrong({ workloads: ['primez'] })).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('Did you mean "primes"?'),
    });
    const workloads = [await folder.file('mine.mjs', 'export default () => 1;')];
    expect(await wrong({ workloads, versusRef: 'main' })).toMatchObject({
      message: expect.stringMatching(/^versusRef needs .* with versus: old\/task\.js new\/task\.js\.$/),
    });
    expect(await wrong({ poolSize: [1] })).toMatchObject({
      message: 'run: unknown setting "poolSize". Did you mean "poolSizes"?',
    });
    expect(await wrong({ tasks: '4' })).toMatchObject({ message: 'run: "tasks" must be a number, and is "4".' });
  });
});

describe('compareResults', () => {
  const walls = (wallMs: number): number[] =>
    Array.from({ length: 12 }, (_, block) => wallMs * (1 + (block % 5) / 500));
  const noise = [
    {
      workload: 'work',
      params: {},
      hit: 0,
      repeated: 0,
      blocks: walls(1).map((canaryMs, block) => ({ block, ...CALM, canaryMs })),
      discarded: [],
    },
  ];
  const taking = (wallMs: number): Results =>
    resultsOf({ cells: [cellOf({ id: 'work/event-loop', wallsMs: walls(wallMs) })], noise });

  it('compareResults reports what changed between two runs', async () => {
    const comparison = await compareResults(taking(100), taking(120));
    expectTypeOf(comparison).toEqualTypeOf<RunComparison>();
    expect(comparison).toMatchObject({
      schema: 'lanewise/comparison@1',
      minEffect: 0.05,
      changes: [{ cell: 'work/event-loop', verdict: 'inconclusive', looks: 'slower', oldRuns: 1 }],
    });
    const coarse = await compareResults(taking(100), taking(104), { minEffect: 0.1 });
    expect(coarse).toMatchObject({ minEffect: 0.1, changes: [{ looks: 'same' }] });
    const [first, ...others] = [99.9, 100, 100.1].map((wallMs, day) => ({
      ...taking(wallMs),
      startedAt: `2026-11-0${day + 1}`,
    }));
    if (first === undefined) throw new Error('no run');
    const several = await compareResults([first, ...others], taking(120));
    expect(several).toMatchObject({ changes: [{ verdict: 'slower', oldRuns: 3 }] });
  });

  it('compareResults rejects runs that cannot be compared in a sentence', async () => {
    const elsewhere = { ...taking(100), environment: { ...resultsOf().environment, cpuModel: 'Another CPU' } };
    await expect(compareResults(elsewhere, taking(100))).rejects.toThrow(
      'the earlier run was measured on another machine',
    );
    expect((await compareResults(elsewhere, taking(100), { force: true })).changes).toHaveLength(1);
    const parsed = JSON.parse('{ "schema": "lanewise/results@9" }') as Results;
    await expect(compareResults(taking(100), parsed)).rejects.toThrow(
      'the later run holds no results that this Lanewise can read',
    );
    await expect(compareResults(taking(100), resultsOf())).rejects.toBeInstanceOf(LanewiseError);
  });

  it('compareResults compares load measurements as runs, and refuses one of each', async () => {
    const comparison = await compareResults(loadOf(20), loadOf(30));
    expect(comparison).toMatchObject({
      of: 'load',
      changes: [{ cell: 'work/event-loop at 40', verdict: 'inconclusive', looks: 'slower', oldRuns: 1 }],
    });
    // @ts-expect-error: both must be of the same kind
    await expect(compareResults(loadOf(20), taking(100))).rejects.toThrow(
      'the earlier run holds a load measurement, and the later run a run: give two of the same kind.',
    );
    await expect(compareResults(loadOf(20), { ...loadOf(30), held: 3 as never })).rejects.toThrow(/measure again/);
  });
});

describe('doctor', () => {
  it('doctor returns the facts of the machine', async () => {
    const diagnosis = await doctor({ factsOnly: true });
    expectTypeOf(diagnosis).toEqualTypeOf<Diagnosis>();
    expect(diagnosis).toMatchObject({ schema: 'lanewise/doctor@1', noise: [], environment: { node: process.version } });
  });

  it('doctor rejects when it is aborted', async () => {
    const doctored = doctor({ ...BESIDE, seed: 1, signal: AbortSignal.abort() });
    await expect(doctored).rejects.toMatchObject({ code: 'interrupted' });
  });
});

it('tune finds a configuration', async () => {
  const { strategies, tasks, rounds, upperBound, seed } = LEAST;
  const phases: ProgressEvent[] = [];
  const { tuning } = await tune({
    ...BESIDE,
    workload: 'compute',
    params: { ms: 0.2 },
    strategies,
    poolSizes: [1],
    concurrency: ['all'],
    tasks,
    rounds,
    upperBound,
    seed,
    blocks: 8,
    current: { strategy: 'worker-threads', poolSize: 1 },
    onProgress: (event) => {
      if (event.kind === 'planned') phases.push(event);
    },
  });
  expect(tuning.current).toBe('compute[ms=0.2]/worker-threads@1');
  // The event loop is measured beside the finalists, however slow it was.
  expect([...tuning.finalists, 'compute[ms=0.2]/event-loop']).toContain(tuning.choose);
  expect(phases).toHaveLength(2);
});

it('tune ends at its time limit', async () => {
  const { complete, tuning, options } = await tune({ ...BESIDE, workload: 'timer', timeLimitMs: 1 });
  expect(options.timeLimitMs).toBe(1);
  expect({ complete, choose: tuning.choose, finalists: tuning.finalists }).toEqual({
    complete: false,
    choose: null,
    finalists: [],
  });
});

it('lessons runs a lesson and checks its claims', async () => {
  const report = await lessons({ ...BESIDE, lessons: ['gather-many'], lang: 'en', unitMs: 40, seed: 1 });
  expectTypeOf(report).toEqualTypeOf<LessonsReport>();
  expect(report).toMatchObject({ complete: true, lang: 'en', unitMs: 40 });
  expect(report.lessons.map(({ id }) => id)).toEqual(['gather-many']);
});

it('the define functions return their argument', () => {
  const config = { preset: 'quick', suites: { api: { workloads: ['http'], poolSizes: [1, 'cores'] } } } as const;
  expect(defineConfig(config)).toBe(config);
  expectTypeOf(defineConfig).parameter(0).toEqualTypeOf<LanewiseConfig>();
  const workload = { task: (n: number) => n * 2 };
  expect(defineWorkload(workload)).toBe(workload);
  expectTypeOf(defineWorkload({ bound: 'io', task: () => 1 }).bound).toEqualTypeOf<'io'>();
  expectTypeOf(defineWorkload({ task: (n: number) => n }).task).toEqualTypeOf<(n: number) => number>();
});

it('defineWorkload gives the functions of a workload the types of one another', () => {
  const workload = defineWorkload({
    params: { size: 10, unit: 'ms' },
    input: ({ params }) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly size: number; readonly unit: string }>();
      return Promise.resolve([params.size]);
    },
    setup: () => new Map<string, number>(),
    task: (sizes, { state, params }) => {
      expectTypeOf(sizes).toEqualTypeOf<number[]>();
      expectTypeOf(state).toEqualTypeOf<Map<string, number>>();
      return { [params.unit]: sizes.length };
    },
    digest: (output) => {
      expectTypeOf(output).toEqualTypeOf<{ [unit: string]: number }>();
      return output;
    },
    teardown: (state) => expectTypeOf(state).toEqualTypeOf<Map<string, number>>(),
  });
  expect(workload.digest({ ms: 1 })).toEqual({ ms: 1 });
});

it('renderHtml renders a load measurement', async () => {
  const results = loadOf(20);
  const cells = results.cells.map((cell) => (cell.status === 'ok' ? { ...cell, rates: [atRateOf(40)] } : cell));
  expect(await renderHtml({ ...results, cells })).toMatch(/^<!doctype html>[^]*At 40\.0 tasks a second/);
});

it('renderHtml renders results of an older schema, without names of cells and groups', async () => {
  const packed = await readFile(new URL('recorded/scan.json.gz', import.meta.url));
  const old = JSON.parse(gunzipSync(packed).toString()) as Results;
  expect(old.workloads.every((workload) => !('title' in workload))).toBe(true);
  const page = await renderHtml(old);
  for (const title of ['gzip[bytes=1024]', 'gzip[bytes=65536]']) expect(page).toContain(title);
});
