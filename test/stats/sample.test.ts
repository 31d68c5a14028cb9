import { describe, expect, it } from 'vitest';
import { toSample, type Finished } from '../../dist/src/stats/sample.js';

const MS = 1e6;

/** A task from its times in milliseconds. */
function task(
  index: number,
  submitted: number,
  started: number,
  finished: number,
  digested: number,
  received: number,
): Finished {
  return {
    index,
    status: 'ok',
    lane: 0,
    submittedNs: submitted * MS,
    startedNs: started * MS,
    finishedNs: finished * MS,
    digestedNs: digested * MS,
    receivedNs: received * MS,
    digest: 'x',
    output: undefined,
  };
}

const BATCH = {
  wallMs: 20,
  batchStartNs: 0,
  usage: { cpuMs: 30, systemMs: 10, contextSwitches: { voluntary: 7, involuntary: 2 } },
  loopDelaysMs: [0, 4, 1],
};

describe('toSample', () => {
  it('reads concurrency from the stamps and parallelism from the CPU time', () => {
    // Two tasks under way for 10 ms each in a batch of 20 ms: one in progress on average, on one and a half cores.
    const sample = toSample({ ...BATCH, records: [task(0, 0, 1, 11, 11, 12), task(1, 0, 1, 11, 11, 12)] }, 'thread');
    expect(sample.tasksInFlight).toBe(1);
    expect(sample.cpusUsed).toBe(1.5);
    expect(sample).toMatchObject({ cpuMs: 30, systemMs: 10 });
    expect(sample.contextSwitches).toEqual({ voluntary: 7, involuntary: 2 });
    expect(sample.loopDelayMs).toEqual({ p50: 1, p99: 3.92, max: 4 });
  });

  it('tells five digits of what is compared, four of the rest, and how long tasks took as quantiles', () => {
    // Five tasks of 1 to 5 ms; R: quantile(1:5, c(.05, .25, .5, .75, .9, .95, .99)) is 1.2 2 3 4 4.6 4.8 4.96.
    const records = [1, 2, 3, 4, 5].map((ms) => task(ms, 0, 0, ms, ms, ms));
    const sample = toSample({ ...BATCH, wallMs: 20.123_456_7, records }, 'thread');
    expect(sample.wallMs).toBe(20.123);
    expect(toSample({ ...BATCH, loopDelaysMs: [1.234_56], records }, 'thread').loopDelayMs.p50).toBe(1.235);
    expect(sample.taskMs).toEqual({ p5: 1.2, p25: 2, p50: 3, p75: 4, p90: 4.6, p95: 4.8, p99: 4.96, max: 5 });
  });

  it('takes the latency of a task apart, and leaves out its digest', () => {
    // Handed to a free worker after 2 ms; 14 ms from hand-over to receipt, of which 0.5 are the digest.
    const sample = toSample({ ...BATCH, records: [task(0, 2, 3, 13, 13.5, 14)] }, 'thread');
    expect(sample.taskMs.p50).toBe(13.5);
    expect(sample).toMatchObject({
      queuedMs: { p50: 2, p99: 2 },
      dispatchMs: { p50: 1, p99: 1 },
      runningMs: { p50: 10, p99: 10 },
      returnMs: { p50: 0.5, p99: 0.5 },
    });
  });

  it('says of a loop that is held for most of a batch that it is, though a single timer was late', () => {
    const records = [task(0, 0, 1, 2, 2, 3)];
    const delayOf = (loopDelaysMs: number[]) => toSample({ ...BATCH, loopDelaysMs, records }, 'main').loopDelayMs;
    // Held for 237 ms, then free for 200 ms, in which the timer fires a hundred times.
    const { p50, p99, max } = delayOf([237, ...Array.from({ length: 100 }, () => 0)]);
    expect(max).toBe(237);
    expect(p99).toBeGreaterThan(230);
    // An event at any moment of the 437 ms waits for 18 ms in the median: (237 - 200) / 2.
    expect(p50).toBeCloseTo(18, -1);
    expect(delayOf([0, 1, 0.5]).p50).toBe(0.5);
  });

  it('has the mean time between two tasks of a worker, by the timestamps of that worker alone', () => {
    const on = (lane: number, one: Finished): Finished => ({ ...one, lane });
    const gapOf = (records: Finished[], kind: 'thread' | 'main' = 'thread') =>
      toSample({ ...BATCH, records }, kind).gapMs;
    // The first worker waits from 4 to 6 and from 8 to 9, the second from 5 to 8: 6 ms for three tasks after the first.
    const records = [
      on(0, task(0, 0, 1, 3, 4, 20)),
      on(1, task(1, 0, 2, 5, 5, 20)),
      on(0, task(2, 0, 6, 7, 8, 20)),
      on(1, task(3, 0, 8, 9, 9, 20)),
      on(0, task(4, 0, 9, 10, 10, 20)),
    ];
    expect(gapOf(records)).toBe(2);
    expect(gapOf(records.toReversed())).toBe(2);
    expect(gapOf(records, 'main')).toBeUndefined();
    // A worker that has another task in flight does not wait.
    expect(gapOf([task(0, 0, 0, 10, 10, 20), task(1, 0, 1, 2, 2, 20), task(2, 0, 4, 5, 5, 20)])).toBe(0);
    expect(gapOf([on(0, task(0, 0, 1, 2, 2, 3)), on(1, task(1, 0, 1, 2, 2, 3))])).toBeUndefined();
  });

  it('has the CPU time of the parts of a queue, where there is one', () => {
    const sampleOf = (queue?: { hostMs: number; serverMs: number | undefined }) =>
      toSample({ ...BATCH, records: [task(0, 0, 1, 2, 2, 3)], queue }, 'process');
    expect(sampleOf({ hostMs: 12.345_67, serverMs: 3 })).toMatchObject({ hostMs: 12.35, serverMs: 3 });
    expect(sampleOf({ hostMs: 12, serverMs: undefined })).not.toHaveProperty('serverMs');
    expect(sampleOf()).not.toHaveProperty('hostMs');
  });

  it('flags stamps that are out of order and no others', () => {
    const good = task(0, 0, 1, 2, 2, 3);
    expect(toSample({ ...BATCH, records: [good] }, 'thread')).not.toHaveProperty('disorderedStamps');
    expect(
      toSample(
        { ...BATCH, records: [good, task(1, 2, 1, 3, 3, 4), task(2, 0, 3, 2, 3, 4), task(3, 0, 1, 2, 5, 4)] },
        'thread',
      ),
    ).toHaveProperty('disorderedStamps', 3);
  });

  it('says null where the system does not count context switches', () => {
    expect(
      toSample({ ...BATCH, usage: { cpuMs: 1, systemMs: 0 }, records: [task(0, 0, 1, 2, 2, 3)] }, 'thread')
        .contextSwitches,
    ).toBeNull();
  });
});
