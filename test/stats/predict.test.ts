import { describe, expect, it } from 'vitest';
import type { MeasuredGroup } from '../../dist/src/model/measured.js';
import type { MeasuredCell, Prediction, Timeline } from '../../dist/src/model/results.js';
import { predictAll, rangeOf, type Stepwise } from '../../dist/src/stats/predict.js';
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

/** Without other programs, and without an upper bound. */
const UNDISTURBED: Partial<MeasuredGroup> = { noise: { blocks: [], discarded: [] } as never, upperBounds: [] };

function predict(
  cells: readonly MeasuredCell[],
  truth: Truth,
  lanes: readonly number[],
  cores: number | null = null,
  given: Partial<MeasuredGroup> = {},
): readonly Prediction[] {
  const measured = {
    group: { workload: workloadOf({ tasks: TASKS }), params: {} },
    timelines: cells.map((cell) => timelineOf(cell, truth)),
    ...UNDISTURBED,
    ...given,
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
      ...UNDISTURBED,
    } as unknown as MeasuredGroup;
    const steps = [...predictAll(measured, [one], { lanes: [16], cores: null }, 2)];
    // All tasks are alike: with a lane for each, the batch takes as long as one. A step for each measured batch.
    expect(steps).toHaveLength(BLOCKS);
    expect(finished(predictAll(measured, [one], { lanes: [16], cores: null }, 2))[0]?.speedup.estimate).toBeCloseTo(
      16,
      1,
    );
  });

  it('has no more CPUs than other programs leave', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    const blocks = Array.from({ length: BLOCKS }, (_, block) => ({ block, otherCores: 0.4 }));
    const [found] = predict([pool(1, truth)], truth, [2], 2, { noise: { blocks } as never });
    expect(found?.speedup.estimate).toBeCloseTo(1.6, 2);
  });

  it('is slowed down as independent processes slow each other down', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    // Two processes do in 60 ms what one does in 100: 1.67 times as much, and not twice.
    const upperBounds = [1, 2].map((lanes) => ({
      lanes,
      samples: samplesOf(Array.from({ length: BLOCKS }, () => (lanes === 1 ? 100 : 60))),
    }));
    const [found] = predict([pool(1, truth)], truth, [2], 2, { upperBounds });
    expect(found?.speedup.estimate).toBeCloseTo(1.67, 2);
  });

  it('has its usual range of errors only where the model was not further off, on this machine', () => {
    const truth = { runMs: 10, waitMs: 0, dispatchMs: 0, mainMs: 0 };
    const [known] = predict([pool(1, truth), pool(2, truth)], truth, [2]);
    expect(known?.range).toEqual(rangeOf(known?.speedup.estimate ?? Number.NaN));
    expect(known?.range?.lo).toBeLessThan(2);
    expect(known?.range?.hi).toBeGreaterThan(2);
    const [larger] = predict([pool(1, truth)], truth, [8]);
    expect(larger).toMatchObject({ doubt: 'larger-machine' });
    expect(larger).not.toHaveProperty('range');
    // Measured to be 1.3 times as fast, and not twice.
    const [off] = predict([pool(1, truth), pool(2, truth, 123)], truth, [2]);
    expect(off).toMatchObject({ doubt: 'checks' });
    expect(off).not.toHaveProperty('range');
  });

  it('counts of an error at a larger measured size what arises up to the asked one', () => {
    const truth = { runMs: 0, waitMs: 10, dispatchMs: 0, mainMs: 0 };
    // 16 times as many workers were measured to do 13.3 times as much, so the model is off by 20%.
    const measured = [pool(1, truth), pool(16, truth, (TASKS * 10) / 13.3)].map((cell) => ({
      ...cell,
      summary: { ...cell.summary, cpusUsed: 0.01 },
    }));
    expect(predict(measured, truth, [4], 2)[0]?.checks[0]?.error).toBeCloseTo(0.2, 1);
    expect(predict(measured, truth, [4], 2)[0]).not.toHaveProperty('doubt');
    expect(predict(measured, truth, [16], 2)[0]).toMatchObject({ doubt: 'checks' });
    expect(predict(measured, truth, [64], 2)[0]).toMatchObject({ doubt: 'checks' });
  });

  it('is in doubt if tasks that wait would use more than half of the CPUs', () => {
    const truth = { runMs: 0.1, waitMs: 9.9, dispatchMs: 0, mainMs: 0 };
    const one = pool(1, truth);
    const cell = { ...one, summary: { ...one.summary, cpusUsed: 0.03 } };
    expect(predict([cell], truth, [16], 2)[0]).not.toHaveProperty('doubt');
    expect(predict([cell], truth, [64], 2)[0]).toMatchObject({ doubt: 'cpu-bound' });
  });

  it('is in doubt if workers spend most of their time between tasks', () => {
    const truth = { runMs: 1, waitMs: 0, dispatchMs: 1.5, mainMs: 0.5 };
    expect(predict([pool(1, truth)], truth, [2])[0]).toMatchObject({ doubt: 'short-tasks' });
  });

  it('takes what the system counted for the main thread, which is serial, and the rest for its workers', () => {
    // Of 4 ms between two tasks, the main thread takes 1; without that reading it would be all 3 ms of CPU time.
    const truth = { runMs: 6, waitMs: 0, dispatchMs: 4, mainMs: 3 };
    const one = pool(1, truth);
    const counted = { ...one, samples: one.samples.map((sample) => ({ ...sample, mainMs: TASKS })) };
    const many = (cell: MeasuredCell): number => predict([cell], truth, [64])[0]?.speedup.estimate ?? Number.NaN;
    expect(many(one)).toBeLessThan(10 / 3);
    expect(many(counted)).toBeGreaterThan(8);
  });

  it('needs a pool with one task in flight', () => {
    const truth = { runMs: 5, waitMs: 5, dispatchMs: 1, mainMs: 0.5 };
    const several = { ...pool(1, truth), concurrency: 4 };
    expect(predict([several], truth, [3])).toEqual([]);
  });
});
