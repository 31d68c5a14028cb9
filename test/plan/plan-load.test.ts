import { describe, expect, it } from 'vitest';
import { resolveLoad, type LoadRequest } from '../../dist/src/plan/resolve-load.js';
import { planLoad } from '../../dist/src/plan/plan-load.js';
import { nameStrategies } from '../../dist/src/plan/resolve.js';
import { checkValues } from '../../dist/src/options/values.js';
import type { Plan } from '../../dist/src/model/plan.js';
import type { WorkloadClaims } from '../../dist/workers/claims.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };

function planned(
  asked: Readonly<Record<string, unknown>> = {},
  claims: Partial<WorkloadClaims> = {},
  modules = 1,
): Plan {
  const values: LoadRequest = checkValues('load', { workload: 'work', ...asked }, { where: 'test', in: 'code' });
  const resolved = resolveLoad(values, MACHINE);
  const found = Array.from({ length: modules }, () => foundWorkload(claims));
  return planLoad(found, { ...resolved, request: nameStrategies(resolved.request, []) }, 1, MACHINE);
}

const idsOf = ({ groups }: Plan): readonly string[] => groups.flatMap(({ cells }) => cells.map(({ id }) => id));

describe('the plan of a load measurement', () => {
  it('has the event loop and pools of one worker per CPU, one task at a time in each', () => {
    expect(idsOf(planned())).toEqual(['work/event-loop', 'work/worker-threads@2', 'work/child-processes@2']);
  });

  it('gives every configuration a window at every rate in each round, the second round in reverse', () => {
    const [group] = planned({ rates: [40, 80] }).groups;
    const [first = [], second = []] = group?.blocks[0] ?? [];
    const turns = first.map(({ id, rateIndex }) => `${id} ${rateIndex}`);
    expect(turns.toSorted()).toEqual(
      idsOf(planned())
        .flatMap((id) => [`${id} 0`, `${id} 1`])
        .toSorted(),
    );
    expect(second.map(({ id, rateIndex }) => `${id} ${rateIndex}`)).toEqual(turns.toReversed());
  });

  it('has each configuration in both versions, in the same blocks, with --versus-ref', () => {
    const asked = { strategies: ['event-loop', 'worker-threads'], versusRef: 'main', rates: [40] };
    const plan = planned(asked, {}, 2);
    expect(idsOf(plan)).toEqual([
      'work/event-loop',
      'work/event-loop~new',
      'work/worker-threads@2',
      'work/worker-threads@2~new',
    ]);
    expect(plan.groups[0]).toMatchObject({
      compares: 'with-older-self',
      versions: [{ version: 'old' }, { version: 'new' }],
    });
    expect(() => planned({ rates: [40] }, {}, 2)).toThrow('it stands for several, and load takes one');
  });

  it('compares with the baseline that was asked for, and with nothing else', () => {
    const strategies = ['event-loop', 'worker-threads'];
    expect(planned({ strategies, baseline: 'worker-threads@2' }).groups[0]?.baseline).toBe('work/worker-threads@2');
    expect(planned({ strategies, baseline: 'worker-threads' }).groups[0]?.baseline).toBe('work/worker-threads@2');
    expect(() => planned({ strategies, baseline: 'worker-threads@3' })).toThrow(
      'Invalid --baseline "worker-threads@3": it is not among the strategies. Add it, as --strategy worker-threads@3,event-loop',
    );
  });

  it('warns of a concurrency that nothing has', () => {
    const limited = { concurrency: [4], rates: [40] };
    expect(planned({ ...limited, strategies: ['event-loop'] }).warnings).toEqual([
      { kind: 'limit-not-used', limit: 4 },
    ]);
    expect(planned({ ...limited, strategies: ['event-loop', 'worker-threads'] }).warnings).toEqual([]);
  });

  it('has both of two paths in the same blocks with --versus', () => {
    const asked = { workload: ['./old.js', './new.js'], versus: true, strategies: ['event-loop'], rates: [40] };
    expect(idsOf(planned(asked, {}, 2))).toEqual(['work/event-loop', 'work/event-loop~new']);
    expect(() => planned({ ...asked, versus: false }, {}, 2)).toThrow(
      'Unexpected workload "./new.js": load takes one, or the old and the new version of one with --versus.',
    );
    expect(() => planned({ workload: './new.js', versus: true })).toThrow(
      '--versus takes two different paths, and got 1: lanewise load old/task.js new/task.js --versus.',
    );
    expect(() => planned({ ...asked, versusRef: 'main' }, {}, 2)).toThrow('Give either --versus, with two paths, or');
  });

  it('has enough blocks to decide at every rate', () => {
    // Seven comparisons at three rates share 5%: 1 - log2(0.05 / 21) is 9.7.
    const asked = {
      strategies: ['event-loop', 'worker-threads'],
      poolSizes: [1, 2, 3, 4, 5, 6, 7],
      preset: 'quick',
      rates: [40, 80, 120],
    };
    expect(planned(asked).groups[0]?.blocks).toHaveLength(10);
    expect(planned({ blocks: 4, rates: [40] }).groups[0]?.blocks.length).toBeGreaterThan(4);
  });

  it('without rates is a search: six windows of each configuration in two blocks, none longer than 150 arrivals', () => {
    const [group] = planned().groups;
    expect(group?.blocks.map((rounds) => rounds.map((turns) => turns.length))).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ]);
    expect(group?.blocks.flat(2).every(({ rateIndex }) => rateIndex === undefined)).toBe(true);
    expect(group?.load).toMatchObject({ requests: 150, settling: 37 });
  });

  it('refuses an objective of pings where there are none, or nothing is recommended', () => {
    expect(planned({ pingObjectiveMs: 20 }).groups[0]?.load).toMatchObject({ pingObjectiveMs: 20 });
    expect(() => planned({ pingObjectiveMs: 20, via: 'in-process' })).toThrow(
      'recommendations over HTTP. Leave out --via in-process.',
    );
    expect(() => planned({ pingObjectiveMs: 20, rates: [40] })).toThrow('over HTTP. Leave out --rate.');
    expect(() => planned({ pingObjectiveMs: 20, probe: 0 })).toThrow('with --probe 0 there are no pings');
  });

  it('refuses bursts of which a window has no two', () => {
    const bursts = (size: number): unknown => planned({ arrivals: { kind: 'burst', size }, rates: [40], window: 60 });
    expect(bursts(30)).toMatchObject({ groups: [{ load: { arrivals: { size: 30 } } }] });
    expect(() => bursts(31)).toThrow(
      'Invalid --arrivals: a window of 60 arrivals has no two bursts of 31, and so no rate. Give smaller bursts, or --window 62 or more.',
    );
  });

  it('refuses an objective for which nobody would wait', () => {
    const objective = { quantile: 'p95', ms: 50 } as const;
    expect(planned({ objective, giveUpMs: 50 }).groups[0]?.load).toMatchObject({ giveUpMs: 50 });
    expect(() => planned({ objective, giveUpMs: 30 })).toThrow(
      'Invalid --give-up: nobody waits for the objective, 50 ms, if all give up after 30 ms.',
    );
    expect(planned({ giveUpMs: 10 }).groups[0]?.load).toMatchObject({ giveUpMs: 10 });
    expect(() => planned({ giveUpMs: 9 })).toThrow('Invalid --give-up');
  });

  it('takes one workload with one value of each param', () => {
    expect(() => planned({ params: { n: [1, 2] } }, { params: { n: 1 } })).toThrow(
      'Invalid --param n: load takes one value. To scan it: lanewise run.',
    );
  });

  it('refuses more than 200,000 requests before anything starts, unless they are forced', () => {
    // 3 configurations, 12 blocks of 2 windows at each of 2 rates: 144 windows.
    const rates = [40, 80];
    expect(planned({ rates, window: 1388 }).groups).toHaveLength(1);
    expect(() => planned({ rates, window: 1389 })).toThrow(
      'Too much to measure: these are 200016 requests, and more than 200000 need --force. Otherwise give fewer --rate values or --blocks or a shorter --window.',
    );
    expect(planned({ rates, window: 1389, force: true }).groups).toHaveLength(1);
  });

  it('refuses a search after which more than 200,000 requests are certain, and no preset by itself', () => {
    // Five rates around the one that each of 3 configurations holds, in 12 blocks: 180 windows.
    expect(planned({ window: 1111 }).groups).toHaveLength(1);
    expect(() => planned({ window: 1112 })).toThrow('Too much to measure: these are at least 200160 requests');
    expect(planned({ window: 1112, force: true }).groups).toHaveLength(1);
    for (const preset of ['quick', 'standard', 'rigorous']) expect(planned({ preset }).groups).toHaveLength(1);
    // Windows that may be shortened have 150 arrivals at least: 3 × 5 × 150 in each block.
    expect(planned({ blocks: 88 }).groups).toHaveLength(1);
    expect(() => planned({ blocks: 89 })).toThrow('these are at least 200250 requests');
  });

  it('starts each window with arrivals that do not count: a quarter', () => {
    expect(planned({ window: 200, rates: [40] }).groups[0]?.load).toMatchObject({ requests: 200, settling: 50 });
  });
});
