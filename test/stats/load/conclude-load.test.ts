import { describe, expect, it } from 'vitest';
import type { CellLog, Measured } from '../../../dist/src/model/measured.js';
import type { PlannedCell } from '../../../dist/src/model/plan.js';
import type { Options, Warning } from '../../../dist/src/model/results.js';
import { concludeLoad } from '../../../dist/src/stats/load/conclude-load.js';
import { CALM } from '../../support/group-task.js';
import { resultsOf } from '../../support/results.js';
import { windowOf } from '../../support/windows.js';
import { workloadOf } from '../../support/workload.js';

const LOOP = { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all' } as const;
const THREADS = { id: 'work/threads', strategy: 'worker-threads', poolSize: 2, concurrency: 1 } as const;
const OLD = { ...THREADS, id: 'work/threads', version: 'old' } as const;
const NEW = { ...THREADS, id: 'work/threads~new', version: 'new' } as const;
const BLOCKS = 10;

interface Found {
  /** Two versions of one configuration, in place of two configurations. */
  readonly versions?: boolean;
  readonly p99?: (cell: string, block: number) => number;
  readonly freeCpus?: number;
  /** Rates were searched for, with so many CPUs free. */
  readonly searchedWith?: number;
  readonly complete?: boolean;
  readonly memoised?: boolean;
  /** CPU time of each window of a host, in the order in which it had them, ms. */
  readonly costs?: (block: number) => readonly { readonly cpuMs: number; readonly rate?: number }[];
  readonly bound?: 'cpu' | 'io';
  readonly blocks?: number;
  /** Rates at which each window is repeated. */
  readonly rates?: readonly number[];
  readonly order?: readonly PlannedCell[];
  readonly failed?: string;
  /** Of the search, before all others. */
  readonly searchP99?: number;
  /** The driver was late in all windows of the event loop. */
  readonly isLate?: boolean;
}

function measuredOf({
  p99 = () => 40,
  freeCpus = 2,
  complete = true,
  memoised = false,
  versions = false,
  isLate = false,
  searchedWith,
  costs = () => [{ cpuMs: 100 }],
  bound = 'cpu',
  blocks = BLOCKS,
  rates = [40],
  order = [LOOP, THREADS],
  failed,
  searchP99,
}: Found): Measured {
  const workload = workloadOf({ tasks: 8, bound });
  const planned: readonly PlannedCell[] = versions ? [OLD, NEW] : order;
  const cells = planned.map((cell): CellLog => ({
    cell,
    startupMs: Array.from({ length: BLOCKS }, () => 5),
    memoryBytes: [],
    hostCopyBytes: [],
    startsMs: [],
    doubts: memoised ? Array.from({ length: BLOCKS }, () => ({ kind: 'memoised', firstMs: 9, laterMs: 0.01 })) : [],
    samples: [],
    windows: Array.from({ length: blocks }, (_, block) => [
      ...(searchP99 === undefined ? [] : [windowOf(block, 0, searchP99, { phase: 'search' })]),
      ...rates.flatMap((rate) =>
        costs(block).map((cost, position) =>
          windowOf(block, 0, p99(cell.id, block), {
            state: isLate && cell === LOOP ? 'driver-limited' : 'ok',
            position,
            rate,
            ...cost,
          }),
        ),
      ),
    ]).flat(),
    error: cell.id === failed ? { name: 'Error', message: 'no' } : undefined,
  }));
  return {
    complete,
    ownCpuShare: undefined,
    warnings: [],
    groups: [
      {
        group: {
          workload,
          title: 'work',
          versions: [{ ref: workload.ref, source: 'work.js' }],
          compares: versions ? 'with-older-self' : 'with-baseline',
          params: {},
          cells: planned,
          baseline: LOOP.id,
          blocks: [],
          load: {
            arrivals: { kind: 'poisson' },
            requests: 400,
            settling: 100,
            stricterFifo: true,
            keepsRequests: false,
            via: 'in-process',
            aloneMs: 10,
            capacity: 100,
            objective: { quantile: 'p99', ms: 50 },
            rates,
            ratings: Object.fromEntries([LOOP, THREADS].map(({ id }) => [id, { aloneMs: 10, capacity: 100 }])),
            ...(searchedWith !== undefined && {
              searched: { [LOOP.id]: 40, [THREADS.id]: 40 },
              searchNoise: [{ block: 0, ...CALM, freeCpus: searchedWith }],
            }),
          },
          upperBoundLanes: [],
        },
        cells,
        digests: undefined,
        complete,
        upperBounds: [],
        noise: {
          hit: 1,
          repeated: 1,
          blocks: Array.from({ length: BLOCKS }, (_, block) => ({ block, ...CALM, freeCpus })),
          discarded: [{ block: 3, ...CALM, otherCores: 2 }],
        },
        timelines: [],
        warnings: [],
      },
    ],
  };
}

function conclude(found: Found, options: Partial<Options> = {}) {
  const { cells, latencyComparisons, warnings, held, noise } = concludeLoad(
    measuredOf(found),
    { options: { ...resultsOf().options, ...options }, seed: 1 },
    2,
  );
  return {
    holds: cells.map((cell) => (cell.status === 'ok' ? cell.rates.map(({ holds }) => holds) : 'failed')),
    verdicts: latencyComparisons.map(({ verdict }) => verdict),
    compared: latencyComparisons.map(({ baseline, contender }) => [baseline, contender]),
    warnings: warnings.map(({ kind }: Warning) => kind),
    held: held?.length,
    noise: noise[0],
  };
}

/** The event loop is twice as slow, and each block is a little different. */
const TWICE = (cell: string, block: number): number => (cell === LOOP.id ? 60 : 30) + block / 10;

describe('a load measurement', () => {
  it('says which rates are held, and compares the latencies at each with the baseline', () => {
    expect(conclude({ p99: TWICE })).toMatchObject({ holds: [['no'], ['yes']], verdicts: ['faster'], warnings: [] });
  });

  it('compares with the baseline of the plan, wherever it is, or with what was measured in its place', () => {
    const order = [THREADS, LOOP];
    expect(conclude({ p99: TWICE, order })).toMatchObject({
      compared: [[LOOP.id, THREADS.id]],
      verdicts: ['faster'],
      holds: [['yes'], ['no']],
    });
    const others = [LOOP, THREADS, { ...THREADS, id: 'work/other' }];
    expect(conclude({ order: others, failed: LOOP.id }).compared).toEqual([[THREADS.id, 'work/other']]);
  });

  it('shares the level among configurations and rates: six blocks are enough for one of each', () => {
    const six = { blocks: 6, p99: TWICE };
    expect(conclude({ ...six, order: [THREADS] }).holds).toEqual([['yes']]);
    expect(conclude({ ...six, order: [THREADS], rates: [40, 80] }).holds).toEqual([['unsure', 'unsure']]);
    expect(conclude(six)).toMatchObject({ holds: [['unsure'], ['unsure']], verdicts: ['faster'] });
    expect(conclude({ ...six, rates: [40, 80] }).verdicts).toEqual([]);
  });

  it('does not ask the windows of a search what is held', () => {
    expect(conclude({ p99: TWICE, searchP99: 500 })).toMatchObject({ holds: [['no'], ['yes']], verdicts: ['faster'] });
    expect(conclude({ p99: TWICE, searchP99: 1 })).toMatchObject({ holds: [['no'], ['yes']], verdicts: ['faster'] });
  });

  it('compares each configuration of a newer version with that of the older one', () => {
    const slower = (cell: string, block: number): number => (cell === OLD.id ? 30 : 36) + block / 10;
    const measured = measuredOf({ p99: slower, versions: true });
    const { latencyComparisons } = concludeLoad(measured, { options: resultsOf().options, seed: 1 }, 2);
    expect(latencyComparisons).toMatchObject([{ baseline: OLD.id, contender: NEW.id, verdict: 'slower' }]);
    expect(latencyComparisons[0]?.speedup.estimate).toBeCloseTo(30 / 36, 1);
  });

  it('compares nothing and calls nothing held if it was interrupted: a verdict needs all planned blocks', () => {
    expect(conclude({ p99: TWICE, complete: false })).toMatchObject({ holds: [['unsure'], ['unsure']], verdicts: [] });
  });

  it.each<[string, Found]>([
    ['taken-cpus', { p99: TWICE, freeCpus: 0.9 }],
    ['memoised', { p99: TWICE, memoised: true }],
  ])('says %s, claims nothing and compares nothing if its latencies are in doubt', (kind, found) => {
    expect(conclude(found)).toMatchObject({ holds: [['unsure'], ['unsure']], verdicts: [], warnings: [kind] });
    // A rate that other programs lowered is none that is held.
    expect(conclude({ ...found, searchedWith: 2 }).held).toBe(0);
  });

  it.each([
    [1.75, true],
    [1.85, false],
  ])('asks for nine tenths of the CPUs that the work may use: %d of 2', (freeCpus, isTaken) => {
    expect(conclude({ p99: TWICE, freeCpus }).warnings).toEqual(isTaken ? ['taken-cpus'] : []);
  });

  it('calls a rate driver-limited, and not unclear, where CPUs were taken and the driver was late', () => {
    const found = { p99: TWICE, freeCpus: 0.9, isLate: true };
    expect(conclude(found).holds).toEqual([['driver-limited'], ['unsure']]);
  });

  it('says that tasks get cheaper from window to window, as where a host is not warm, and concludes as ever', () => {
    const cooling = (step: number) => (block: number) =>
      [0, 1, 2, 3].map((window) => ({ cpuMs: 100 * (1 + step) ** window + (block % 3) / 10 }));
    const found = { p99: TWICE, costs: cooling(-0.05) };
    expect(conclude(found)).toMatchObject({ verdicts: ['faster'], warnings: ['drifting-windows'] });
    expect(conclude({ ...found, costs: cooling(0.05) }).warnings).toEqual(['drifting-windows']);
    // Within the minimum effect from the first to the last.
    expect(conclude({ ...found, costs: cooling(-0.01) }).warnings).toEqual([]);
    expect(conclude({ ...found, bound: 'io' }).warnings).toEqual([]);
  });

  it('compares the cost of a task with that at the same rate: at lower ones it may be greater', () => {
    const byRate = (block: number) => {
      const windows = [20, 40, 80].map((rate) => ({ rate, cpuMs: 4000 / rate }));
      return [...windows.slice(block % 3), ...windows.slice(0, block % 3)];
    };
    expect(conclude({ p99: TWICE, costs: byRate }).warnings).toEqual([]);
  });

  it('does not mind taken CPUs where the user allows them', () => {
    expect(conclude({ p99: TWICE, freeCpus: 0.9 }, { allowBusy: true }).verdicts).toEqual(['faster']);
  });

  it('says that CPUs were taken during the search, after which it concludes as ever', () => {
    const found = { p99: TWICE, searchedWith: 0.9 };
    expect(conclude(found)).toMatchObject({ held: 2, verdicts: ['faster'], warnings: ['taken-search'] });
    expect(conclude(found, { allowBusy: true }).warnings).toEqual([]);
    expect(conclude({ ...found, searchedWith: 1.9 }).warnings).toEqual([]);
    expect(conclude({ ...found, freeCpus: 0.9 }).warnings).toEqual(['taken-cpus']);
  });

  it('names the noise of its blocks, of those measured again, and of the search', () => {
    const { noise } = conclude({ searchedWith: 1.5 });
    expect(noise).toMatchObject({
      hit: 1,
      repeated: 1,
      discarded: [{ block: 3, otherCores: 2 }],
      search: [{ block: 0, freeCpus: 1.5 }],
    });
    expect(noise?.blocks).toHaveLength(BLOCKS);
    expect(conclude({}).noise).not.toHaveProperty('search');
  });
});
