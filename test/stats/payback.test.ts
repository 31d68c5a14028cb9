import { describe, expect, it } from 'vitest';
import type { Comparison, MeasuredCell, Verdict } from '../../dist/src/model/results.js';
import { groupResults, type ReportGroup } from '../../dist/src/stats/groups.js';
import { paybackOf } from '../../dist/src/stats/payback.js';
import { cellOf, resultsOf } from '../support/results.js';

function cell(id: string, wallMs: number, startupMs: number): MeasuredCell {
  const made = cellOf({ id: `work/${id}`, strategy: 'worker-threads', poolSize: 2, wallsMs: [wallMs] });
  return { ...made, summary: { ...made.summary, startupMs } };
}

const BASE = cell('event-loop', 100, 10);
const POOL = cell('worker-threads@2', 60, 110);
const OTHER = cell('worker-threads@4', 50, 210);

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
    expect(paybackOf(POOL, BASE, groupWith([POOL, around(1), 'inconclusive']))).toBeUndefined();
    expect(paybackOf(POOL, BASE, groupWith())).toBeUndefined();
  });

  it('of two that were compared with a third: only where their intervals lie apart', () => {
    // (210 - 110) / (60 - 50)
    expect(paybackOf(OTHER, POOL, groupWith([POOL, around(1.6), 'faster'], [OTHER, around(2), 'faster']))).toBeCloseTo(
      10,
    );
    expect(
      paybackOf(OTHER, POOL, groupWith([POOL, around(1.95), 'faster'], [OTHER, around(2), 'faster'])),
    ).toBeUndefined();
  });
});
