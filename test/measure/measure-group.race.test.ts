import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newLogs } from '../../dist/src/measure/cell-hosts.js';
import type { GroupTask } from '../../dist/src/measure/measure-group.js';
import { dropped, rulesOf, SCREENING_BLOCKS, type DropRule } from '../../dist/src/model/evidence.js';
import type { GroupSnapshot, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { PlannedCell } from '../../dist/src/model/plan.js';
import { orderRace, withConfirmation } from '../../dist/src/plan/cells.js';
import { groupTaskOf, measureAll, onBlock } from '../support/group-task.js';

const cell = (strategy: string, poolSize: number): PlannedCell => ({
  id: `work/${strategy}@${poolSize}`,
  strategy,
  poolSize,
  concurrency: 1,
});
const CELLS: readonly PlannedCell[] = [
  { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all' },
  cell('worker-threads', 2),
  cell('child-processes', 2),
  cell('process-per-task', 2),
];
/** The loop is the baseline, threads lead, children are near, and the last is far behind. */
const WALLS: Readonly<Record<string, number>> = {
  'work/event-loop': 40,
  'work/worker-threads@2': 20,
  'work/child-processes@2': 31,
  'work/process-per-task@2': 200,
};
const BLOCKS = 8;

function raceOf(signal?: AbortSignal, selectBy?: readonly DropRule[]): GroupTask {
  const task = groupTaskOf({
    blocks: BLOCKS,
    wallMs: (id) => WALLS[id] ?? Number.NaN,
    ...(signal !== undefined && { signal }),
    rules: {
      dropped: (group, logs) =>
        new Map(
          dropped(
            logs.flatMap((log) => (log.droppedFor === undefined ? [{ id: log.cell.id, startsMs: log.startsMs }] : [])),
            selectBy === undefined ? group.baseline : undefined,
            rulesOf(group),
          ).map((id) => [id, 'far-behind']),
        ),
      confirmed: (group, left) => withConfirmation(group, left, { blocks: BLOCKS, rounds: 1 }, 1),
    },
  });
  const { blocks: _ofTwoCells, ...plain } = {
    ...task.group,
    cells: CELLS,
    isRace: true,
    ...(selectBy && { selectBy }),
  };
  const group = { ...plain, blocks: orderRace(plain, { blocks: BLOCKS, rounds: 1 }, 1) };
  const logs = newLogs(CELLS);
  // Calibrated: the first start.
  for (const log of logs.values()) log.startsMs.push(WALLS[log.cell.id] ?? Number.NaN);
  return { ...task, group, logs };
}

const blocksOf = ({ cells }: MeasuredGroup): unknown =>
  Object.fromEntries(cells.map(({ cell: { id }, samples }) => [id, samples.map(({ block }) => block)]));

const CONFIRMED = Array.from({ length: BLOCKS }, (_, block) => SCREENING_BLOCKS + block);

describe('a race', () => {
  it('drops a cell as soon as its starts allow, and takes the samples of the others from new blocks alone', async () => {
    const found = await measureAll(raceOf());
    expect(blocksOf(found)).toEqual({
      'work/event-loop': CONFIRMED,
      'work/worker-threads@2': CONFIRMED,
      // 1.55 times the time of the leader, three times.
      'work/child-processes@2': [0, 1],
      'work/process-per-task@2': [0],
    });
    expect(found.cells.map(({ startsMs }) => startsMs.length)).toEqual([3, 3, 3, 2]);
    expect(found.complete).toBe(true);
    expect(found.noise.blocks.map(({ block }) => block)).toEqual(CONFIRMED);
  });

  it('that selects candidates may drop the baseline, keeps what it has measured, and draws no timelines', async () => {
    const found = await measureAll(raceOf(undefined, [{ starts: 2, factor: 1.5, chance: 0.1 }]));
    const left = [0, ...CONFIRMED.map((block) => block - 1)];
    expect(blocksOf(found)).toEqual({
      'work/event-loop': [0],
      'work/worker-threads@2': left,
      'work/child-processes@2': [0],
      'work/process-per-task@2': [0],
    });
    expect(found.complete).toBe(true);
    expect(found.timelines).toEqual([]);
  });

  it('leaves out a start that could drop nothing, and takes the startup times of the first confirmed block instead', async () => {
    const task = raceOf();
    const asked: number[] = [];
    const found = await measureAll({
      ...task,
      rules: {
        ...task.rules,
        couldDrop: (_group, logs) => {
          asked.push(Math.max(...logs.map(({ startsMs }) => startsMs.length)));
          return false;
        },
      },
    });
    expect(new Set(asked)).toEqual(new Set([2]));
    expect(blocksOf(found)).toMatchObject({
      'work/event-loop': CONFIRMED,
      'work/child-processes@2': CONFIRMED,
      'work/process-per-task@2': [0],
    });
    expect(found.cells.map(({ startsMs }) => startsMs.length)).toEqual([2, 2, 2, 2]);
    expect(found.cells.map(({ startupMs }) => startupMs.length)).toEqual([2, 2, 2, 1]);
    expect(found.complete).toBe(true);
  });

  it('that selects candidates may end after any of its blocks', async () => {
    const task = raceOf(undefined, [{ starts: 2, factor: 1.5, chance: 0.1 }]);
    const looks: number[] = [];
    const decided: GroupTask['rules']['decided'] = ({ cells }) => {
      const left = cells.filter(({ droppedFor }) => droppedFor === undefined);
      looks.push(left.length);
      return looks.length < 2 ? [] : left.map((log) => log.cell.id);
    };
    const found = await measureAll({ ...task, rules: { ...task.rules, decided } });
    expect(looks).toEqual([1, 1]);
    expect(blocksOf(found)).toMatchObject({ 'work/event-loop': [0], 'work/worker-threads@2': [0, 1, 2] });
    expect(found.complete).toBe(true);
  });

  it.each([
    ['as hosts start', 1, true],
    ['once all hosts have started, where so many workers at once would take long', 0.1, false],
  ])('gets hosts ready one by one while startup times count, and then %s', async (_when, cpus, asTheyStart) => {
    const task = raceOf();
    const events: string[] = [];
    let starts = 0;
    const startHost: GroupTask['startHost'] = async (options) => {
      const host = await task.startHost(options);
      // Every other one takes longer.
      const turns = starts++ % 2 === 1 ? 20 : 1;
      const wait = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await nextTurn();
      };
      if (turns > 1) await wait();
      events.push('started');
      return {
        ...host,
        open: async (assignment) => {
          events.push('opening');
          await wait();
          events.push('open');
          return host.open(assignment);
        },
        warm: (...how) => {
          events.push('warming');
          return host.warm(...how);
        },
      };
    };
    const perBlock: string[][] = [];
    await measureAll(
      { ...task, cpus, startHost },
      onBlock(() => perBlock.push(events.splice(0))),
    );
    const inTurns = (block: readonly string[]): string => block.filter((event) => event.startsWith('open')).join(' ');
    const isWarmBeforeAllAreOpen = (block: readonly string[]): boolean =>
      block.indexOf('warming') < block.lastIndexOf('open');
    expect(perBlock.map(isWarmBeforeAllAreOpen)).toEqual(perBlock.map((_, index) => index >= SCREENING_BLOCKS));
    for (const block of perBlock.slice(0, SCREENING_BLOCKS))
      expect(inTurns(block)).toBe(
        block
          .filter((event) => event === 'open')
          .map(() => 'opening open')
          .join(' '),
      );
    expect(perBlock).toHaveLength(SCREENING_BLOCKS + BLOCKS);
    for (const block of perBlock.slice(SCREENING_BLOCKS))
      expect(block.indexOf('opening') < block.lastIndexOf('started')).toBe(asTheyStart);
  });

  it('draws a timeline of every cell, and of what is left in its confirmation', async () => {
    const found = await measureAll(raceOf());
    expect(found.timelines.map(({ cell: id }) => id).toSorted()).toEqual(Object.keys(WALLS).toSorted());
  });

  it('estimates the confirmation of what is left once the race is run', async () => {
    const events: number[] = [];
    await measureAll(raceOf(), (event) => {
      if (event.kind === 'raced')
        events.push(event.estimate.group.blocks.at(-1)?.[0]?.length ?? 0, event.estimate.done);
    });
    expect(events).toEqual([2, SCREENING_BLOCKS]);
  });

  it('that is interrupted in its first new block has the samples of the race', async () => {
    const interruption = new AbortController();
    const stop = onBlock((block) => block === SCREENING_BLOCKS - 1 && interruption.abort());
    const found = await measureAll(raceOf(interruption.signal), stop);
    expect(found.complete).toBe(false);
    expect(found.cells.filter(({ samples }) => samples.length === 0)).toEqual([]);
  });

  it.each([0, 1, 4])('that was interrupted after block %i is resumed to the same end', async (last) => {
    const whole = await measureAll(raceOf());
    const interruption = new AbortController();
    let saved: GroupSnapshot | undefined;
    const samples = new Map<string, MeasuredGroup['cells'][number]['samples']>();
    const task = raceOf(interruption.signal);
    const stop = onBlock((block) => block === last + 1 && interruption.abort());
    await measureAll({ ...task, snapshots: (own) => [(saved = structuredClone(own))] }, (event) => {
      // As the journal has them, those of the race too.
      if (event.kind === 'sample') samples.set(event.cell, [...(samples.get(event.cell) ?? []), event.sample]);
      stop(event);
    });
    if (saved === undefined) throw new Error('nothing was saved');
    const begun = { ...saved, samples };
    const again = raceOf();
    const resumed = await measureAll({ ...again, logs: newLogs(CELLS, begun), begun });
    expect(blocksOf(resumed)).toEqual(blocksOf(whole));
    expect(resumed.complete).toBe(true);
  });
});
