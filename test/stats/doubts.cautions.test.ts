import { describe, expect, it } from 'vitest';
import type { Workload } from '../../dist/src/model/plan.js';
import type { Sample } from '../../dist/src/model/results.js';
import { conclude } from '../../dist/src/stats/conclude.js';
import { around, logOf, LOOP, measured, OPTIONS, planned } from '../support/measured.js';
import { workloadOf } from '../support/workload.js';

const HELD = { p50: 0, p99: 100, max: 100 };

function kindsOf(given: Partial<Sample>, work: Partial<Workload> = {}, wallMs = 100): readonly string[] {
  const run = planned(measured([logOf(LOOP, around(wallMs), given)]), { workload: workloadOf(work) });
  return conclude(run, OPTIONS, 2).warnings.map(({ kind }) => kind);
}

describe('a bound that is not seen on the event loop', () => {
  it('is CPU-bound work that keeps less than half of a CPU busy', () => {
    expect(kindsOf({ cpusUsed: 0.4 })).toEqual(['bound-not-seen']);
    expect(kindsOf({ cpusUsed: 0.6 })).toEqual([]);
  });

  it('is I/O-bound work that keeps half of a CPU busy', () => {
    expect(kindsOf({ cpusUsed: 0.6 }, { bound: 'io' })).toEqual(['bound-not-seen']);
    expect(kindsOf({ cpusUsed: 0.4 }, { bound: 'io' })).toEqual([]);
  });

  it('is none if the work is mixed, or its bound was measured, or is unknown', () => {
    expect(kindsOf({ cpusUsed: 0.1 }, { bound: 'mixed' })).toEqual([]);
    expect(kindsOf({ cpusUsed: 0.1 }, { boundIs: 'measured' })).toEqual([]);
    expect(kindsOf({ cpusUsed: 0.1 }, { boundIs: 'unknown' })).toEqual([]);
  });

  it('is none if commands, whose CPU time this system does not count, may have done the work of a batch', () => {
    expect(kindsOf({ cpusUsed: 0.1, commandsMs: 0 })).toEqual(['bound-not-seen']);
    expect(kindsOf({ cpusUsed: 0.1, commandsMs: null })).toEqual([]);
    const log = logOf(LOOP, around(100), { cpusUsed: 0.1 });
    const once = { ...log, samples: log.samples.map((one) => (one.block === 3 ? { ...one, commandsMs: null } : one)) };
    expect(conclude(measured([once]), OPTIONS, 2).warnings).toEqual([]);
  });

  it('is none if other programs took the CPU', () => {
    const preempted = { cpusUsed: 0.4, loopDelayMs: HELD, contextSwitches: { voluntary: 1, involuntary: 9 } };
    expect(kindsOf(preempted)).toEqual(['taken-cpus']);
  });
});

it('a batch is short below 10 ms', () => {
  expect([8, 12].map((wallMs) => kindsOf({}, {}, wallMs))).toEqual([['short-batch'], []]);
});

it('a digest is costly beyond a twentieth of a batch', () => {
  expect([0.04, 0.06].map((digestShare) => kindsOf({ digestShare }))).toEqual([[], ['costly-digest']]);
});
