import { describe, expect, it } from 'vitest';
import { measureGroup } from '../../dist/src/measure/measure-group.js';
import type { BlockNoise, NoiseLimits } from '../../dist/src/model.js';
import { hitBlocks } from '../../dist/src/stats/hit-blocks.js';
import { groupTaskOf } from '../support/group-task.js';

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
    const found = await measureGroup(
      groupTaskOf({
        blocks: 8,
        judge: guard,
        wallMs: (_cell, _tasks, measured) => measured + 1,
        noise: (measured) => (measured === 2 ? { stealShare: 0.5 } : {}),
      }),
    );
    expect(found.noise).toMatchObject({ hit: 1, repeated: 1, discarded: [{ block: 2, stealShare: 0.5 }] });
    expect(found.noise.blocks.map(({ block, stealShare }) => [block, stealShare])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((block) => [block, 0]),
    );
    for (const { samples, startupMs } of found.cells) {
      expect(samples.map(({ block, wallMs }) => [block, wallMs])).toEqual([
        ...[0, 1, 3, 4, 5, 6, 7].map((block) => [block, block + 1]),
        [2, 9],
      ]);
      expect(startupMs).toHaveLength(8);
    }
    expect(found.complete).toBe(true);
  });

  it('measures at most a quarter again, the worst first, and says how many were hit', async () => {
    const found = await measureGroup(
      groupTaskOf({
        blocks: 9,
        judge: guard,
        noise: (measured) => ({ stealShare: measured < 9 ? measured / 10 : 0 }),
      }),
    );
    // All but block 0 are beyond 2 %; a quarter of 9 is 2.
    expect(found.noise).toMatchObject({ hit: 8, repeated: 2 });
    expect(found.noise.discarded.map(({ block }) => block)).toEqual([8, 7]);
  });

  it('measures no block a third time', async () => {
    const blocks: number[] = [];
    const found = await measureGroup(
      groupTaskOf({
        blocks: 8,
        looks: [4, 8],
        judge: guard,
        noise: (measured) => ({ stealShare: measured === 0 || measured === 4 ? 0.5 : 0 }),
        observer: { blockDone: ({ block }) => blocks.push(block) },
      }),
    );
    // Block 0 is hit again when it is repeated after the first look.
    expect(blocks).toEqual([0, 1, 2, 3, 0, 4, 5, 6, 7]);
    expect(found.noise).toMatchObject({ hit: 1, repeated: 1 });
  });

  it('keeps the block as it was if its repetition is interrupted', async () => {
    const abort = new AbortController();
    let batches = 0;
    const found = await measureGroup(
      groupTaskOf({
        blocks: 4,
        judge: guard,
        wallMs: (_cell, _tasks, measured) => measured + 1,
        noise: (measured) => (measured === 1 ? { stealShare: 0.5 } : {}),
        observer: { signal: abort.signal },
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
    const found = await measureGroup(
      groupTaskOf({
        blocks: 16,
        looks: [4, 8, 16],
        judge: {
          isDecided: ({ cells }) => {
            seen.push(cells[0]?.samples.length ?? 0);
            return seen.length === 2;
          },
        },
      }),
    );
    expect(seen).toEqual([4, 8]);
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 8]);
    expect(found.complete).toBe(true);
  });

  it('end with the last, decided or not', async () => {
    const found = await measureGroup(groupTaskOf({ blocks: 8, looks: [2, 4, 8] }));
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([8, 8]);
    expect(found.complete).toBe(true);
  });

  it('do not make complete what was interrupted', async () => {
    const abort = new AbortController();
    const found = await measureGroup(
      groupTaskOf({
        blocks: 8,
        looks: [4, 8],
        observer: {
          signal: abort.signal,
          blockDone: ({ block }) => {
            if (block === 5) abort.abort();
          },
        },
      }),
    );
    expect(found.cells.map(({ samples }) => samples.length)).toEqual([6, 6]);
    expect(found.complete).toBe(false);
  });
});

describe('the ceiling', () => {
  it('is not measured of work that has failed everywhere, nor of a run that was interrupted before it', async () => {
    const failing = groupTaskOf({ blocks: 2, ceilingLanes: [2] });
    for (const log of failing.logs.values()) log.error = { name: 'Error', message: 'no' };
    expect((await measureGroup(failing)).ceilings).toEqual([{ lanes: 2, samples: [] }]);
    const interrupted = groupTaskOf({ blocks: 2, ceilingLanes: [2], observer: { signal: AbortSignal.abort() } });
    expect((await measureGroup(interrupted)).ceilings).toEqual([{ lanes: 2, samples: [] }]);
  });

  it('is what plain processes do together in a round, for each number of them', async () => {
    const together: string[] = [];
    const found = await measureGroup(
      groupTaskOf({
        blocks: 2,
        rounds: 3,
        ceilingLanes: [1, 2],
        wallMs: (cell) => (cell === 'work/ceiling' ? 8 : 10),
        onBatch: (cell) => together.push(cell),
      }),
    );
    // Two that take 8 ms each do a batch in 4 ms.
    expect(found.ceilings.map(({ lanes, samples }) => [lanes, samples.map(({ wallMs }) => wallMs)])).toEqual([
      [1, [8, 8, 8, 8, 8, 8]],
      [2, [4, 4, 4, 4, 4, 4]],
    ]);
    expect(together.filter((cell) => cell === 'work/ceiling')).toHaveLength(2 * 3 * (1 + 2));
    expect(found.cells.map(({ cell }) => cell.id)).toEqual(['work/event-loop', 'work/worker-threads@2']);
  });
});
