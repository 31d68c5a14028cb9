import { describe, expect, it } from 'vitest';
import type { RatedLoad } from '../../dist/src/model/plan.js';
import type { Window } from '../../dist/src/model/load.js';
import { groupTaskOf, measureAll } from '../support/group-task.js';
import { scriptedHosts } from '../support/scripted-host.js';
import { windowOf } from '../support/windows.js';

const RATES = [10, 20, 30, 40, 50, 60, 70, 80];
const LOAD: RatedLoad = {
  arrivals: { kind: 'poisson' },
  requests: 40,
  settling: 10,
  stricterFifo: true,
  keepsRequests: false,
  via: 'in-process',
  aloneMs: 10,
  capacity: 1000,
  objective: { quantile: 'p99', ms: 50 },
  rates: RATES,
  ratings: {},
};

/** One configuration with a window at each rate; which are refused, by rate and how often it was measured before. */
async function measured(
  isRefused: (rate: number, before: number) => boolean,
  { load = LOAD, batchMs = 0, thrownAt = [] as readonly number[] } = {},
) {
  const task = groupTaskOf({ blocks: 1, tasks: 4 });
  const [cell] = task.group.cells;
  const log = cell && task.logs.get(cell.id);
  if (cell === undefined || log === undefined) throw new Error('there is no cell');
  if (batchMs > 0) log.batchMs = batchMs;
  const dueMs: (readonly number[])[] = [];
  const warmUps: (readonly number[])[] = [];
  const times = new Map<number, number>();
  const startBatches = scriptedHosts({ wallMs: () => 10 });
  const { cells, noise } = await measureAll({
    ...task,
    group: {
      ...task.group,
      load,
      cells: [cell],
      blocks: [[RATES.map((_, rateIndex) => ({ ...cell, rateIndex }))]],
    },
    startHost: async (options) => ({
      ...(await startBatches(options)),
      window: async (window) => {
        const before = times.get(window.rate) ?? 0;
        times.set(window.rate, before + 1);
        (window.settling === 0 ? warmUps : dueMs).push(window.dueMs);
        const state: Window['state'] = isRefused(window.rate, before) ? 'driver-limited' : 'ok';
        const driver = {
          lateMs: { p50: 0, p99: 0, max: 0 },
          readLateMs: { p99: 0 },
          cpus: 0.5,
          sockets: 1,
          hostsAreNice: true,
          limits: state === 'ok' ? [] : ['late' as const],
        };
        const made = windowOf(0, 0, 20 + before, { rate: window.rate, state, driver, cpuMs: 7, wallMs: 100 });
        const { block: _block, round: _round, position: _position, ...reading } = made;
        const thrown = { name: 'Error', message: `\u001B[31mno ${thrownAt.indexOf(window.rate) % 2}` };
        return { kind: 'windowed', reading, digests: [], ...(thrownAt.includes(window.rate) && { thrown }) };
      },
    }),
  });
  return { windows: cells[0]?.windows ?? [], dueMs, warmUps, noise };
}

describe('a host', () => {
  it('answers as many requests as its windows have before them, at a constant distance, and none of these counts', async () => {
    const { windows, dueMs, warmUps } = await measured(() => false);
    expect(warmUps).toHaveLength(1);
    const [arrivals = []] = warmUps;
    expect(arrivals).toHaveLength(RATES.length * LOAD.requests);
    expect(arrivals.at(-1)).toBeCloseTo((arrivals.length - 1) * 1.25, 6);
    expect(windows.map(({ rate }) => rate)).toEqual(RATES);
    expect(dueMs).toHaveLength(RATES.length);
  });

  it('answers them at 80% of what it does in batches where it is not rated, so that no queue is left over', async () => {
    const { warmUps } = await measured(() => false, { batchMs: 80 });
    const [[first = 0, second = 0] = []] = warmUps;
    // 4 tasks in 80 ms are 50 a second.
    expect(second - first).toBeCloseTo(1000 / (0.8 * 50), 6);
  });
});

it('a window keeps the first error that a task threw, as plain text, unless an earlier one has the same', async () => {
  const { windows } = await measured(() => false, { thrownAt: [20, 30, 40, 50] });
  expect(windows.flatMap(({ rate, thrown }) => (thrown === undefined ? [] : [[rate, thrown.message]]))).toEqual([
    [20, '[31mno 0'],
    [30, '[31mno 1'],
  ]);
});

describe('a window of a load with a least time', () => {
  it('has more arrivals at high rates, which begin like those of the others', async () => {
    const { windows, dueMs } = await measured(() => false, { load: { ...LOAD, leastWindowMs: 1000 } });
    const units = dueMs.map((due, index) => due.map((ms) => Number(((ms * (RATES[index] ?? 0)) / 1000).toFixed(6))));
    expect(windows.map(({ rate }) => rate)).toEqual(RATES);
    for (const [index, rate] of RATES.entries()) {
      expect(dueMs[index]?.length).toBeGreaterThanOrEqual(Math.max(LOAD.requests, rate));
      expect(dueMs[index]?.length).toBeLessThan(Math.max(LOAD.requests + 1, 1.15 * rate));
      expect(units[0]).toEqual(units[index]?.slice(0, LOAD.requests));
    }
  });
});

describe('a window whose requests were sent too late', () => {
  it('is measured again at once, with the same arrivals, and the second stands in its place', async () => {
    const { windows, dueMs, noise } = await measured((rate, before) => rate === 30 && before === 0);
    expect(windows.map(({ rate, state }) => [rate, state])).toEqual(RATES.map((rate) => [rate, 'ok']));
    expect(windows[2]).toMatchObject({ judgedMs: 21, repeated: { limits: ['late'], wallMs: 100, cpuMs: 57 } });
    expect(windows.filter(({ repeated }) => repeated !== undefined)).toHaveLength(1);
    expect(dueMs[3]).toEqual(dueMs[2]);
    expect(noise.blocks[0]).not.toHaveProperty('refusedWindows');
  });

  it('is refused if the second is late, too', async () => {
    const { windows, noise } = await measured((rate) => rate === 30);
    expect(windows[2]).toMatchObject({ state: 'driver-limited', repeated: { limits: ['late'] } });
    expect(noise.blocks[0]).toMatchObject({ refusedWindows: 1 });
  });

  it('is measured again for at most a quarter of the windows of a block', async () => {
    const { windows, dueMs } = await measured(() => true);
    expect(windows.map(({ repeated }) => repeated !== undefined)).toEqual(RATES.map((_, index) => index < 2));
    expect(dueMs).toHaveLength(RATES.length + 2);
  });
});
