import { describe, expect, it } from 'vitest';
import type { CellLog, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { Group, PlannedCell } from '../../dist/src/model/plan.js';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { racedFields, raceAssumption } from '../../dist/src/stats/stopping-rules.js';
import { CHILDREN, logOf, LOOP, measured, planned, THREADS } from '../support/measured.js';
import { cellOf, sampleOf } from '../support/results.js';

const NO = { name: 'Error', message: 'no' };

function raced(cells: readonly CellLog[], given: Partial<Group> = {}): MeasuredGroup {
  const [group] = planned(measured(cells), { isRace: true, ...given }).groups;
  if (group === undefined) throw new Error('there is one group');
  return group;
}

const started = (cell: PlannedCell, startsMs: readonly number[], given: Partial<CellLog> = {}): CellLog => ({
  ...logOf(cell, []),
  startsMs: [...startsMs],
  ...given,
});

const BASELINE = started(LOOP, [100, 110, 90]);
const LEADER = started(THREADS, [50, 50, 50]);
const FAR = started(CHILDREN, [300, 320, 280], { droppedFor: 'far-behind' });

describe('a configuration of a race that was dropped', () => {
  const droppedIn = (logs: readonly CellLog[], given: Partial<Group> = {}) =>
    racedFields(raced(logs, given), logs.at(-1) ?? FAR).dropped;

  it('was so far behind the leader in each start, and compares so with the baseline', () => {
    expect(droppedIn([BASELINE, LEADER, FAR])).toEqual({
      behind: { lo: 5.6, hi: 6.4 },
      speedup: { lo: expect.closeTo(90 / 280, 12), hi: expect.closeTo(110 / 320, 12) },
      isSlower: true,
    });
  });

  it('is slower than the baseline only if that is shown by the rule for as many starts', () => {
    const behind = (startsMs: readonly number[]): boolean | undefined =>
      droppedIn([started(LOOP, [100, 100, 100]), LEADER, { ...FAR, startsMs: [...startsMs] }])?.isSlower;
    expect(behind([250, 250, 120])).toBe(false);
    expect(behind([150, 150, 150])).toBe(true);
    expect(behind([250, 250])).toBe(true);
    expect(behind([240, 260])).toBe(false);
    // No rule drops anything after one start.
    expect(behind([900])).toBe(false);
  });

  it('is held against no configuration that has failed', () => {
    const withoutLeader = droppedIn([BASELINE, { ...LEADER, error: NO }, FAR]);
    expect(withoutLeader?.behind.hi).toBeCloseTo(280 / 90, 12);
    const withoutBaseline = droppedIn([{ ...BASELINE, error: NO }, LEADER, FAR]);
    expect(withoutBaseline).toEqual({ behind: { lo: 5.6, hi: 6.4 }, isSlower: false });
  });

  it('of two versions is not held against the baseline: each is compared with its own older version', () => {
    const found = droppedIn([BASELINE, LEADER, FAR], { compares: 'with-older-self' });
    expect(found).toEqual({ behind: { lo: 5.6, hi: 6.4 }, isSlower: false });
  });

  it('says if it was dropped for running the program of the baseline', () => {
    expect(droppedIn([BASELINE, LEADER, { ...FAR, droppedFor: 'same-program' }])).toMatchObject({
      isSameProgram: true,
    });
    expect(droppedIn([BASELINE, LEADER, FAR])).not.toHaveProperty('isSameProgram');
  });

  it('has its starts alone if it was not dropped, and outside a race nothing', () => {
    expect(racedFields(raced([BASELINE, LEADER, FAR]), LEADER)).toEqual({ startsMs: [50, 50, 50] });
    expect(racedFields(raced([BASELINE, LEADER, FAR], { isRace: false }), FAR)).toEqual({});
    expect(racedFields(raced([BASELINE, LEADER, FAR], { selectBy: [] }), FAR)).toEqual({});
  });
});

describe('the assumption of a race', () => {
  const STEADY = Array.from({ length: 10 }, () => 100);
  /** Of ten batches, as many take that many times as long. */
  const unsteady = (id: string, count: number, factor: number): MeasuredCell =>
    cellOf({ id, wallsMs: STEADY.map((wallMs, block) => (block < count ? factor * wallMs : wallMs)) });
  const [baseline, steady] = ['loop', 'threads'].map((id) => cellOf({ id, wallsMs: STEADY }));
  if (baseline === undefined || steady === undefined) throw new Error('both were made');
  const warned = (others: readonly MeasuredCell[], base = baseline, given: Partial<Group> = {}) =>
    raceAssumption(raced([], given), base, others);

  it('holds while at most one batch in ten is off by half', () => {
    expect(warned([steady])).toBeUndefined();
    expect(warned([unsteady('threads', 1, 1.6)])).toBeUndefined();
    expect(warned([unsteady('threads', 4, 1.4)])).toBeUndefined();
    expect(warned([unsteady('threads', 2, 1.6)])).toEqual({
      kind: 'race-assumption',
      workload: 'work',
      share: 0.1,
      batches: 20,
    });
  });

  it('is broken as well by batches that are too fast', () => {
    expect(warned([unsteady('threads', 2, 0.5)])).toMatchObject({ share: 0.1 });
  });

  it('is checked over all configurations that are left, and without any in the baseline alone', () => {
    const more = { ...steady, id: 'more' };
    expect(warned([unsteady('threads', 2, 1.6), steady, more])).toBeUndefined();
    expect(warned([unsteady('threads', 3, 1.6), steady, more])).toMatchObject({ share: 0.075, batches: 40 });
    expect(warned([], unsteady('loop', 2, 1.6))).toMatchObject({ share: 0.2, batches: 10 });
    expect(warned([])).toBeUndefined();
  });

  it('counts a batch once that is off beside all others, and one alone shows nothing', () => {
    const others = ['a', 'b', 'c', 'd'].map((id) => cellOf({ id, wallsMs: STEADY }));
    const counted = (count: number, factor: number) => warned(others, unsteady('loop', count, factor));
    expect([1, 2].flatMap((count) => [counted(count, 1.6), counted(count, 0.5)])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(counted(3, 1.6)).toMatchObject({ share: 0.06, batches: 50 });
    expect(counted(3, 0.5)).toMatchObject({ share: 0.06, batches: 50 });
    const both = [unsteady('a', 3, 1.6), ...others.slice(1)];
    expect(warned(both, unsteady('loop', 3, 0.5))).toMatchObject({ share: 0.06 });
    expect(warned([], unsteady('loop', 1, 1.6))).toBeUndefined();
  });

  it('is about the first batch of a fresh start, not about later rounds', () => {
    const later = STEADY.map((wallMs, block) => sampleOf({ block, round: 1, wallMs: 5 * wallMs }));
    expect(warned([], { ...baseline, samples: [...baseline.samples, ...later] })).toBeUndefined();
  });

  it('is none outside a race, and where nothing is concluded from it', () => {
    const others = [unsteady('threads', 4, 2)];
    expect(warned(others, baseline, { isRace: false })).toBeUndefined();
    expect(warned(others, baseline, { selectBy: [] })).toBeUndefined();
    expect(warned(others)).toMatchObject({ share: 0.2 });
  });
});
