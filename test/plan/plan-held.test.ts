import { describe, expect, it } from 'vitest';
import { planHeld, ratesAround } from '../../dist/src/plan/plan-held.js';
import { planLoad } from '../../dist/src/plan/plan-load.js';
import { resolveLoad } from '../../dist/src/plan/resolve-load.js';
import { nameStrategies } from '../../dist/src/plan/resolve.js';
import { checkValues } from '../../dist/src/options/values.js';
import type { Plan, RatedLoad } from '../../dist/src/model/plan.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };
const LOOP = 'work/event-loop';
const THREADS = 'work/worker-threads@2';

function planned(rates: Readonly<Record<string, number>>, asked: Readonly<Record<string, unknown>> = {}, spentMs = 0) {
  const values = checkValues('load', { workload: 'work', via: 'in-process', ...asked }, { where: 'test', in: 'code' });
  const resolved = resolveLoad(values, MACHINE);
  const named = { ...resolved, request: nameStrategies(resolved.request, []) };
  const search = planLoad([foundWorkload({})], named, 1, MACHINE);
  const [group] = search.groups;
  if (group?.load === undefined) throw new Error('nothing is planned');
  const rated = { aloneMs: 10, capacity: 100, objective: { quantile: 'p99', ms: 50 }, rates: [], ratings: {} } as const;
  const load: RatedLoad = { ...group.load, ...rated };
  return planHeld(search, { group: { ...group, load }, rates, calibrated: {}, spentMs }, named);
}

function ratesOf(plan: Plan | undefined, id: string): readonly number[] {
  const [group] = plan?.groups ?? [];
  const load = group?.load as RatedLoad;
  const turns = group?.blocks[0]?.[0] ?? [];
  return turns
    .filter((turn) => turn.id === id)
    .map(({ rateIndex = -1 }) => load.rates[rateIndex] ?? 0)
    .toSorted((a, b) => a - b);
}

describe('the plan around the rates that a search found', () => {
  it('has rates around that of each configuration, and common ones that none of them is far beyond', () => {
    const plan = planned({ [LOOP]: 100, [THREADS]: 200 });
    expect(ratesOf(plan, LOOP)).toEqual([50, 72, 86, 90, 100, 116, 136]);
    expect(ratesOf(plan, THREADS)).toEqual([50, 90, 144, 172, 180, 200, 232, 272]);
    expect(plan?.groups[0]?.load).toMatchObject({ commonRates: [50, 90, 180], searched: { [LOOP]: 100 } });
  });

  it('has the same rates for configurations that hold about as much, so that like ones are measured alike', () => {
    const plan = planned({ [LOOP]: 100, [THREADS]: 121 }, { preset: 'quick' });
    const own = ratesOf(plan, LOOP);
    expect(own).toHaveLength(6);
    expect(ratesOf(plan, THREADS)).toEqual(own);
    // As far below and above as each would have by itself.
    expect(own.at(0)).toBeCloseTo(72, 0);
    expect(own.at(-1)).toBeCloseTo(1.36 * 121, 0);
    expect(plan?.groups[0]?.load).toMatchObject({ searched: { [LOOP]: 100, [THREADS]: 121 } });
  });

  it('parts configurations where what they hold is furthest apart', () => {
    const { a, b, c, d, e } = ratesAround({ a: 100, b: 136, c: 130, d: 300, e: 310 });
    expect(a).toEqual([72, 86, 100, 116, 136]);
    expect([b, d]).toEqual([c, e]);
    expect(b).not.toEqual(d);
    expect(ratesAround({})).toEqual({});
  });

  it('lets windows that are compared follow each other, in either order: at a common rate, or at the same share', () => {
    const [group] = (planned({ [LOOP]: 100, [THREADS]: 200 }) as Plan).groups;
    const { load, blocks = [] } = group ?? {};
    const { rates } = load as RatedLoad;
    const rounds = blocks.map(([turns = []]) => turns.map(({ id, rateIndex = -1 }) => [id, rates[rateIndex]]));
    const pairs = [
      [50, 50],
      [90, 90],
      [72, 144],
      [86, 172],
      [100, 200],
      [116, 232],
      [136, 272],
    ] as const;
    const firsts = pairs.flatMap(([loop, threads]) =>
      rounds.map((turns) => {
        const placeOf = (own: string, at: number): number => turns.findIndex(([id, rate]) => id === own && rate === at);
        const apart = placeOf(THREADS, threads) - placeOf(LOOP, loop);
        expect(Math.abs(apart)).toBe(1);
        return apart;
      }),
    );
    expect(new Set(firsts)).toEqual(new Set([1, -1]));
    expect(new Set(rounds.map(([first]) => String(first))).size).toBeGreaterThan(1);
  });

  it('has one common rate for a quick preset', () => {
    expect(ratesOf(planned({ [LOOP]: 100 }, { preset: 'quick' }), LOOP)).toEqual([72, 86, 90, 100, 116, 136]);
  });

  it('leaves out configurations without a rate, and is none without any', () => {
    expect(planned({ [THREADS]: 200 })?.groups[0]?.cells.map(({ id }) => id)).toEqual([THREADS]);
    expect(planned({})).toBeUndefined();
  });

  it('shortens windows so that a quick or standard run ends in time, but never below 100 or 150 arrivals', () => {
    const requests = (rate: number, asked: object, spentMs?: number) =>
      planned({ [LOOP]: rate }, { ...asked }, spentMs)?.groups[0]?.load?.requests;
    expect(requests(1000, { preset: 'quick' })).toBe(400);
    const some = requests(60, { preset: 'quick' }) ?? 0;
    expect(some).toBeGreaterThan(100);
    expect(requests(60, { preset: 'quick' }, 60_000)).toBeLessThan(some);
    expect(requests(10, { preset: 'quick' })).toBe(100);
    expect(requests(10, { preset: 'standard' })).toBe(150);
    expect(requests(1000, { preset: 'quick' }, 300_000)).toBe(100);
    expect(requests(10, { preset: 'rigorous' })).toBe(400);
    expect(requests(10, { preset: 'quick', window: 500 })).toBe(500);
  });

  it('has windows of at least ten times the objective, however few arrivals are asked for', () => {
    for (const asked of [{ preset: 'quick' }, { preset: 'rigorous' }, { window: 40 }])
      expect(planned({ [LOOP]: 1000 }, asked)?.groups[0]?.load).toMatchObject({ leastWindowMs: 500 });
  });

  it('counts that least time where it shortens windows', () => {
    const requests = (rates: Readonly<Record<string, number>>) =>
      planned(rates, { preset: 'quick' }, 120_000)?.groups[0]?.load?.requests ?? 0;
    expect(requests({ [LOOP]: 60, [THREADS]: 10_000 })).toBeLessThan(requests({ [LOOP]: 60 }));
  });

  it('has windows that start with a quarter of arrivals which do not count', () => {
    expect(planned({ [LOOP]: 10 }, { preset: 'quick' })?.groups[0]?.load).toMatchObject({
      requests: 100,
      settling: 25,
    });
  });

  it('is measured without calibrating again', () => {
    expect(planned({ [LOOP]: 10 })?.groups[0]?.calibrated).toEqual({});
  });
});
