import { describe, expect, it } from 'vitest';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { sameAsLoop } from '../../dist/src/stats/same-program.js';
import { cellOf } from '../support/results.js';

const loopWith = (tasksInFlight: number, given: Partial<MeasuredCell> = {}): MeasuredCell => {
  const cell = cellOf({ id: 'work/event-loop', wallsMs: [10] });
  return { ...cell, ...given, summary: { ...cell.summary, tasksInFlight } };
};
const SEQUENTIAL = cellOf({ id: 'work/sequential', strategy: 'sequential', wallsMs: [10] });
const THREADS = cellOf({ id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, wallsMs: [10] });

describe('the same program', () => {
  it('is that of sequential if no task waits on the event loop, which is the baseline', () => {
    expect(sameAsLoop([loopWith(1), SEQUENTIAL, THREADS], 'work/event-loop')).toEqual([SEQUENTIAL]);
    expect(sameAsLoop([loopWith(3), SEQUENTIAL, THREADS], 'work/event-loop')).toEqual([]);
  });

  it('is that of the event loop if sequential is the baseline', () => {
    const loop = loopWith(1);
    expect(sameAsLoop([loop, SEQUENTIAL, THREADS], SEQUENTIAL.id)).toEqual([loop]);
    expect(sameAsLoop([loopWith(3), SEQUENTIAL, THREADS], SEQUENTIAL.id)).toEqual([]);
  });

  it('is none of another runtime or with other libuv threads', () => {
    for (const given of [{ runtime: 'node24' }, { uvThreads: 8 }])
      for (const baseline of ['work/event-loop', SEQUENTIAL.id])
        expect(sameAsLoop([loopWith(1, given), SEQUENTIAL], baseline)).toEqual([]);
  });
});
