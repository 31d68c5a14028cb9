import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  compare,
  defineConfig,
  defineWorkload,
  LanewiseError,
  lessons,
  renderHtml,
  tune,
  type CompareOptions,
  type LanewiseConfig,
  type LessonsReport,
  type ProgressEvent,
  type Results,
} from '../dist/src/index.js';
import { useTempFolder } from './support/temp-folder.js';

const folder = useTempFolder();
/** Tests run beside each other. */
const BESIDE = { lock: 'ignore' } as const;
const LEAST = {
  ...BESIDE,
  strategies: ['event-loop', 'worker-threads'],
  poolSizes: [1],
  inFlight: [1],
  tasks: 4,
  preset: 'quick',
  blocks: 6,
  rounds: 1,
  ceiling: false,
  seed: 1,
} as const satisfies CompareOptions;

describe('compare', () => {
  it('measures what the settings say, and tells how far it has come', async () => {
    const events: ProgressEvent[] = [];
    const results = await compare({
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

  it('ends when its signal is aborted, with what was measured', async () => {
    const abort = new AbortController();
    const results = await compare({
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
  });

  it('rejects with a sentence, before anything is measured', async () => {
    const wrong = (options: object): Promise<unknown> =>
      compare({ ...BESIDE, ...options }).catch((error: unknown) => error);
    expect(await wrong({ workloads: ['primez'] })).toBeInstanceOf(LanewiseError);
    expect(await wrong({ workloads: ['primez'] })).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('Did you mean "primes"?'),
    });
    expect(await wrong({ poolSize: [1] })).toMatchObject({
      message: 'compare: there is no setting "poolSize". Did you mean "poolSizes"?',
    });
    expect(await wrong({ tasks: '4' })).toMatchObject({ message: 'compare: "tasks" must be a number, and is "4".' });
  });
});

it('tune finds a setting', async () => {
  const { strategies, tasks, rounds, ceiling, seed } = LEAST;
  const phases: ProgressEvent[] = [];
  const { tuning } = await tune({
    ...BESIDE,
    workload: 'compute',
    params: { ms: 0.2 },
    strategies,
    poolSizes: [1],
    inFlight: ['all'],
    tasks,
    rounds,
    ceiling,
    seed,
    blocks: 8,
    current: { strategy: 'worker-threads', poolSize: 1 },
    onProgress: (event) => {
      if (event.kind === 'planned') phases.push(event);
    },
  });
  expect(tuning?.current).toBe('compute[ms=0.2]/worker-threads@1');
  expect(tuning?.finalists).toContain(tuning?.choose);
  expect(phases).toHaveLength(2);
});

it('lessons performs a lesson', async () => {
  const report = await lessons({ ...BESIDE, lessons: ['gather-many'], lang: 'en', unitMs: 40, seed: 1 });
  expectTypeOf(report).toEqualTypeOf<LessonsReport>();
  expect(report).toMatchObject({ complete: true, lang: 'en', unitMs: 40 });
  expect(report.lessons.map(({ id }) => id)).toEqual(['gather-many']);
});

it('the functions that define something are the identity, for its types', () => {
  const config = { preset: 'quick', suites: { api: { workloads: ['http'], poolSizes: [1, 'cores'] } } } as const;
  expect(defineConfig(config)).toBe(config);
  expectTypeOf(defineConfig).parameter(0).toEqualTypeOf<LanewiseConfig>();
  const workload = { task: (n: number) => n * 2 };
  expect(defineWorkload(workload)).toBe(workload);
  expectTypeOf(defineWorkload({ bound: 'io', task: () => 1 }).bound).toEqualTypeOf<'io'>();
});
