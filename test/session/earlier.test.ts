import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEarlier, readEarlierLoads } from '../../dist/src/session/earlier.js';
import { loadOf } from '../support/load-results.js';
import { groupTaskOf } from '../support/group-task.ts';
import { cellOf, resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

function saved(results: object): readonly [string] {
  const path = join(folder.path, 'earlier.json');
  writeFileSync(path, JSON.stringify(results));
  return [path];
}

type Given = Readonly<Record<string, unknown>>;

describe('what was asked for and the earlier measurement had otherwise', () => {
  const loads = async (given: Given, earlier: Parameters<typeof loadOf>[1] = {}): Promise<void> =>
    (await readEarlierLoads(saved(loadOf(20, earlier)), undefined)).requireAlike(given);

  it.each<readonly [string, Given]>([
    ['--arrivals', { arrivals: { kind: 'constant' } }],
    ['--window', { window: 200 }],
    ['--via', { via: 'http' }],
    ['--max-queue', { maxQueue: 10 }],
    ['--max-queue', { maxQueue: 'auto' }],
    ['--rate', { rates: [80, 160] }],
    ['--rate', { rates: 'auto' }],
    ['--give-up', { giveUpMs: 500 }],
    ['--stricter-fifo', { stricterFifo: false }],
    ['--objective', { objective: { quantile: 'p50', ms: 50 } }],
  ])('is refused before a load is measured, with its name: %s', async (flag, given) => {
    await expect(loads(given)).rejects.toThrow(`Refused ${flag} with --against: `);
    await expect(loads(given)).rejects.toMatchObject({ code: 'usage' });
  });

  it.each<Given>([
    {},
    { window: 400, via: 'in-process', maxQueue: 'none', stricterFifo: true, arrivals: { kind: 'poisson' } },
    // At given rates the latency is compared, whatever it is held to.
    { objective: { quantile: 'p99', ms: 80 } },
    { seed: 7, rates: [40, 80], blocks: 6 },
  ])('is not refused of a load if it can be compared: %j', async (given) => {
    await expect(loads(given)).resolves.toBeUndefined();
  });

  it('is refused of a load that searched for rates, if some are given', async () => {
    await expect(loads({ rates: [40] }, { held: [] })).rejects.toThrow('Refused --rate with --against: ');
    await expect(loads({ rates: 'auto' }, { held: [] })).resolves.toBeUndefined();
  });

  it('is refused only if none of several earlier ones had it', async () => {
    const [path] = saved(loadOf(20));
    const other = loadOf(20);
    const second = join(folder.path, 'second.json');
    writeFileSync(second, JSON.stringify({ ...other, options: { ...other.options, requests: 200 } }));
    const both = await readEarlierLoads([path, second], undefined);
    expect(() => both.requireAlike({ window: 400 })).not.toThrow();
    expect(() => both.requireAlike({ window: 200 })).not.toThrow();
    expect(() => both.requireAlike({ window: 300 })).toThrow('Refused --window with --against: ');
  });

  it('is refused of a run if no batch of the earlier one was as large', async () => {
    const results = resultsOf({ cells: [cellOf({ id: 'work/event-loop', wallsMs: [1, 1, 1] })] });
    const [{ tasks } = { tasks: 0 }] = results.workloads;
    const runs = async (given: Given): Promise<void> =>
      (await readEarlier(saved(results), undefined)).requireAlike(given);
    await expect(runs({ tasks: tasks + 1 })).rejects.toThrow('Refused --tasks with --against: ');
    await expect(runs({ tasks })).resolves.toBeUndefined();
    await expect(runs({ minEffect: 0.5 })).resolves.toBeUndefined();
  });
});

it('a plan of which nothing was measured before is refused with an example of both', async () => {
  const results = resultsOf({ cells: [cellOf({ id: 'work/event-loop', wallsMs: [1, 1, 1] })] });
  const { requireCommon } = await readEarlier(saved(results), undefined);
  const planOf = (...ids: readonly string[]) => {
    const { group } = groupTaskOf({ blocks: 1 });
    const [cell] = group.cells;
    return { groups: [{ ...group, cells: ids.flatMap((id) => (cell === undefined ? [] : [{ ...cell, id }])) }] };
  };
  expect(() => requireCommon(planOf('other/event-loop', 'work/event-loop'))).not.toThrow();
  expect(() => requireCommon(planOf('other/event-loop'))).toThrow(
    'would have no configuration in common (work/event-loop there, other/event-loop here)',
  );
});
