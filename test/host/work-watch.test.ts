import { describe, expect, it } from 'vitest';
import { createWorkWatch, unawaited, type Aftermath } from '../../dist/src/host/work-watch.js';

/** A batch: for each task its lane and its time; tasks of a lane run one after another. */
function ran(tasks: readonly (readonly [lane: number, ms: number])[]) {
  const untilNs = new Map<number, number>();
  return tasks.map(([lane, ms], index) => {
    const startedNs = untilNs.get(lane) ?? 0;
    const finishedNs = startedNs + ms * 1e6;
    untilNs.set(lane, finishedNs);
    return { index, lane, startedNs, finishedNs };
  });
}
const inOneLane = (...ms: readonly number[]) => ran(ms.map((one) => [0, one]));

function after(...batches: readonly ReturnType<typeof ran>[]) {
  return seenIn(batches, false);
}

function seenIn(batches: readonly ReturnType<typeof ran>[], areInputsOne: boolean) {
  const watch = createWorkWatch();
  for (const batch of batches) watch.note(batch);
  return watch.memoised(areInputsOne);
}

describe('cached results', () => {
  it('are detected if the same inputs take a small part of their first time in a warm lane', () => {
    expect(after(inOneLane(15, 15, 15, 15), inOneLane(0.01, 0.01, 0.01, 0.01))).toEqual({
      kind: 'memoised',
      firstMs: 15,
      laterMs: 0.01,
    });
  });

  it('are detected if one input in four is not cached', () => {
    expect(after(inOneLane(9, 9, 15, 15, 15, 15), inOneLane(9, 9, 0.01, 0.01, 0.01, 15))?.kind).toBe('memoised');
  });

  it('are detected in each lane separately, whichever tasks a lane gets', () => {
    const first = ran([0, 1, 0, 1, 0, 1, 0, 1].map((lane) => [lane, 10]));
    const second = ran([0, 0, 1, 1, 0, 0, 1, 1].map((lane, task) => [lane, lane === task % 2 ? 0.01 : 10]));
    const third = ran([0, 1, 0, 1, 0, 1, 0, 1].map((lane) => [lane, 0.01]));
    expect(after(first, second, third)?.kind).toBe('memoised');
  });

  it('are detected if all tasks have the same input, and only the first of a lane was long', () => {
    const batches = [inOneLane(40, 0.002, 0.002), inOneLane(0.002, 0.002, 0.002)];
    expect(seenIn(batches, true)?.kind).toBe('memoised');
    // Other inputs that were fast the first time were not cached: the first task has loaded something.
    expect(seenIn(batches, false)).toBeUndefined();
  });

  it.each([
    ['code that is compiled while it runs', [30, 9, 5, 4], [2, 1, 1, 1]],
    ['code that gets faster from run to run', [30, 9, 8, 8], [4, 4, 4, 4]],
    ['a first task that loads what all others use', [80, 2, 2, 2], [2, 2, 2, 2]],
    ['tasks that take next to nothing', [0.9, 0.02, 0.02], [0.001, 0.001, 0.001]],
    ['one long task among short ones', [150, 0.001, 0.001], [140, 0.001, 0.001]],
    ['outputs of 5 MB in memory that is new to the process', [18, 18, 18, 18], [1.09, 1.09, 1.09, 1.09]],
    ['results of which two in three are cached', [18, 18, 18, 18, 18], [0.01, 0.01, 0.01, 0.01, 18]],
    ['memory that some tasks use again', [18, 18, 18, 18, 18, 18, 18], [0.5, 0.5, 0.5, 0.5, 0.5, 18, 18]],
  ])('are not confused with %s', (_what, first, later) => {
    expect(after(inOneLane(...first), inOneLane(...later))).toBeUndefined();
  });

  it('are detected from 1 ms on, if later runs take less than a thirtieth', () => {
    const isDetected = (firstMs: number, laterMs: number): boolean =>
      after(inOneLane(firstMs, firstMs, firstMs), inOneLane(laterMs, laterMs, laterMs)) !== undefined;
    expect(isDetected(1.5, 0.01)).toBe(true);
    expect(isDetected(0.7, 0.01)).toBe(false);
    expect(isDetected(15, 0.49)).toBe(true);
    expect(isDetected(15, 0.51)).toBe(false);
  });

  it('are fast from the second run on: one that is fast once, or only later, was not cached', () => {
    const runs = (...ms: readonly number[]) => after(...ms.map((each) => inOneLane(each, each, each, each)));
    expect(runs(20, 19, 1, 1)).toBeUndefined();
    expect(runs(20, 1, 19)).toBeUndefined();
    expect(runs(20, 0.5, 0.5)?.kind).toBe('memoised');
  });

  it('are not searched for in the first two tasks of a lane, which load code for the others', () => {
    expect(after(inOneLane(80, 80, 1), inOneLane(1, 1, 1))).toBeUndefined();
  });

  describe('of one input', () => {
    const isDetected = (first: readonly number[], later: readonly number[]): boolean =>
      seenIn([inOneLane(...first), inOneLane(...later)], true) !== undefined;

    it('take next to no time, after a first task of 5 ms or more', () => {
      expect(isDetected([6, 0.002, 0.002], [0.002, 0.002, 0.002])).toBe(true);
      expect(isDetected([4, 0.002, 0.002], [0.002, 0.002, 0.002])).toBe(false);
      expect(isDetected([40, 0.1, 0.1], [0.1, 0.1, 0.1])).toBe(false);
    });

    it('are not one task that is always long', () => {
      expect(isDetected([40, 0.002, 0.002], [30, 0.002, 0.002])).toBe(false);
      // Another one was disturbed once.
      expect(isDetected([40, 0.002, 0.002], [0.002, 0.002, 3])).toBe(true);
    });
  });

  it('are not searched for in tasks that overlap one further back, or the one before', () => {
    const at = (index: number, startMs: number, endMs: number) => ({
      index,
      lane: 0,
      startedNs: startMs * 1e6,
      finishedNs: endMs * 1e6,
    });
    const four = (startMs: number) =>
      [0, 1, 2, 3].map((task) => at(task + 2, startMs + 20 * task, startMs + 20 * task + 15));
    const later = inOneLane(1, 1, 0.01, 0.01, 0.01, 0.01);
    expect(after([at(0, 0, 1000), at(1, 10, 20), ...four(30)], later)).toBeUndefined();
    expect(after([at(0, 0, 10), at(1, 20, 1000), ...four(30)], later)).toBeUndefined();
    expect(after([at(0, 0, 10), at(1, 20, 25), ...four(30)], later)?.kind).toBe('memoised');
  });

  it('are not searched for in overlapping tasks', () => {
    const together = (ms: number) =>
      [0, 1, 2, 3].map((index) => ({ index, lane: 0, startedNs: index, finishedNs: ms * 1e6 + index }));
    expect(after(together(50), together(1))).toBeUndefined();
  });
});

describe('work that is not awaited', () => {
  const idle = { activeMs: 10, pending: 1 };
  const calm: Aftermath = {
    before: [idle],
    atEnd: [idle],
    afterwards: [idle],
    tasks: 16,
    runningMs: 50,
    cpuMs: { batch: 50, after: 0.5 },
    isEmpty: false,
  };

  it('is detected if a lane continues after the last result', () => {
    const afterwards = [{ activeMs: 45, pending: 1 }];
    expect(unawaited({ ...calm, afterwards, cpuMs: { batch: 50, after: 33 } })).toMatchObject({ afterMs: 35 });
  });

  it('is detected if as many requests are pending as there were tasks, and no task had an output', () => {
    const atEnd = [{ activeMs: 10, pending: 17 }];
    expect(unawaited({ ...calm, atEnd, afterwards: atEnd, isEmpty: true })).toMatchObject({
      pending: 16,
      isEmpty: true,
    });
    expect(unawaited({ ...calm, atEnd, afterwards: atEnd, isEmpty: false })).toBeUndefined();
  });

  it('is detected in the runtime’s own threads', () => {
    expect(unawaited({ ...calm, cpuMs: { batch: 50, after: 40 } })?.kind).toBe('unawaited');
  });

  it('is not confused with what a look costs in each of many lanes', () => {
    const many = (activeMs: number) => Array.from({ length: 64 }, () => ({ activeMs, pending: 0 }));
    const [before, atEnd] = [many(0), many(10)];
    // As seen in 64 child processes whose tasks only wait: 5 ms each.
    const looked = { ...calm, before, atEnd, afterwards: many(15), cpuMs: { batch: 400, after: 325 } };
    expect(unawaited(looked)).toBeUndefined();
    expect(unawaited({ ...looked, afterwards: many(30), cpuMs: { batch: 400, after: 1300 } })?.kind).toBe('unawaited');
  });

  it('is not confused with freeing what a batch of very many tasks took', () => {
    const freed = { ...calm, tasks: 30_000, afterwards: [{ activeMs: 60, pending: 1 }] };
    const cpuMs = { batch: 150, after: 40 };
    expect(unawaited({ ...freed, cpuMs })).toBeUndefined();
    expect(unawaited({ ...freed, tasks: 16, cpuMs })?.kind).toBe('unawaited');
  });

  it('is not confused with keep-alive timers, or with a loop that gets no CPU', () => {
    expect(unawaited({ ...calm, isEmpty: true, atEnd: [{ activeMs: 10, pending: 3 }] })).toBeUndefined();
    expect(unawaited({ ...calm, afterwards: [{ activeMs: 60, pending: 1 }] })).toBeUndefined();
  });
});
