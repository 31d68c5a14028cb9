import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latenciesOf } from '../../dist/src/stats/latency.js';
import type { Finished } from '../../dist/src/stats/sample.js';

const MS = 1e6;

interface Stamps {
  readonly lane?: number;
  readonly submitted: number;
  readonly started: number;
  readonly finished: number;
  readonly received: number;
}

/** Tasks from their times in milliseconds; the batch is submitted at 0. */
function partsOf(laneKind: 'main' | 'thread', stamps: readonly Stamps[]) {
  const records = stamps.map(({ lane = 0, submitted, started, finished, received }, index): Finished => ({
    index,
    status: 'ok',
    lane,
    submittedNs: submitted * MS,
    startedNs: started * MS,
    finishedNs: finished * MS,
    digestedNs: finished * MS,
    receivedNs: received * MS,
    digest: 'x',
    output: undefined,
  }));
  return latenciesOf(0, laneKind, records).map(({ queuedMs, dispatchMs, runningMs, returnMs }) => [
    queuedMs,
    dispatchMs,
    runningMs,
    returnMs,
  ]);
}

describe('the latency of a task', () => {
  it('begins when the batch is submitted, and holds the queue of the pool', () => {
    // One worker, one task at a time: the second task is handed over when the first one's result is there.
    expect(
      partsOf('thread', [
        { submitted: 0, started: 1, finished: 11, received: 12 },
        { submitted: 12, started: 13, finished: 23, received: 24 },
      ]),
    ).toEqual([
      [0, 1, 10, 1],
      [12, 1, 10, 1],
    ]);
  });

  it('is the same whether tasks queue in the pool or in the worker', () => {
    // Both tasks are in the worker at once, which runs them one after the other.
    expect(
      partsOf('thread', [
        { submitted: 0, started: 1, finished: 11, received: 12 },
        { submitted: 0, started: 11.5, finished: 21.5, received: 22 },
      ]),
    ).toEqual([
      [0, 1, 10, 1],
      [11, 0.5, 10, 0.5],
    ]);
  });

  it('is not queued behind tasks of another worker', () => {
    expect(
      partsOf('thread', [
        { lane: 0, submitted: 0, started: 1, finished: 3, received: 4 },
        { lane: 1, submitted: 0, started: 5, finished: 6, received: 7 },
      ])[1],
    ).toEqual([0, 5, 1, 1]);
  });

  it('counts the starts of others in the same worker as its queue, and not their waits', () => {
    // Three tasks wait for 50 ms at the same time; the fourth is handed over while two of them wait, to a worker that is free.
    expect(
      partsOf('thread', [
        { submitted: 0, started: 1, finished: 51, received: 52 },
        { submitted: 0, started: 2, finished: 62, received: 63 },
        { submitted: 0, started: 3, finished: 63, received: 64 },
        { submitted: 52, started: 53, finished: 103, received: 104 },
      ]),
    ).toEqual([
      [0, 1, 50, 1],
      [1, 1, 60, 1],
      [2, 1, 60, 1],
      [52, 1, 50, 1],
    ]);
  });

  it('has no dispatch on the main thread, where every wait is for those before', () => {
    expect(
      partsOf('main', [
        { submitted: 0, started: 0, finished: 200, received: 200 },
        { submitted: 0, started: 200, finished: 201, received: 201 },
      ]),
    ).toEqual([
      [0, 0, 200, 0],
      [200, 0, 1, 0],
    ]);
  });

  it('is the sum of its parts, none of them negative, whatever the order of a lane', () => {
    const step = fc.integer({ min: 0, max: 1000 });
    const task = fc.record({
      lane: fc.integer({ min: 0, max: 2 }),
      at: step,
      wait: step,
      run: step,
      digest: step,
      back: step,
    });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 30 }), fc.constantFrom('main', 'thread'), (tasks, kind) => {
        const records = tasks.map(({ lane, at, wait, run, digest, back }, index): Finished => ({
          index,
          status: 'ok',
          lane,
          submittedNs: at,
          startedNs: at + wait,
          finishedNs: at + wait + run,
          digestedNs: at + wait + run + digest,
          receivedNs: at + wait + run + digest + back,
          digest: 'x',
          output: undefined,
        }));
        for (const { latencyMs, queuedMs, dispatchMs, runningMs, returnMs } of latenciesOf(0, kind, records)) {
          expect(Math.min(queuedMs, dispatchMs, runningMs, returnMs)).toBeGreaterThanOrEqual(0);
          expect(queuedMs + dispatchMs + runningMs + returnMs).toBeCloseTo(latencyMs, 9);
        }
      }),
    );
  });
});
