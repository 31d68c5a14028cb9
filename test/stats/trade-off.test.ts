import { describe, expect, it } from 'vitest';
import type { MeasuredCell, Comparison, Verdict } from '../../dist/src/model/results.js';
import { groupResults, type ReportGroup } from '../../dist/src/stats/groups.js';
import { tradeOffOf, paybackOf } from '../../dist/src/stats/trade-off.js';
import { cellOf, resultsOf } from '../support/results.js';

const BLOCKS = 12;
const ALPHA = 0.05;

interface Times {
  readonly wallMs: number;
  readonly delayMs: number;
  readonly taskMs?: number;
}

function cell(id: string, poolSize: number, { wallMs, delayMs, taskMs = 5 }: Times): MeasuredCell {
  const wobble = (index: number): number => 1 + (index % 3) * 0.01;
  const made = cellOf({
    id,
    strategy: poolSize === 0 ? 'event-loop' : 'worker-threads',
    poolSize: Math.max(1, poolSize),
    wallsMs: Array.from({ length: BLOCKS }, (_, block) => wallMs * wobble(block)),
  });
  return {
    ...made,
    summary: { ...made.summary, loopDelayMs: { ...made.summary.loopDelayMs, p99: delayMs } },
    samples: made.samples.map((sample, index) => ({
      ...sample,
      loopDelayMs: { ...sample.loopDelayMs, p99: delayMs * wobble(index) },
      taskMs: { ...sample.taskMs, p50: taskMs * wobble(index) },
    })),
  };
}

const LOOP = cell('loop', 0, { wallMs: 100, delayMs: 237, taskMs: 160 });
const found = (others: readonly MeasuredCell[], tied = [LOOP, ...others].map(({ id }) => id)) =>
  tradeOffOf({ choose: 'loop', tied }, [LOOP, ...others], ALPHA);

describe('what a recommendation gives up', () => {
  it('is a configuration as fast, with less than half of the delay or latency, and by how much', () => {
    const tradeOff = found([cell('threads', 2, { wallMs: 98, delayMs: 10, taskMs: 16 })]);
    expect(tradeOff?.cell).toBe('threads');
    expect(tradeOff?.speedup.estimate).toBeCloseTo(100 / 98, 6);
    expect(tradeOff?.loopDelayMs?.estimate).toBeCloseTo(23.7, 6);
    expect(tradeOff?.loopDelayMs?.level).toBe(0.95);
    expect(tradeOff?.taskP50Ms?.estimate).toBeCloseTo(10, 6);
    // The p99 of a task is the same.
    expect(tradeOff).not.toHaveProperty('taskP99Ms');
  });

  it('is nothing that is slower by more than a tenth, or better by no more than twice', () => {
    expect(found([cell('slow', 2, { wallMs: 120, delayMs: 10 })])).toBeUndefined();
    expect(found([cell('near', 2, { wallMs: 100, delayMs: 130, taskMs: 90 })])).toBeUndefined();
  });

  it('is what is nine tenths as fast, and better by more than twice', () => {
    expect(found([cell('threads', 2, { wallMs: 107, delayMs: 10 })])?.cell).toBe('threads');
    expect(found([cell('threads', 2, { wallMs: 100, delayMs: 80, taskMs: 160 })])?.loopDelayMs?.estimate).toBeCloseTo(
      237 / 80,
      6,
    );
  });

  it('shares the level among all others: six blocks show it of one, and of none of two', () => {
    const [loop, two, four] = [
      LOOP,
      ...[2, 4].map((size) => cell(`threads@${size}`, size, { wallMs: 100, delayMs: 10 })),
    ].map((each) => ({ ...each, samples: each.samples.slice(0, 6) }));
    if (loop === undefined || two === undefined || four === undefined) throw new Error('there are three');
    const shown = (cells: readonly MeasuredCell[]) => tradeOffOf({ choose: 'loop', tied: [] }, cells, ALPHA)?.cell;
    expect(shown([loop, two])).toBe('threads@2');
    expect(shown([loop, two, four])).toBeUndefined();
  });

  it('is nothing where the main thread is held for less than 10 ms', () => {
    const delayed = (delayMs: number) =>
      tradeOffOf(
        { choose: 'loop', tied: ['loop', 'threads'] },
        [cell('loop', 0, { wallMs: 100, delayMs }), cell('threads', 2, { wallMs: 100, delayMs: 0.1 })],
        ALPHA,
      );
    expect(delayed(9.9)).toBeUndefined();
    // Delays below 2 ms count as that.
    expect(delayed(10)?.loopDelayMs?.estimate).toBeCloseTo(5, 0);
  });

  it('is a shorter task latency, also where the main thread is held for less', () => {
    const cells = [
      cell('loop', 0, { wallMs: 100, delayMs: 5, taskMs: 160 }),
      cell('threads', 2, { wallMs: 100, delayMs: 2, taskMs: 10 }),
    ];
    const tradeOff = tradeOffOf({ choose: 'loop', tied: [] }, cells, ALPHA);
    expect(tradeOff?.taskP50Ms?.estimate).toBeCloseTo(16, 6);
    expect(tradeOff).not.toHaveProperty('loopDelayMs');
  });

  it('is, of several, what is better by more measures, then what is tied, then what has the fewest workers', () => {
    const [four, two] = [4, 2].map((size) => cell(`threads@${size}`, size, { wallMs: 100, delayMs: 10, taskMs: 10 }));
    const one = cell('threads@1', 1, { wallMs: 100, delayMs: 10, taskMs: 160 });
    if (four === undefined || two === undefined) throw new Error('there are two');
    expect(found([four, two, one])?.cell).toBe('threads@2');
    expect(found([four, two, one], ['loop', 'threads@4'])?.cell).toBe('threads@4');
    // Of as many workers, the faster.
    const faster = cell('faster@2', 2, { wallMs: 98, delayMs: 10, taskMs: 10 });
    expect(found([two, faster])?.cell).toBe('faster@2');
  });

  it('is nothing with too few blocks to show anything', () => {
    const few = [LOOP, cell('threads', 2, { wallMs: 98, delayMs: 10 })].map((each) => ({
      ...each,
      samples: each.samples.slice(0, 3),
    }));
    expect(tradeOffOf({ choose: 'loop', tied: [] }, few, ALPHA)).toBeUndefined();
  });
});

function timed(id: string, wallMs: number, startupMs: number): MeasuredCell {
  const made = cellOf({ id: `work/${id}`, strategy: 'worker-threads', poolSize: 2, wallsMs: [wallMs] });
  return { ...made, summary: { ...made.summary, startupMs } };
}

const BASE = timed('event-loop', 100, 10);
const POOL = timed('worker-threads@2', 60, 110);
const OTHER = timed('worker-threads@4', 50, 210);

function groupWith(...compared: readonly (readonly [MeasuredCell, Comparison['speedup'], Verdict])[]): ReportGroup {
  const comparisons = compared.map(([contender, speedup, verdict]) => ({
    workload: 'work',
    params: {},
    baseline: BASE.id,
    contender: contender.id,
    speedup,
    verdict,
    blocks: 10,
  }));
  const [group] = groupResults(resultsOf({ cells: [BASE, POOL, OTHER], comparisons }));
  if (group === undefined) throw new Error('there is one group');
  return group;
}

const around = (estimate: number): Comparison['speedup'] => ({
  estimate,
  lo: estimate * 0.95,
  hi: estimate * 1.05,
  level: 0.95,
});

describe('paybackOf', () => {
  it('is the longer start, divided by what a batch saves', () => {
    // (110 - 10) / (100 - 60)
    expect(paybackOf(POOL, BASE, groupWith([POOL, around(1.67), 'faster']))).toBeCloseTo(2.5);
  });

  it('is never for what was shown not to be faster, and nothing where neither was shown', () => {
    expect(paybackOf(POOL, BASE, groupWith([POOL, around(1), 'same']))).toBeNull();
    // Slightly faster: it does pay back.
    expect(paybackOf(POOL, BASE, groupWith([POOL, { ...around(1.03), lo: 1.02 }, 'same']))).toBeCloseTo(2.5);
    expect(paybackOf(POOL, BASE, groupWith([POOL, around(1), 'inconclusive']))).toBeUndefined();
    expect(paybackOf(POOL, BASE, groupWith())).toBeUndefined();
    // Shown to be faster, though its typical batch takes as long.
    const equal = timed('worker-threads@2', 100, 110);
    expect(paybackOf(equal, BASE, groupWith([POOL, around(1.02), 'faster']))).toBeNull();
  });

  it('of two that were compared with a third: only where their intervals lie apart', () => {
    // (210 - 110) / (60 - 50)
    expect(paybackOf(OTHER, POOL, groupWith([POOL, around(1.6), 'faster'], [OTHER, around(2), 'faster']))).toBeCloseTo(
      10,
    );
    expect(
      paybackOf(OTHER, POOL, groupWith([POOL, around(1.95), 'faster'], [OTHER, around(2), 'faster'])),
    ).toBeUndefined();
    expect(paybackOf(POOL, OTHER, groupWith([POOL, around(1.6), 'faster'], [OTHER, around(2), 'faster']))).toBeNull();
    expect(paybackOf(OTHER, POOL, groupWith([OTHER, around(2), 'faster']))).toBeUndefined();
  });
});
