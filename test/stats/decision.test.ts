import { describe, expect, it } from 'vitest';
import type { Comparison, MeasuredCell, Results, Verdict } from '../../dist/src/model/results.js';
import { decide, type Decision } from '../../dist/src/stats/decision.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [100] });
const A = cellOf({ id: 'work/worker-threads@2', wallsMs: [100] });
const B = cellOf({ id: 'work/child-processes@2', wallsMs: [100] });
const C = cellOf({ id: 'work/worker-threads@4', wallsMs: [100] });

type Compared = readonly [cell: MeasuredCell, estimate: number, lo: number, hi: number, verdict: Verdict];

function comparisonOf([{ id }, estimate, lo, hi, verdict]: Compared, baseline = LOOP.id): Comparison {
  const speedup = { estimate, lo, hi, level: 0.95 };
  return { workload: 'work', params: {}, baseline, contender: id, speedup, verdict, blocks: 10 };
}

function decided(given: Partial<Results>): Decision {
  const [group] = groupResults(resultsOf(given));
  if (group === undefined) throw new Error('there is one group');
  return decide(group);
}

it('chooses nothing among configurations that run one program', () => {
  const sequential = cellOf({ id: 'work/sequential', strategy: 'sequential', wallsMs: [40] });
  const found = decided({ cells: [LOOP, sequential], comparisons: [], recommendations: [] });
  expect(LOOP.summary.tasksInFlight).toBeLessThanOrEqual(1);
  expect(found).toEqual({ kind: 'one-program' });
  const failed = failedCellOf('work/worker-threads@2', 'boom');
  expect(decided({ cells: [LOOP, sequential, failed], comparisons: [], recommendations: [] })).toEqual({
    kind: 'one-program',
  });
});

describe('the decision where the baseline was chosen', () => {
  const choosing = (...compared: readonly Compared[]): Decision =>
    decided({
      cells: [LOOP, ...compared.map(([cell]) => cell)],
      comparisons: compared.map((each) => comparisonOf(each)),
      recommendations: [
        { workload: 'work', params: {}, choose: LOOP.id, fastest: LOOP.id, tied: [LOOP.id], because: '' },
      ],
    });
  const closest = (cell: MeasuredCell) => ({ cell: { id: cell.id } });

  it('is to stay if none that is open may be faster by more than the minimum effect', () => {
    const found = choosing([A, 0.85, 0.7, 1.02, 'inconclusive'], [B, 0.9, 0.85, 0.95, 'slower']);
    expect(found).toMatchObject({ kind: 'stay', closest: closest(B) });
    expect(choosing([A, 0.85, 0.7, 1.02, 'inconclusive'])).toMatchObject({ kind: 'stay', closest: closest(A) });
  });

  it('is open if one may be, behind another that is not', () => {
    const found = choosing([A, 0.9, 0.7, 1.08, 'inconclusive'], [B, 0.95, 0.93, 0.97, 'slower']);
    expect(found).toMatchObject({ kind: 'undecided', closest: closest(A) });
  });

  it('is to stay in view of one that is shown to be faster, whatever another may be', () => {
    const found = choosing([B, 1.05, 0.9, 1.3, 'inconclusive'], [A, 1.06, 1.02, 1.1, 'faster']);
    expect(found).toMatchObject({ kind: 'stay', closest: closest(A) });
  });

  it('names as the closest the one with the highest speedup, though another interval reaches further', () => {
    const found = choosing([A, 1.03, 1.01, 1.06, 'faster'], [B, 1.04, 1.035, 1.045, 'same']);
    expect(found).toMatchObject({ kind: 'stay', closest: closest(B) });
  });
});

describe('the decision without anything measured', () => {
  const failed = failedCellOf(A.id, 'no');
  const [workload] = resultsOf().workloads;
  const interrupted = workload && [{ ...workload, interrupted: true as const }];

  it('is that all have failed, unless it was interrupted: what it never reached may not', () => {
    expect(decided({ cells: [failed] })).toEqual({ kind: 'all-failed' });
    expect(decided({ cells: [failed], complete: false, ...(interrupted && { workloads: interrupted }) })).toEqual({
      kind: 'interrupted',
    });
  });
});

describe('the decision of a tuning that chooses nothing', () => {
  const { options } = resultsOf();
  const screened = [LOOP, A].map((cell) => ({ ...cell, phase: 'screening' as const }));
  const reasonWith = (
    cells: Results['cells'],
    tuning: Partial<NonNullable<Results['tuning']>> = {},
    given: Partial<Results> = {},
  ): unknown => {
    const found = decided({
      ...given,
      options: { ...options, tuning: { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 4 } },
      cells: [...screened, ...cells],
      tuning: {
        choose: null,
        finalists: [LOOP.id, A.id],
        screened: 2,
        durationMs: 1,
        screeningMs: 1,
        leftOut: [],
        ...tuning,
      },
    });
    return found.kind === 'no-setting' ? found.reason : found.kind;
  };

  it('is that none was measured if all finalists failed, whatever the screening has measured', () => {
    const failed = [LOOP, A].map(({ id }) => failedCellOf(id, 'no'));
    expect(reasonWith(failed)).toEqual({ kind: 'none-measured' });
    const workloads = resultsOf().workloads.map((each) => ({ ...each, interrupted: true as const }));
    expect(reasonWith(failed, {}, { workloads })).toEqual({ kind: 'interrupted' });
  });

  it('is that too few blocks were measured if finalists were, and else that it was interrupted', () => {
    expect(reasonWith([LOOP, A])).toEqual({ kind: 'too-few-blocks' });
    expect(reasonWith([], { finalists: [] })).toEqual({ kind: 'interrupted' });
  });

  it('names the one that needs the least memory if all are beyond the limits', () => {
    const leftOut = [LOOP, A].map(({ id }) => ({ cell: id, because: 'memory' as const }));
    const withMemory = (cell: MeasuredCell, memoryMiB: number): MeasuredCell => ({
      ...cell,
      summary: { ...cell.summary, memoryMiB },
    });
    const cells = [withMemory(LOOP, 90), withMemory(A, 70)];
    expect(reasonWith(cells, { leftOut })).toMatchObject({ kind: 'over-limits', least: { id: A.id } });
    // What an interruption has not reached may be within them.
    const workloads = resultsOf().workloads.map((each) => ({ ...each, interrupted: true as const }));
    expect(reasonWith(cells, { leftOut, finalists: [] }, { workloads })).toEqual({ kind: 'interrupted' });
  });

  it('names the only one that there was', () => {
    expect(reasonWith([LOOP], { screened: 1 })).toMatchObject({ kind: 'only-one', cell: { id: LOOP.id } });
  });
});

describe('the configuration to name of two versions', () => {
  const exampleOf = (...compared: readonly Compared[]): string | undefined => {
    const olds = compared.map(([cell]) => ({ ...cell, version: 'old' as const }));
    const news = compared.map(([cell]) => ({ ...cell, id: `${cell.id}~new`, version: 'new' as const }));
    const { workloads } = resultsOf();
    const found = decided({
      workloads: workloads.map((one) => ({ ...one, newerSource: 'new.js' })),
      cells: [...olds, ...news],
      comparisons: compared.map(([{ id, ...cell }, ...rest]) =>
        comparisonOf([{ ...cell, id: `${id}~new` }, ...rest], id),
      ),
    });
    if (found.kind !== 'versions') throw new Error(found.kind);
    return found.example?.baseline.id;
  };

  it('is that with the largest loss', () => {
    const [faster, slower] = [[A, 1.3, 1.2, 1.4, 'faster'] as const, [B, 0.9, 0.85, 0.95, 'slower'] as const];
    expect(exampleOf(faster, slower, [C, 0.7, 0.6, 0.8, 'slower'])).toBe(C.id);
    expect(exampleOf([C, 0.6, 0.3, 1.1, 'inconclusive'], faster, slower)).toBe(B.id);
  });

  it('is that with the largest gain if none is slower', () => {
    const gains = [[A, 1.3, 1.2, 1.4, 'faster'] as const, [B, 1.1, 1.05, 1.15, 'faster'] as const];
    expect(exampleOf(...gains, [C, 1.5, 0.8, 2, 'inconclusive'])).toBe(A.id);
  });

  it('is that with the highest speedup if none differs', () => {
    expect(exampleOf([A, 1.02, 0.9, 1.1, 'inconclusive'], [B, 0.99, 0.98, 1.01, 'same'])).toBe(A.id);
  });
});
