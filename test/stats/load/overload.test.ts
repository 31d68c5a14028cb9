import { describe, expect, it } from 'vitest';
import type { MeasuredPulse } from '../../../dist/src/model/measured.js';
import { concludeOverload } from '../../../dist/src/stats/load/overload.js';
import { newLogs } from '../../../dist/src/measure/cell-hosts.js';
import { planLoad } from '../../../dist/src/plan/plan-load.js';
import { resolveLoad } from '../../../dist/src/plan/resolve-load.js';
import { nameStrategies } from '../../../dist/src/plan/resolve.js';
import { checkValues } from '../../../dist/src/options/values.js';
import { foundWorkload } from '../../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };
const PLAN = { baseRate: 50, pulseRate: 150, leadMs: 1000, pulseMs: 2000, tailMs: 6000 };
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;

/** All tasks have a result at once but those of the first `lateMs` after the pulse; 50 a second arrive all the time. */
function pulseOf(block: number, lateMs: number, rejected = 0, state: 'ok' | 'driver-limited' = 'ok'): MeasuredPulse {
  const requests = Array.from({ length: 450 }, (_, index) => {
    const dueMs = index * 20;
    const latencyMs = dueMs >= 3000 && dueMs <= 3000 + lateMs ? 100 : 1;
    return { dueMs, acceptedMs: dueMs, startedMs: dueMs, finishedMs: dueMs + latencyMs, receivedMs: dueMs + latencyMs };
  });
  const reading = { offered: 450, rejected, gaveUp: 0, failed: 0, wasted: { tasks: 9, runningMs: 90 }, state } as const;
  return {
    block,
    plan: PLAN,
    capacity: 40,
    isHeld: true,
    reading: { ...reading, backlog: { mean: 1, max: 9, end: 0 } },
    requests,
  };
}

function concluded(pulses: readonly MeasuredPulse[], asked: Readonly<Record<string, unknown>> = {}) {
  const settings = {
    workload: 'work',
    strategies: ['worker-threads'],
    poolSizes: [3],
    rates: [10],
    ...asked,
  };
  const resolved = resolveLoad(checkValues('load', settings, { where: 'test', in: 'code' }), MACHINE);
  const named = { ...resolved, request: nameStrategies(resolved.request, []) };
  const [group] = planLoad([foundWorkload({})], named, 1, MACHINE).groups;
  if (group?.load === undefined) throw new Error('nothing is planned');
  const load = { ...group.load, ...RATED };
  const [log] = newLogs(group.cells).values();
  if (log === undefined) throw new Error('no configuration is planned');
  return concludeOverload({ ...group, load }, [{ ...log, pulses: [...pulses] }]);
}

const RATED = { aloneMs: 10, capacity: 40, objective: OBJECTIVE, rates: [10], ratings: {} };

describe('the conclusions from pulses', () => {
  it('are the medians of all, beside the forecasts', () => {
    const [found] = concluded([pulseOf(1, 1000), pulseOf(0, 3000, 45), pulseOf(2, 2000)]);
    expect(found).toMatchObject({ capacity: 40, isHeld: true, ...PLAN, unrecovered: 0, wastedShare: 0.02 });
    expect(found?.recoveryMs.measured).toBe(2000);
    // 100 arrive in the pulse, and 80 can be done in 2 s; afterwards more arrive than can be done.
    expect(found?.growthPerSecond.forecast).toBe(10);
    expect(found?.recoveryMs.forecast).toBeNull();
    expect(found?.rejectedShare).toBeCloseTo(1 / 30, 12);
    expect(found?.pulses.map(({ block }) => block)).toEqual([0, 1, 2]);
  });

  it('forecast the recovery until the queue is so short that tasks meet the objective, with the tasks that came', () => {
    const pulse = pulseOf(0, 1000);
    const within = pulse.requests.filter(({ dueMs }) => dueMs < 3000);
    const recoveryOf = (laterMs: readonly number[], baseRate = 20): number | null | undefined => {
      const later = laterMs.map((ms) => ({ ...pulse.requests[0], dueMs: 3000 + ms })) as typeof within;
      return concluded([{ ...pulse, plan: { ...PLAN, baseRate }, requests: [...within, ...later] }])[0]?.recoveryMs
        .forecast;
    };
    // Of 20 that wait, 1.6 may: 40 a second in the 40 ms that a task of 10 ms may wait. None comes for 460 ms.
    expect(recoveryOf([900])).toBeCloseTo(((20 - 1.6) / 40) * 1000, 6);
    // One more takes 25 ms.
    expect(recoveryOf([100, 900])).toBeCloseTo(485, 6);
    // With one each 50 ms, before the 19th is due.
    expect(recoveryOf(Array.from({ length: 60 }, (_, index) => index * 50))).toBeCloseTo(18 * 50 + 35, 6);
    // After those that are known, 20 a second.
    expect(recoveryOf([])).toBeCloseTo(((20 - 1.6) / 20) * 1000, 6);
    expect(recoveryOf([], 50)).toBeNull();
  });

  it('do not depend on the order in which blocks were measured, as if one was repeated', () => {
    const pulses = [300, 100, 40].map((capacity, block) => ({
      ...pulseOf(block, 1000),
      capacity,
      requests: pulseOf(block, 1000).requests.filter((_, index) => index % (block + 1) === 0),
    }));
    const [first, ...others] = pulses;
    if (first === undefined) throw new Error('there are pulses');
    expect(concluded([...others, first])).toEqual(concluded(pulses));
  });

  it('have no recovery if most pulses had none', () => {
    const [found] = concluded([pulseOf(0, 1000), pulseOf(1, 5500), pulseOf(2, 5500)]);
    expect(found?.recoveryMs.measured).toBeNull();
    expect(found?.unrecovered).toBe(2);
  });

  it('leave out pulses in which the driver was late', () => {
    const [found] = concluded([pulseOf(0, 1000), pulseOf(1, 3000, 0, 'driver-limited')]);
    expect(found).toMatchObject({ refused: 1, recoveryMs: { measured: 1000 } });
    expect(found?.pulses).toHaveLength(1);
    expect(concluded([pulseOf(0, 1000, 0, 'driver-limited')])).toEqual([]);
  });

  it('forecast no queue that is longer than its limit', () => {
    const [limited] = concluded([pulseOf(0, 1000)], { maxQueue: 'auto' });
    // Nine in 2 s.
    expect(limited?.growthPerSecond.forecast).toBe(4.5);
    expect(concluded([pulseOf(0, 1000)], { maxQueue: 4 })[0]?.growthPerSecond.forecast).toBe(2);
  });
});
