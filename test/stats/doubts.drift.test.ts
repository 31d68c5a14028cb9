import { describe, expect, it } from 'vitest';
import type { CellLog } from '../../dist/src/model/measured.js';
import type { PlannedCell } from '../../dist/src/model/plan.js';
import type { Warning } from '../../dist/src/model/results.js';
import { conclude } from '../../dist/src/stats/conclude.js';
import { CHILDREN, logOf, LOOP, measured, OPTIONS, planned, THREADS } from '../support/measured.js';
import { sampleOf } from '../support/results.js';

/** Blocks of three rounds, from the first to the last of which the time grows by that factor. */
function drifting(cell: PlannedCell, factor: number, blocks = 6): CellLog {
  const samples = Array.from({ length: blocks }, (_, block) =>
    [0, 1, 2].map((round) => sampleOf({ block, round, wallMs: 100 * factor ** (round / 2) })),
  );
  return { ...logOf(cell, []), samples: samples.flat() };
}

function driftIn(...logs: readonly CellLog[]): readonly Warning[] {
  return conclude(measured(logs), OPTIONS, 2).warnings.filter(({ kind }) => kind === 'drifting-batches');
}

describe('batches that get slower within blocks', () => {
  it('share the level of their intervals: six blocks show it of one configuration, and of none of two', () => {
    expect(driftIn(drifting(LOOP, 2))).toMatchObject([{ cell: LOOP.id, ratio: { estimate: expect.closeTo(2, 9) } }]);
    expect(driftIn(drifting(LOOP, 2), drifting(THREADS, 2))).toEqual([]);
  });

  it('share it with none that a race has dropped', () => {
    const dropped: CellLog = { ...logOf(THREADS, [300]), startsMs: [300, 300], droppedFor: 'far-behind' };
    const race = planned(measured([{ ...drifting(LOOP, 2), startsMs: [100, 100] }, dropped]), { isRace: true });
    expect(conclude(race, OPTIONS, 2).warnings).toContainEqual(
      expect.objectContaining({ kind: 'drifting-batches', cell: LOOP.id }),
    );
  });

  it('are named once, where the change is largest', () => {
    const logs = [drifting(LOOP, 1.5, 8), drifting(THREADS, 3, 8), drifting(CHILDREN, 0.5, 8)];
    expect(driftIn(...logs)).toMatchObject([{ cell: THREADS.id }]);
  });

  it('have changed by more than the minimum effect, in either direction', () => {
    const isWarned = (factor: number): boolean => driftIn(drifting(LOOP, factor)).length > 0;
    expect([1.049, 1.051, 1 / 1.049, 1 / 1.051].map(isWarned)).toEqual([false, true, false, true]);
  });
});
