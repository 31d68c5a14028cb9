import { describe, expect, it } from 'vitest';
import type { MeasuredGroup } from '../../dist/src/model/measured.js';
import type { Sample, Warning } from '../../dist/src/model/results.js';
import { conclude } from '../../dist/src/stats/conclude.js';
import { around, logOf, LOOP, measured, OPTIONS, planned, THREADS } from '../support/measured.js';
import { workloadOf } from '../support/workload.js';

interface Work {
  readonly wallMs?: number;
  readonly share?: number;
  readonly tasksInFlight?: number;
  readonly tasks?: number;
  /** The longest task of each batch. */
  readonly indexOf?: (batch: number) => number;
  readonly warnings?: MeasuredGroup['warnings'];
}

/** What is said of a task that takes that share of the running time of every batch. */
function foundIn({
  wallMs = 100,
  share = 0.7,
  tasksInFlight = 1,
  tasks = 8,
  indexOf = () => 3,
  warnings = [],
}: Work): readonly Warning[] {
  const log = logOf(LOOP, [...around(wallMs), wallMs], { tasksInFlight });
  const withLongest = (sample: Sample, batch: number): Sample => ({
    ...sample,
    longestTask: { index: indexOf(batch), share },
  });
  const run = measured([{ ...log, samples: log.samples.map(withLongest) }], { warnings });
  return dominantIn(planned(run, { workload: workloadOf({ tasks, tasksAreFixed: true }) }));
}

function dominantIn(given: ReturnType<typeof measured>): readonly Warning[] {
  return conclude(given, OPTIONS, 2).warnings.filter(({ kind }) => kind === 'dominant-task');
}

describe('a task that takes most of every batch', () => {
  it('is named with its share, and with the speedup that it allows', () => {
    expect(foundIn({})).toEqual([
      { kind: 'dominant-task', workload: 'work', cell: LOOP.id, share: 0.7, bound: 1 / 0.7 },
    ]);
  });

  it('limits nothing if tasks divide their work through shared memory', () => {
    expect(foundIn({ warnings: [{ kind: 'shared-memory', workload: 'work' }] })).toEqual([]);
  });

  it('takes more than half of a batch, of two tasks more than three quarters; of one, it is the batch', () => {
    expect(foundIn({ share: 0.4 })).toEqual([]);
    expect(foundIn({ share: 0.6 })).toHaveLength(1);
    expect(foundIn({ share: 0.7, tasks: 2 })).toEqual([]);
    expect(foundIn({ share: 0.9, tasks: 2 })).toHaveLength(1);
    expect(foundIn({ share: 0.9, tasks: 1 })).toEqual([]);
  });

  it('is the same in at least two thirds of the batches', () => {
    const sameIn = (count: number): Work => ({ indexOf: (batch) => (batch < count ? 3 : 10 + batch) });
    expect(foundIn(sameIn(8))).toHaveLength(1);
    expect(foundIn(sameIn(6))).toHaveLength(1);
    expect(foundIn(sameIn(5))).toEqual([]);
  });

  it('takes a millisecond at least, also beside others that are in flight', () => {
    expect(foundIn({ wallMs: 2.5, share: 0.6 })).toHaveLength(1);
    expect(foundIn({ wallMs: 1, share: 0.6 })).toEqual([]);
    expect(foundIn({ wallMs: 1, share: 0.6, tasksInFlight: 4 })).toHaveLength(1);
  });

  it('is looked for in the baseline, or in what was measured in place of a baseline that failed', () => {
    const longest = { longestTask: { index: 3, share: 0.7 } };
    const [loop, threads] = [logOf(LOOP, around(100), longest), logOf(THREADS, around(100), longest)];
    const plain = logOf(THREADS, around(100));
    expect(dominantIn(measured([plain, loop]))).toMatchObject([{ cell: LOOP.id }]);
    expect(dominantIn(measured([threads, logOf(LOOP, around(100))]))).toEqual([]);
    const failed = { ...loop, error: { name: 'Error', message: 'no' } };
    expect(dominantIn(measured([failed, threads]))).toMatchObject([{ cell: THREADS.id }]);
  });
});
