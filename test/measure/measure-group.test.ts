import { describe, expect, it } from 'vitest';
import { newLogs } from '../../dist/src/measure/cell-hosts.js';
import { EqualWork, UnequalWorkError } from '../../dist/src/measure/equal-work.js';
import { HostError } from '../../dist/src/measure/host.js';
import type { MeasuringEvent } from '../../dist/src/measure/events.js';
import type { BegunGroup, GroupSnapshot, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { BlockNoise, NoiseLimits } from '../../dist/src/model/results.js';
import { hitBlocks } from '../../dist/src/stats/stopping-rules.js';
import { CALM, groupTaskOf, measureAll, onBlock } from '../support/group-task.js';
import { samplesOf } from '../support/results.js';

const LIMITS: NoiseLimits = {
  stealShare: 0.02,
  throttledShare: 0.01,
  otherCores: 0.3,
  involuntaryPerSecond: 100,
  canaryShare: 0.15,
};
const guard = { hitBlocks: (blocks: readonly BlockNoise[]) => hitBlocks(blocks, LIMITS) };

describe('the guard', () => {
  it('measures a disturbed block again, whole, and keeps the second time', async () => {
    // Each batch takes as many milliseconds as batches of its cell were measured before it: block 2 is the third.
    const found = await measureAll(
      groupTaskOf({
        blocks: 8,
        rules: guard,
        wallMs: (_cell, _tasks, measured) => measured + 1,
        noise: (turn) => (turn === 2 ? { stealShare: 0.5 } : {}),
      }),
    );
    expect(found.noise).toMatchObject({ hit: 1, repeated: 1, discarded: [{ block: 2, stealShare: 0.5 }] });
    expect(found.noise.blocks.map(({ block, stealShare }) => [block, stealShare])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((block) => [block, 0]),
    );
    for (const { samples, startupMs, discardedSamples } of found.cells) {
      expect(discardedSamples?.map(({ block, wallMs }) => [block, wallMs])).toEqual([[2, 3]]);
      expect(samples.map(({ block, wallMs }) => [block, wallMs])).toEqual([
        ...[0, 1, 3, 4, 5, 6, 7].map((block) => [block, block + 1]),
        [2, 9],
      ]);
      expect(startupMs).toHaveLength(8);
    }
    expect(found.complete).toBe(true);
  });

  it('announces and measures at most a quarter again, the worst first, and says how many were hit', async () => {
    const announced: MeasuringEvent[] = [];
    const found = await measureAll(
      groupTaskOf({
        blocks: 9,
        rules: guard,
        noise: (turn) => ({ stealShare: turn < 9 ? turn / 10 : 0 }),
      }),
      (event) => {
        if (event.kind === 'repeating') announced.push(event);
      },
    );
    expect(announced).toMatchObject([{ blocks: [8, 7], estimate: { done: 9 } }]);
    // All but block 0 are beyond 2%; a quarter of 9 is 2.
    expect(found.noise).toMatchObject({ hit: 8, repeated: 2 });
    expect(found.noise.discarded.map(({ block }) => block)).toEqual([8, 7]);
  });

  it('measures no block a third time', async () => {
    const blocks: number[] = [];
    const found = await measureAll(
      groupTaskOf({
        blocks: 8,
        looks: [4, 8],
        rules: guard,
        noise: (turn) => ({ stealShare: turn === 0 || turn === 4 ? 0.5 : 0 }),
      }),
      onBlock((block) => blocks.push(block)),
    );
    // Block 0 is hit again when it is repeated after the first look.
    expect(blocks).toEqual([0, 1, 2, 3, 0, 4, 5, 6, 7]);
    expect(found.noise).toMatchObject({ hit: 1, repeated: 1 });
  });

  it('counts the disturbed blocks of a run that was interrupted before its look', async () => {
    const abort = new AbortController();
    const found = await measureAll(
      groupTaskOf({
        blocks: 8,
        rules: guard,
        noise: (turn) => (turn === 1 ? { stealShare: 0.5 } : {}),
        signal: abort.signal,
      }),
      onBlock((block) => block === 3 && abort.abort()),
    );
    expect(found.complete).toBe(false);
    expect(found.noise).toMatchObject({ hit: 1, repeated: 0 });
  });

  it('keeps the block as it was if its repetition is interrupted', async () => {
    const abort = new AbortController();
    let batches = 0;
    const found = await measureAll(
      groupTaskOf({
        blocks: 4,
        rules: guard,
        wallMs: (_cell, _tasks, measured) => measured + 1,
        noise: (turn) => (turn === 1 ? { stealShare: 0.5 } : {}),
        signal: abort.signal,
        // Two cells, four blocks: the ninth batch is the first of the repetition.
        onBatch: () => {
          batches += 1;
          if (batches === 9) abort.abort();
        },
      }),
    );
    expect(found.noise).toMatchObject({ repeated: 0, discarded: [] });
    for (const { samples, startupMs } of found.cells) {
      expect(samples.map(({ block, wallMs }) => [block, wallMs])).toEqual(
        [0, 1, 2, 3].map((block) => [block, block + 1]),
      );
      expect(startupMs).toHaveLength(4);
    }
  });
});

describe('looks', () => {
  it('are taken at the declared numbers of blocks only, and end the group once all is decided', async () => {
    const seen: number[] = [];
    const found = await measureAll(
      groupTaskOf({
        blocks: 16,
        looks: [4, 8, 16],
        rules: {
          decided: ({ cells }) => {
            seen.push(cells[0]?.samples.length ?? 0);
            return seen.length === 2 ? cells.map(({ cell: { id } }) => id) : [];
          },
        },
      }),
    );
    expect(seen).toEqual([4, 8]);
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 8]);
    expect(found.complete).toBe(true);
  });

  it('let a cell go once it is decided, with the samples that decided it', async () => {
    const found = await measureAll(
      groupTaskOf({
        blocks: 16,
        looks: [4, 8, 16],
        rules: {
          decided: ({ cells }) =>
            // The baseline stays as long as another needs it.
            cells.flatMap(({ cell: { id }, samples }) =>
              (id === 'work/event-loop' ? samples.length === 8 : true) ? [id] : [],
            ),
        },
      }),
    );
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 4]);
    expect(found.complete).toBe(true);
  });

  it('repeat no block of an earlier look, whose samples have decided', async () => {
    const measured: number[] = [];
    const task = groupTaskOf({
      blocks: 8,
      looks: [4, 8],
      // Block 0 is disturbed at both looks.
      rules: {
        decided: () => ['work/worker-threads@2'],
        hitBlocks: (blocks) => (blocks.length === 8 ? [0, 1, 5] : [0]),
      },
    });
    const found = await measureAll(
      task,
      onBlock((block) => measured.push(block)),
    );
    expect(measured).toEqual([0, 1, 2, 3, 0, 4, 5, 6, 7, 5]);
    expect(found.noise).toMatchObject({ hit: 3, repeated: 2 });
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 4]);
  });

  it('are resumed with the cells that had left', async () => {
    const abort = new AbortController();
    const spec = { blocks: 8, looks: [4, 8], rules: { decided: () => ['work/worker-threads@2'] } };
    let saved: GroupSnapshot | undefined;
    const task = groupTaskOf({ ...spec, signal: abort.signal });
    const stop = onBlock((block) => block === 5 && abort.abort());
    const cut = await measureAll({ ...task, snapshots: (own) => [(saved = structuredClone(own))] }, stop);
    if (saved === undefined) throw new Error('nothing was saved');
    const begun = { ...saved, samples: new Map(cut.cells.map(({ cell: { id }, samples }) => [id, samples])) };
    const again = groupTaskOf(spec);
    const found = await measureAll({ ...again, logs: newLogs(again.group.cells, begun), begun });
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 4]);
    expect(found.complete).toBe(true);
  });

  it('end with the last, decided or not', async () => {
    const found = await measureAll(groupTaskOf({ blocks: 8, looks: [2, 4, 8] }));
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 8]);
    expect(found.complete).toBe(true);
  });

  it('do not make complete what was interrupted', async () => {
    const abort = new AbortController();
    const found = await measureAll(
      groupTaskOf({
        blocks: 8,
        looks: [4, 8],
        signal: abort.signal,
      }),
      onBlock((block) => block === 5 && abort.abort()),
    );
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([6, 6]);
    expect(found.complete).toBe(false);
  });
});

describe('the upper bound', () => {
  it('is not measured of work that has failed everywhere, nor of a run that was interrupted before it', async () => {
    const failing = groupTaskOf({ blocks: 2, upperBoundLanes: [2] });
    for (const log of failing.logs.values()) log.error = { name: 'Error', message: 'no' };
    expect((await measureAll(failing)).upperBounds).toEqual([{ lanes: 2, samples: [] }]);
    const interrupted = groupTaskOf({ blocks: 2, upperBoundLanes: [2], signal: AbortSignal.abort() });
    expect((await measureAll(interrupted)).upperBounds).toEqual([{ lanes: 2, samples: [] }]);
  });

  it('is what plain processes do together in a round, for each number of them', async () => {
    const together: string[] = [];
    const found = await measureAll(
      groupTaskOf({
        blocks: 2,
        rounds: 3,
        upperBoundLanes: [1, 2],
        wallMs: (cell) => (cell === 'work/upper-bound' ? 8 : 10),
        onBatch: (cell) => together.push(cell),
      }),
    );
    // Two that take 8 ms each do a batch in 4 ms.
    expect(found.upperBounds.map(({ lanes, samples }) => [lanes, samples.map(({ wallMs }) => wallMs)])).toEqual([
      [1, [8, 8, 8, 8, 8, 8]],
      [2, [4, 4, 4, 4, 4, 4]],
    ]);
    expect(together.filter((cell) => cell === 'work/upper-bound')).toHaveLength(2 * 3 * (1 + 2));
    expect(found.cells.map(({ cell }) => cell.id)).toEqual(['work/event-loop', 'work/worker-threads@2']);
  });
});

describe('the upper bound of a few blocks', () => {
  it('is that of the first ones, also if one of them is measured again', async () => {
    const task = groupTaskOf({
      blocks: 8,
      upperBoundLanes: [2],
      rules: guard,
      noise: (turn) => (turn === 1 ? { stealShare: 0.5 } : {}),
    });
    const found = await measureAll({ ...task, group: { ...task.group, upperBoundBlocks: 3 } });
    expect(found.noise.repeated).toBe(1);
    expect(found.upperBounds[0]?.samples.map(({ block }) => block)).toEqual([0, 2, 1]);
    expect(found.complete).toBe(true);
  });
});

describe('the upper bound of a few rounds', () => {
  it('is that of the first ones of each block', async () => {
    const task = groupTaskOf({ blocks: 2, rounds: 4, upperBoundLanes: [2] });
    const found = await measureAll({ ...task, group: { ...task.group, upperBoundRounds: 3 } });
    expect(found.upperBounds[0]?.samples.map(({ round }) => round)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(found.complete).toBe(true);
  });
});

describe('the hosts of a block', () => {
  it.each([
    ['cpu', 100, { 'event-loop': [0, 1], 'worker-threads@2': [undefined, undefined] }],
    ['cpu', 99, { 'event-loop': [undefined, undefined], 'worker-threads@2': [undefined, undefined] }],
    ['io', 100, { 'event-loop': [undefined, undefined], 'worker-threads@2': [undefined, undefined] }],
  ] as const)(
    'warm up long batches of CPU-bound work in halves that have two tasks for each worker: %s, %i ms',
    async (bound, batchMs, expected) => {
      const task = groupTaskOf({ blocks: 1 });
      for (const log of task.logs.values()) log.batchMs = batchMs;
      const halves: Record<string, unknown[]> = {};
      await measureAll({
        ...task,
        group: { ...task.group, workload: { ...task.group.workload, bound } },
        startHost: async (options) => {
          const host = await task.startHost(options);
          let cell = '';
          return {
            ...host,
            open: (assignment) => {
              cell = assignment.lane.cell.replace('work/', '');
              return host.open(assignment);
            },
            warm: (together, announced, half) => {
              (halves[cell] ??= []).push(half);
              return host.warm(together, announced, half);
            },
          };
        },
      });
      expect(halves).toEqual(expected);
    },
  );

  it('warm up alike where candidates are only selected, which colder ones would not be', async () => {
    const task = groupTaskOf({ blocks: 1 });
    for (const log of task.logs.values()) log.batchMs = 100;
    const halves: unknown[] = [];
    await measureAll({
      ...task,
      options: { ...task.options, warmups: 1 },
      group: { ...task.group, isRace: true, selectBy: [] },
      startHost: async (options) => {
        const host = await task.startHost(options);
        return {
          ...host,
          warm: (together, announced, half) => {
            halves.push(half);
            return host.warm(together, announced, half);
          },
        };
      },
    });
    // The pool of two workers would have one task for each in half a batch of four.
    expect([0, 1, undefined].map((half) => halves.filter((one) => one === half).length)).toEqual([1, 1, 2]);
  });

  // The loop has one worker and the pool has two, on two CPUs.
  it.each([
    ['cpu', 1],
    ['mixed', 2],
    ['io', 2],
  ] as const)('warm up beside each other as the CPUs allow for %s work: %i at a time', async (bound, expected) => {
    const task = groupTaskOf({ blocks: 1 });
    let [now, most] = [0, 0];
    await measureAll({
      ...task,
      group: { ...task.group, workload: { ...task.group.workload, bound } },
      startHost: async (options) => {
        const host = await task.startHost(options);
        return {
          ...host,
          warm: async (...asked) => {
            most = Math.max(most, ++now);
            await new Promise(setImmediate);
            now--;
            return host.warm(...asked);
          },
        };
      },
    });
    expect(most).toBe(expected);
  });

  it('end while those of the next one start, and before those open; in the end none is left', async () => {
    const task = groupTaskOf({ blocks: 2 });
    const events: string[] = [];
    await measureAll({
      ...task,
      startHost: async (options) => {
        events.push('starts');
        const host = await task.startHost(options);
        return {
          ...host,
          open: (assignment) => {
            events.push('opens');
            return host.open(assignment);
          },
          kill: async () => {
            await new Promise(setImmediate);
            events.push('ended');
          },
        };
      },
    });
    const each = (event: string): readonly string[] => [event, event];
    const ofBlock = ['starts', 'ended', 'opens'].flatMap(each);
    expect(events).toEqual([...each('starts'), ...each('opens'), ...ofBlock, ...each('ended')]);
  });
});

describe('a cell that has failed', () => {
  it('keeps what was measured of it, also of a block that is measured again without it', async () => {
    const failing = groupTaskOf({
      blocks: 8,
      rules: guard,
      noise: (turn) => (turn === 2 ? { stealShare: 0.5 } : {}),
      wallMs: (cell, _tasks, measured) => {
        if (cell === 'work/event-loop' && measured === 5)
          throw new HostError({ error: { name: 'Error', message: 'no more' } });
        return 10 + measured;
      },
    });
    const found = await measureAll(failing);
    expect(found.noise).toMatchObject({ hit: 1, repeated: 1 });
    const [failed, other] = found.cells;
    expect(failed?.error?.message).toBe('no more');
    expect(failed?.samples.map(({ block }) => block)).toEqual([0, 1, 2, 3, 4]);
    expect(other?.samples.map(({ block }) => block)).toEqual([0, 1, 3, 4, 5, 6, 7, 2]);
  });
});

it.each([
  [
    "Cannot read 'n' of undefined.",
    undefined,
    "Cannot read 'n' of undefined (the task got no input: give one with --input)",
  ],
  ["Cannot read 'n' of undefined.", [1], "Cannot read 'n' of undefined."],
  ['n is not iterable', undefined, 'n is not iterable'],
])('a task that fails with "%s", with the inputs %j, is reported as "%s"', async (message, inputs, reported) => {
  const task = groupTaskOf({
    blocks: 1,
    wallMs: () => {
      throw new HostError({ error: { name: 'TypeError', message } });
    },
  });
  const workload = { ...task.group.workload, ...(inputs !== undefined && { inputs }) };
  const found = await measureAll({ ...task, group: { ...task.group, workload } });
  expect(found.cells[0]?.error?.message).toBe(reported);
});

describe('a group in which every cell has failed', () => {
  it('is complete: there is nothing more to measure', async () => {
    const found = await measureAll(
      groupTaskOf({
        blocks: 8,
        onBatch: () => {
          throw new UnequalWorkError(['work/a', 'work/b'], 0, ['1', '2']);
        },
      }),
    );
    expect(found.cells.map(({ error }) => error?.name)).toEqual(['UnequalWorkError', 'UnequalWorkError']);
    expect(found.complete).toBe(true);
  });

  it('has no more blocks, so none that is disturbed', async () => {
    const blocks: number[] = [];
    const failing = groupTaskOf({
      blocks: 8,
      looks: [4, 8],
      rules: guard,
      noise: () => ({ stealShare: 0.5 }),
      wallMs: (_cell, _tasks, measured) => {
        if (measured === 1) throw new HostError({ error: { name: 'Error', message: 'no more' } });
        return 10;
      },
    });
    const found = await measureAll(
      failing,
      onBlock((block) => blocks.push(block)),
    );
    // The second block is the one in which both fail.
    expect(blocks).toEqual([0, 1]);
    expect(found.noise).toMatchObject({ hit: 2, repeated: 0, discarded: [] });
    expect(found.complete).toBe(true);
  });
});

describe('a group that another process has begun', () => {
  const walls = (found: MeasuredGroup, cell = 0) =>
    found.cells[cell]?.samples.map(({ block, wallMs }) => [block, wallMs]);

  it('goes on with the block after the last whole one, and ends as if it had not been cut off', async () => {
    const stop = new AbortController();
    const saved: GroupSnapshot[] = [];
    const wallMs = (_cell: string, _tasks: number, measured: number): number => 10 + measured;
    const first = groupTaskOf({
      blocks: 6,
      rounds: 2,
      upperBoundLanes: [2],
      wallMs,
      noise: (turn) => (turn === 1 ? { stealShare: 0.5 } : {}),
      signal: stop.signal,
    });
    const snapshots = (progress: GroupSnapshot) => {
      saved.push(structuredClone(progress));
      return [];
    };
    const cut = await measureAll(
      { ...first, snapshots },
      onBlock((block) => block === 2 && stop.abort()),
    );
    expect(cut.complete).toBe(false);
    const last = saved.at(-1);
    if (last === undefined) throw new Error('nothing was saved');
    expect(last.blocks).toBe(3);
    const begun: BegunGroup = {
      ...last,
      samples: new Map(cut.cells.map(({ cell, samples }) => [cell.id, samples])),
    };
    const second = groupTaskOf({ blocks: 6, rounds: 2, upperBoundLanes: [2], wallMs, rules: guard });
    const whole = await measureAll({
      ...second,
      logs: newLogs(second.group.cells, begun),
      equalWork: new EqualWork(begun.reference),
      begun,
    });
    expect(whole.complete).toBe(true);
    // Block 1 was hit in the first process; the second one measured it again, as the last.
    expect(whole.noise).toMatchObject({ hit: 1, repeated: 1, discarded: [{ block: 1, stealShare: 0.5 }] });
    expect(whole.noise.blocks.map(({ block }) => block)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(walls(whole)?.map(([block]) => block)).toEqual([0, 0, 2, 2, 3, 3, 4, 4, 5, 5, 1, 1]);
    expect(walls(whole)?.slice(0, 4)).toEqual(walls(cut)?.filter(([block]) => block !== 1));
    expect(whole.cells.map(({ startupMs }) => startupMs.length)).toEqual([6, 6]);
    expect(whole.upperBounds[0]?.samples).toHaveLength(12);
    expect(whole.digests).toEqual(cut.digests);
  });

  it('is not looked at again where it was looked at before', async () => {
    const asked: number[] = [];
    const task = groupTaskOf({
      blocks: 8,
      looks: [2, 4, 8],
      rules: {
        decided: ({ cells }) => {
          asked.push(cells[0]?.samples.length ?? 0);
          return [];
        },
      },
    });
    const noise = [0, 1, 2].map((block) => ({ block, ...CALM }));
    const samples = new Map(task.group.cells.map(({ id }) => [id, samplesOf([10, 10, 10])]));
    const begun: BegunGroup = {
      tasks: 4,
      preparingMs: 1,
      blocks: 3,
      cells: [],
      reference: null,
      hit: [],
      noise,
      discarded: [],
      upperBounds: [],
      timelines: [],
      warnings: [],
      leftBehind: 0,
      isDone: false,
      samples,
    };
    await measureAll({ ...task, logs: newLogs(task.group.cells, begun), begun });
    expect(asked).toEqual([4, 8]);
  });
});

describe('the timeline of a cell', () => {
  it('is that of the traced batch nearest to the median measured one, of up to three', async () => {
    const traces: number[] = [];
    const found = await measureAll(
      groupTaskOf({
        blocks: 1,
        rounds: 3,
        // 10, 11 and 12 ms of every cell.
        wallMs: (_cell, _tasks, measured) => 10 + measured,
        tracedMs: (cell, traced) => {
          if (cell === 'work/event-loop') traces.push(traced);
          return [30, 12, 20][traced] ?? 0;
        },
      }),
    );
    expect(traces).toEqual([0, 1, 2]);
    // Reading memory holds up the workers, so it is read in one of them.
    expect(found.cells.map(({ memoryBytes }) => memoryBytes.length)).toEqual([1, 1]);
    expect(found.timelines.map(({ batchMs }) => batchMs)).toEqual([12, 12]);
  });

  it('is the first one that is near enough: no more are traced', async () => {
    let traces = 0;
    const found = await measureAll(
      groupTaskOf({
        blocks: 1,
        wallMs: () => 10,
        tracedMs: (_cell, traced) => ((traces += 1), traced === 0 ? 10.2 : 10),
      }),
    );
    expect(traces).toBe(2);
    expect(found.timelines.map(({ batchMs }) => batchMs)).toEqual([10.2, 10.2]);
  });
});
