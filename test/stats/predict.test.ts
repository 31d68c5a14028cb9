import { describe, expect, it } from 'vitest';
import type { MeasuredGroup } from '../../dist/src/model/measured.js';
import type { MeasuredCell, Prediction, Timeline } from '../../dist/src/model/results.js';
import { predictAll, type Stepwise } from '../../dist/src/stats/predict.js';
import { cellOf, samplesOf } from '../support/results.js';
import { workloadOf } from '../support/workload.js';

const TASKS = 16;
const BLOCKS = 8;

interface Truth {
  readonly runMs: number;
  readonly waitMs: number;
  readonly dispatchMs: number;
  /** Of it, on the main thread. */
  readonly mainMs: number;
}

/** A pool whose lanes take that for every task, with nothing else going on. */
function pool(
  lanes: number,
  { runMs, waitMs, dispatchMs, mainMs }: Truth,
  wallMs?: number,
  runtime?: string,
): MeasuredCell {
  const own = (runMs + waitMs + dispatchMs) * Math.ceil(TASKS / lanes);
  const walls = Array.from({ length: BLOCKS }, () => wallMs ?? own);
  const id = `work/worker-threads@${lanes}${runtime === undefined ? '' : `~${runtime}`}`;
  return {
    ...(runtime !== undefined && { runtime }),
    ...cellOf({ id, strategy: 'worker-threads', poolSize: lanes, wallsMs: walls }),
    samples: samplesOf(walls, {
      tasksInFlight: ((runMs + waitMs) * TASKS) / (wallMs ?? own),
      cpuMs: (runMs + mainMs) * TASKS,
    }),
  };
}

function timelineOf({ id }: MeasuredCell, { runMs, waitMs }: Truth): Timeline {
  const slices = Array.from({ length: TASKS }, (_, task) => {
    const startMs = task * (runMs + waitMs);
    return [
      { task, lane: 0, startMs, endMs: startMs + runMs, kind: 'run' as const },
      { task, lane: 0, startMs: startMs + runMs, endMs: startMs + runMs + waitMs, kind: 'wait' as const },
    ];
  });
  return { cell: id, slices: slices.flat() };
}

function predict(
  cells: readonly MeasuredCell[],
  truth: Truth,
  lanes: readonly number[],
  cores: number | null = null,
): readonly Prediction[] {
  const measured = {
    group: { workload: workloadOf({ tasks: TASKS }), params: {} },
    timelines: cells.map((cell) => timelineOf(cell, truth)),
  } as unknown as MeasuredGroup;
  return finished(predictAll(measured, cells, { lanes: [...lanes], cores }, 2));
}

function finished<Found>(steps: Stepwise<Found>): Found {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

describe('a prediction', () => {
  it('of waiting work goes on with the lanes, however few the cores', () => {
    const truth = { runMs: 0, waitMs: 10, dispatchMs: 0, mainMs: 0 };
    const [found] = predict([pool(4, truth)], truth, [64], 2);
    expect(found).toMatchObject({ from: 'work/worker-threads@4', lanes: 64, cores: 2, checks: [] });
    expect(found?.speedup.estimate).toBeCloseTo(16, 1);
  });

  it('of computing work ends at the cores: those of the machine that is asked about', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    const one = pool(1, truth);
    expect(predict([one], truth, [8], 2)[0]?.speedup.estimate).toBeCloseTo(2, 1);
    const [larger] = predict([one], truth, [8]);
    expect(larger?.cores).toBe(8);
    expect(larger?.speedup.estimate).toBeCloseTo(8, 1);
  });

  it('never passes what the main thread can hand over', () => {
    // One lane takes 10 ms a task; the main thread 1 ms, so that no pool does more than ten times as much.
    const truth = { runMs: 8, waitMs: 0, dispatchMs: 2, mainMs: 1 };
    const [found] = predict([pool(1, truth)], truth, [64]);
    expect(found?.speedup.estimate).toBeGreaterThan(8);
    expect(found?.speedup.estimate).toBeLessThanOrEqual(10);
  });

  it('stands beside its error where it can be checked', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    // Two lanes were measured to be 1.6 times as fast, and not twice.
    const [found] = predict([pool(1, truth), pool(2, truth, 100)], truth, [4]);
    expect(found?.checks).toHaveLength(1);
    expect(found?.checks[0]?.measured).toBeCloseTo(1.6, 2);
    expect(found?.checks[0]?.predicted).toBeCloseTo(2, 1);
    expect(found?.checks[0]?.error).toBeCloseTo(0.25, 1);
  });

  it('is made and checked on one Node, where several were measured', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    const cells = ['node20', 'node24'].flatMap((node) => [1, 2].map((lanes) => pool(lanes, truth, undefined, node)));
    const found = predict(cells, truth, [4]).map(({ from, checks }) => [from, ...checks.map(({ cell }) => cell)]);
    expect(found).toEqual([
      ['work/worker-threads@1~node20', 'work/worker-threads@2~node20'],
      ['work/worker-threads@1~node24', 'work/worker-threads@2~node24'],
    ]);
  });

  it('is the same for the same measurements', () => {
    const truth = { runMs: 5, waitMs: 5, dispatchMs: 1, mainMs: 0.5 };
    expect(predict([pool(1, truth)], truth, [3])).toEqual(predict([pool(1, truth)], truth, [3]));
  });

  it('has the shapes of the tasks that were traced, where a batch has more', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    const one = pool(1, truth);
    const whole = timelineOf(one, truth);
    const measured = {
      group: { workload: workloadOf({ tasks: TASKS }), params: {} },
      timelines: [{ ...whole, slices: whole.slices.filter(({ task }) => task < 4), tasks: 4 }],
    } as unknown as MeasuredGroup;
    const steps = [...predictAll(measured, [one], { lanes: [16], cores: null }, 2)];
    // All tasks are alike: with a lane for each, the batch takes as long as one. A step for each simulation.
    expect(steps).toHaveLength(100);
    expect(finished(predictAll(measured, [one], { lanes: [16], cores: null }, 2))[0]?.speedup.estimate).toBeCloseTo(
      16,
      1,
    );
  });

  it('needs a pool with one task in flight', () => {
    const truth = { runMs: 5, waitMs: 5, dispatchMs: 1, mainMs: 0.5 };
    const several = { ...pool(1, truth), concurrency: 4 };
    expect(predict([several], truth, [3])).toEqual([]);
  });
});
