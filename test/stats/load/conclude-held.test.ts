import { describe, expect, it } from 'vitest';
import type { MeasuredLoadCell } from '../../../dist/src/model/load.js';
import type { Group, RatedLoad } from '../../../dist/src/model/plan.js';
import { concludeHeld, lastingShareOf } from '../../../dist/src/stats/load/conclude-held.js';
import { queueWindows, ratingOf } from '../../support/queue-windows.js';
import { windowOf } from '../../support/windows.js';
import { workloadOf } from '../../support/workload.js';

const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;
const RATES = [0.72, 0.86, 1, 1.16, 1.36];
const BLOCKS = 12;
const SEED = 1;

const LOAD: RatedLoad = {
  arrivals: { kind: 'poisson' },
  requests: 400,
  settling: 100,
  stricterFifo: true,
  keepsRequests: false,
  via: 'in-process',
  aloneMs: 10,
  capacity: 100,
  objective: OBJECTIVE,
  rates: [],
  ratings: {},
  searched: {},
};

/** A configuration that holds so much, and in a block a little more or less. */
function cellOf(id: string, poolSize: number, held: number, over: Partial<MeasuredLoadCell> = {}): MeasuredLoadCell {
  const rates = RATES.map((share) => share * held);
  const speedIn = (block: number): number => 1.005 ** ((block % 5) - 2);
  const windows = [...queueWindows(held, { rates, blocks: BLOCKS, seed: SEED, speedIn })];
  return {
    ...ratingOf(held),
    id,
    workload: 'work',
    params: {},
    strategy: poolSize === 1 ? 'event-loop' : 'worker-threads',
    poolSize,
    concurrency: 1,
    family: poolSize === 1 ? 'loop' : 'threads',
    startupMs: [],
    windows,
    status: 'ok',
    rates: [],
    ...over,
  };
}

function concluded(
  cells: readonly MeasuredLoadCell[],
  {
    isComplete = true,
    aloneMs,
    limits = {},
  }: {
    readonly isComplete?: boolean;
    readonly aloneMs?: number;
    readonly limits?: Partial<Pick<RatedLoad, 'maxQueue' | 'giveUpMs'>>;
  } = {},
) {
  const workload = workloadOf({ tasks: 8, bound: 'cpu' });
  const load: RatedLoad = {
    ...LOAD,
    ...limits,
    ratings: Object.fromEntries(
      cells.map((cell) => [cell.id, { capacity: cell.capacity ?? 0, aloneMs: aloneMs ?? cell.aloneMs ?? 0 }]),
    ),
    searched: Object.fromEntries(cells.map(({ id }) => [id, 90])),
  };
  const group: Group & { readonly load: RatedLoad } = {
    workload: { ...workload, name: 'work' },
    title: 'work',
    versions: [{ ref: workload.ref, source: 'work.js' }],
    compares: 'with-baseline',
    params: {},
    cells: [],
    baseline: 'loop',
    blocks: [],
    upperBoundLanes: [],
    load,
  };
  return concludeHeld(group, cells, { minEffect: 0.05, seed: SEED, isComplete });
}

describe('the rates that configurations hold', () => {
  it('are compared block by block, with the verdicts of batches', () => {
    const { held, heldComparisons } = concluded([cellOf('loop', 1, 80), cellOf('threads', 2, 160)]);
    expect(held.map(({ kind, rate }) => [kind, Math.round(rate?.estimate ?? 0)])).toEqual([
      ['at', 80],
      ['at', 160],
    ]);
    expect(heldComparisons).toMatchObject([
      { baseline: 'loop', contender: 'threads', verdict: 'faster', blocks: 12, speedup: { kind: 'at' } },
    ]);
    expect(heldComparisons[0]?.speedup.estimate).toBeCloseTo(2, 1);
  });

  it('are the same if the whole interval is within the minimum effect', () => {
    const { heldComparisons, recommendations } = concluded([cellOf('loop', 1, 80), cellOf('threads', 2, 82)]);
    expect(heldComparisons[0]?.verdict).toBe('same');
    expect(recommendations).toMatchObject([{ choose: 'loop', tied: ['loop', 'threads'], chosenFor: 'fewest-workers' }]);
  });

  it('are bounds where the highest measured rate is held', () => {
    const fast = cellOf('threads', 2, 160);
    const quick = { ...fast, windows: fast.windows.map((window) => ({ ...window, judgedMs: 20 })) };
    const { held, heldComparisons } = concluded([cellOf('loop', 1, 80), quick]);
    expect(held[1]).toMatchObject({ kind: 'above', rate: { hi: null } });
    expect(held[1]?.rate?.estimate).toBeCloseTo(1.36 * 160, 9);
    expect(heldComparisons[0]).toMatchObject({ verdict: 'faster', speedup: { kind: 'above', hi: null } });
  });

  it('last in longer windows as far as a plain queue shows it, unless their queue is limited', () => {
    const cells = [cellOf('loop', 1, 80)];
    const shareOf = (options: Parameters<typeof concluded>[1]) => concluded(cells, options).held[0]?.lastingShare;
    expect(shareOf({})).toBeGreaterThan(0.7);
    expect(shareOf({})).toBeLessThan(1);
    for (const limits of [{ maxQueue: 10 }, { giveUpMs: 100 }]) expect(shareOf({ limits })).toBeUndefined();
  });

  it('last in longer windows than their own only', () => {
    const like = { lasting: () => 0.8 };
    const shareIn = (requests: number) => lastingShareOf(like, 80, { ...LOAD, requests });
    expect([400, 3999, 4000].map(shareIn)).toEqual([0.8, 0.8, undefined]);
    expect(lastingShareOf(undefined, 80, LOAD)).toBeUndefined();
  });

  it('do not come from the windows of the search, nor from refused ones', () => {
    const cell = cellOf('loop', 1, 80);
    const misled = windowOf(0, 0, 5000, { rate: 10, phase: 'search' });
    const refused = windowOf(0, 0, 5000, { rate: 11, state: 'driver-limited' });
    const [held] = concluded([{ ...cell, windows: [misled, refused, ...cell.windows] }]).held;
    expect(held?.rate?.estimate).toBeCloseTo(80, 0);
  });

  it('are none if a task that meets no other takes longer than the objective', () => {
    const { held, heldComparisons } = concluded([cellOf('loop', 1, 80, { windows: [] })], { aloneMs: 70 });
    expect(held).toMatchObject([{ kind: 'none', rate: null, missShare: null, blocks: 0 }]);
    expect(heldComparisons).toEqual([]);
  });

  /** Refuses windows of a configuration that holds 160. */
  function refusing(isRefused: (share: number, block: number) => boolean): MeasuredLoadCell {
    const cell = cellOf('threads', 2, 160);
    const windows = cell.windows.map((one) =>
      isRefused(one.rate / 160, one.block) ? { ...one, state: 'driver-limited' as const } : one,
    );
    return { ...cell, windows };
  }

  it('are not compared if more than a quarter of the windows at the rates next to it were refused', () => {
    const late = refusing((share, block) => Math.round(share * 100) === 100 && block % 3 === 0);
    expect(concluded([cellOf('loop', 1, 80), late]).held.map(({ isDriverLimited }) => isDriverLimited)).toEqual([
      undefined,
      undefined,
    ]);
    const later = refusing((share, block) => share > 0.8 && share < 1.3 && block % 3 === 0);
    const { held, heldComparisons } = concluded([cellOf('loop', 1, 80), later]);
    expect(held.map(({ isDriverLimited }) => isDriverLimited)).toEqual([undefined, true]);
    expect(heldComparisons).toEqual([]);
  });

  it('are compared if all windows were refused at a rate that does not decide', () => {
    const { held, heldComparisons } = concluded([cellOf('loop', 1, 80), refusing((share) => share > 1.3)]);
    expect(held.map(({ isDriverLimited }) => isDriverLimited)).toEqual([undefined, undefined]);
    expect(heldComparisons).toMatchObject([{ verdict: 'faster' }]);
  });

  it('are not compared if every window was refused', () => {
    const { held, heldComparisons } = concluded([cellOf('loop', 1, 80), refusing(() => true)]);
    expect(held.map(({ cell }) => cell)).toEqual(['loop']);
    expect(heldComparisons).toEqual([]);
  });

  it('have no verdict and no recommendation if the measurement was interrupted', () => {
    const cells = [cellOf('loop', 1, 80), cellOf('threads', 2, 160)];
    expect(concluded(cells, { isComplete: false })).toMatchObject({ heldComparisons: [], recommendations: [] });
  });

  it('recommend none whose estimate is far below the highest, although so little is known that it is not shown to hold less', () => {
    const rates = RATES.map((share) => share * 80);
    const speedIn = (block: number): number => (block % 2 === 0 ? 0.5 : 2.5);
    const windows = [...queueWindows(80, { rates, blocks: BLOCKS, seed: SEED, speedIn })];
    const { held, heldComparisons, recommendations } = concluded([
      cellOf('loop', 1, 80, { windows }),
      cellOf('threads', 2, 160),
    ]);
    expect(held[0]?.rate).toMatchObject({ lo: null, hi: null });
    expect(heldComparisons[0]).toMatchObject({ verdict: 'inconclusive' });
    expect(recommendations).toMatchObject([{ choose: 'threads', tied: ['threads'], chosenFor: 'only' }]);
  });

  it('recommend no configuration whose pings are shown to be answered later than the objective', () => {
    const probed = (cell: MeasuredLoadCell, p99: number): MeasuredLoadCell => ({
      ...cell,
      windows: cell.windows.map((window) => ({ ...window, probeMs: { n: 80, p50: 1, p90: 2, p99 } })),
    });
    const cells = [probed(cellOf('loop', 1, 80), 70), probed(cellOf('threads', 2, 81), 2)];
    expect(concluded(cells).recommendations).toMatchObject([{ choose: 'threads', chosenFor: 'only' }]);
  });
});
