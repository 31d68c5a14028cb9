import { expect, it } from 'vitest';
import { aroundFound } from '../../dist/src/flow/holding.js';
import type { CellLog, Measured } from '../../dist/src/model/measured.js';
import { checkValues } from '../../dist/src/options/values.js';
import { planLoad } from '../../dist/src/plan/plan-load.js';
import { resolveLoad, windowOf } from '../../dist/src/plan/resolve-load.js';
import { nameStrategies } from '../../dist/src/plan/resolve.js';
import { windowOf as measuredWindow } from '../support/windows.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };
const OBJECTIVE = { quantile: 'p99', ms: 50 } as const;

/** The rate that the same search finds if so much time was spent before it, and the arrivals of a window around it. */
function foundAfter(spentMs: number): readonly [rate: number, requests: number] {
  const values = checkValues(
    'load',
    { workload: 'work', via: 'in-process', preset: 'quick', strategies: ['event-loop'] },
    { where: 'test', in: 'code' },
  );
  const resolved = resolveLoad(values, MACHINE);
  const named = { ...resolved, request: nameStrategies(resolved.request, []) };
  const plan = planLoad([foundWorkload({})], named, 1, MACHINE);
  const [group] = plan.groups;
  const [cell] = group?.cells ?? [];
  if (group?.load === undefined || cell === undefined) throw new Error('nothing is planned');
  const rating = { aloneMs: 10, capacity: 100 };
  const load = { ...group.load, ...rating, objective: OBJECTIVE, rates: [], ratings: { [cell.id]: rating } };
  const windows = [60, 70, 80, 70, 75, 72].map((rate, round) =>
    measuredWindow(round % 2, Math.floor(round / 2), (50 * rate) / 70, { rate, phase: 'search' }),
  );
  const log = { cell, startupMs: [100], windows, doubts: [], error: undefined } as unknown as CellLog;
  const measured = {
    complete: true,
    groups: [{ group: { ...group, load }, cells: [log], noise: { blocks: [] } }],
  } as unknown as Measured;
  const { held } = aroundFound({ plan, measured }, { seed: 1, target: windowOf(400) }, named, spentMs);
  const around = held?.groups[0]?.load;
  if (around === undefined || !('searched' in around)) throw new Error('there are no blocks');
  return [around.searched?.[cell.id] ?? 0, around.requests];
}

it('blocks are around the rate that windows of their size hold, which is higher where these are shortened', () => {
  const [long, most] = foundAfter(0);
  const [short, least] = foundAfter(290_000);
  expect(most).toBeGreaterThan(300);
  expect(least).toBe(100);
  expect(short / long).toBeGreaterThan(1.05);
  expect(short / long).toBeLessThan(1.35);
});
