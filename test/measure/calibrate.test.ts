import { expect, it } from 'vitest';
import { calibrate, estimateOf } from '../../dist/src/measure/calibrate.js';
import { newLogs } from '../../dist/src/measure/cell-hosts.js';
import { BETWEEN_WINDOWS_MS } from '../../dist/src/model/evidence.js';
import type { CellLog } from '../../dist/src/model/measured.js';
import type { Group, PlannedCell } from '../../dist/src/model/plan.js';
import { groupTaskOf, type GroupTaskSpec } from '../support/group-task.js';

const tasksFor = async (spec: Partial<GroupTaskSpec>): Promise<number> =>
  (await calibrate(groupTaskOf({ blocks: 2, ...spec }))).tasks;

it('leaves a batch that is long enough as the workload has it', async () => {
  expect(await tasksFor({ tasks: 4, wallMs: (_cell, tasks) => tasks * 5 })).toBe(4);
});

it('doubles the tasks until a batch of the fastest cell is long enough, the same for all cells', async () => {
  // 1 ms a task on two threads, 2 ms on the loop: 16 tasks would take 16 ms, 32 take 32.
  const wallMs = (cell: string, tasks: number): number => tasks * (cell.includes('threads') ? 1 : 2);
  expect(await tasksFor({ tasks: 4, wallMs })).toBe(32);
});

it('counts batches whose code is compiled, which can be several times as fast', async () => {
  // 25 ms for 4 tasks at first, and then 5.
  const cold = (_cell: string, tasks: number): number => tasks * 6.25;
  const hot = (_cell: string, tasks: number): number => tasks * 1.25;
  expect(await tasksFor({ tasks: 4, wallMs: cold, warmMs: hot })).toBe(32);
  // Nor is it tried where the number is fixed.
  const warmed: string[] = [];
  const noting = (cell: string, tasks: number): number => warmed.push(cell) && hot(cell, tasks);
  await tasksFor({ tasks: 4, tasksAreFixed: true, wallMs: cold, warmMs: noting });
  // Each of the two configurations warms up until two batches take about as long.
  expect(warmed).toHaveLength(4);
  // Nothing gets so much faster that a batch of 200 ms would be too short.
  expect(await tasksFor({ tasks: 32, wallMs: cold, warmMs: () => 1 })).toBe(32);
});

it('looks again, since more tasks need not take longer', async () => {
  // All wait at once: 10 ms up to 16 tasks, and as many times as long as that is exceeded.
  expect(await tasksFor({ tasks: 4, wallMs: (_cell, tasks) => 10 * Math.max(1, tasks / 16) })).toBe(64);
});

it('makes no batch of another cell longer than a second for it', async () => {
  const wallMs = (cell: string, tasks: number): number => tasks * (cell.includes('threads') ? 100 : 0.01);
  expect(await tasksFor({ tasks: 4, wallMs })).toBe(8);
});

it('changes nothing if the number of tasks was asked for', async () => {
  expect(await tasksFor({ tasks: 4, tasksAreFixed: true, wallMs: () => 1 })).toBe(4);
});

it('runs nothing of what is known from batches of the same size', async () => {
  const batches: string[] = [];
  const task = groupTaskOf({ blocks: 2, onBatch: (cell) => batches.push(cell) });
  const calibrated = Object.fromEntries(task.group.cells.map(({ id }) => [id, { batchMs: 30, preparingMs: 70 }]));
  expect(await calibrate({ ...task, group: { ...task.group, calibrated } })).toEqual({ tasks: 4, preparingMs: 140 });
  expect(batches).toEqual([]);
  expect([...task.logs.values()].map(({ batchMs }) => batchMs)).toEqual([30, 30]);
});

it('measures nothing of it', async () => {
  const task = groupTaskOf({ blocks: 2 });
  await calibrate(task);
  for (const { samples, startupMs } of task.logs.values()) expect([samples, startupMs]).toEqual([[], []]);
});

it('runs every cell of a race once if its batches are long enough, also one that starts a worker for each task', async () => {
  const batches: string[] = [];
  const task = groupTaskOf({ blocks: 2, wallMs: () => 25, onBatch: (cell) => batches.push(cell) });
  const each: PlannedCell = { id: 'work/each', strategy: 'process-per-task', poolSize: 2, concurrency: 1 };
  const cells = [each, ...task.group.cells];
  const group = { ...task.group, cells, isRace: true, blocks: [[cells]] };
  const logs = newLogs(cells);
  await calibrate({ ...task, group, logs });
  expect(batches).toEqual(['work/event-loop', 'work/worker-threads@2', 'work/each']);
  expect([...logs.values()].map(({ startsMs }) => startsMs)).toEqual([[25], [25], [25]]);
});

it.each([
  ['was not awaited', { kind: 'unawaited', afterMs: 30, pending: 0, isEmpty: true }],
  ['is only looked up', { kind: 'memoised', firstMs: 15, laterMs: 0.001 }],
] as const)('makes no batch larger for the sake of work that %s', async (_what, doubt) => {
  expect(await tasksFor({ tasks: 4, wallMs: () => 0.1, doubts: [doubt] })).toBe(4);
});

it('estimates what warms up by the batches of a configuration that is not rated', () => {
  const cell = {
    id: 'work/worker-threads',
    strategy: 'worker-threads',
    poolSize: 2,
    concurrency: 1,
    family: 'threads',
  };
  const blockMs = (batchMs: number): number => {
    const load = { requests: 400, rates: [40], ratings: {}, capacity: 4000, aloneMs: 40 };
    const turns = [{ ...cell, rateIndex: 0 }];
    const group = { load, workload: { tasks: 4 }, cells: [cell], blocks: [[turns]] } as unknown as Group;
    const logs = new Map([[cell.id, { cell, startupMs: [], windows: [], batchMs } as unknown as CellLog]]);
    return estimateOf({ group, options: { warmups: 1 }, logs, preparingMs: 0 }).blocksMs[0] ?? 0;
  };
  // 4 tasks in 80 ms are 50 a second: an eighth of those that get a whole second. In 10 ms, they are 400.
  expect(blockMs(10) - blockMs(80)).toBeCloseTo(1000 - 125, 6);
});

it('estimates a block of windows with their arrivals, the pauses between them, and what warms up', () => {
  const cell = { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all', family: 'event-loop' };
  const turns = [
    { ...cell, rateIndex: 0 },
    { ...cell, rateIndex: 1 },
  ];
  const blockMs = (rates: readonly number[], requests: number): number => {
    const load = { requests, rates, ratings: {}, capacity: 100, aloneMs: 10 };
    const group = { load, workload: { tasks: 4 }, cells: [cell], blocks: [[turns]] } as unknown as Group;
    const logs = new Map([[cell.id, { cell, startupMs: [], windows: [] } as unknown as CellLog]]);
    return estimateOf({ group, options: { warmups: 0 }, logs, preparingMs: 500 }).blocksMs[0] ?? 0;
  };
  // 4 s and 2 s of arrivals; twice the rates take half as long, the rest stays.
  const arrivalsMs = 6000;
  const restMs = blockMs([50, 100], 200) - arrivalsMs;
  expect(blockMs([100, 200], 200)).toBeCloseTo(arrivalsMs / 2 + restMs, 6);
  // The preparation, two pauses and the end.
  expect(restMs).toBeCloseTo(500 + 2 * BETWEEN_WINDOWS_MS + 100, 6);
});

it('estimates a block of batches with what warms up, the upper bound, and the traces of what a race drops', () => {
  const cells = ['work/event-loop', 'work/slow'].map((id) => ({ id, strategy: 'sequential', poolSize: 1 }));
  const blocksMs = (over: Partial<Group>): readonly number[] => {
    const rounds = [cells, cells];
    const blocks = over.isRace === true ? [rounds, rounds, rounds] : [rounds];
    const group = { workload: {}, cells, baseline: 'work/event-loop', blocks, upperBoundLanes: [], ...over };
    const logs = new Map(
      cells.map((cell, index) => [cell.id, { cell, batchMs: 50 + index, startupMs: [] } as unknown as CellLog]),
    );
    return estimateOf({ group: group as unknown as Group, options: { warmups: 2 }, logs, preparingMs: 300 }).blocksMs;
  };
  const [plain = 0] = blocksMs({});
  // Each batch of two rounds, and more warm-ups than the two of the preset, beside the preparation.
  expect(plain).toBeGreaterThan(300 + 2 * (50 + 51));
  // It warms up twice and runs twice, once for each number of processes.
  expect((blocksMs({ upperBoundLanes: [1, 2] })[0] ?? 0) - plain).toBe(50 * (2 + 2 * 2));
  expect((blocksMs({ upperBoundLanes: [2], upperBoundRounds: 1 })[0] ?? 0) - plain).toBe(50 * (2 + 1));
  expect(blocksMs({ upperBoundLanes: [2], upperBoundBlocks: 0 })[0]).toBe(plain);
  const [first = 0, second = 0, confirmation] = blocksMs({ isRace: true });
  expect(first - second).toBe(50 + 51);
  expect(confirmation).toBe(plain);
});
