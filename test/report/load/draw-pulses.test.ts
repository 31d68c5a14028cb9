import { describe, expect, it } from 'vitest';
import type { LoadResults, OverloadedCell } from '../../../dist/src/model/load.js';
import { drawPulses } from '../../../dist/src/report/load/draw-pulses.js';

const RATES = { capacity: 100, isHeld: true, baseRate: 40, pulseRate: 130, leadMs: 2000, pulseMs: 3000, tailMs: 6000 };

function resultsOf(overload: readonly OverloadedCell[]): LoadResults {
  const cell = { id: 'work/threads', strategy: 'worker-threads', poolSize: 2, concurrency: 1, workload: 'work' };
  const workload = { name: 'work', title: 'work', objective: { quantile: 'p99', ms: 50 } };
  return { overload, cells: [cell], workloads: [workload] } as unknown as LoadResults;
}

function pulsed(recoveryMs: OverloadedCell['recoveryMs']): OverloadedCell {
  const course = Array.from({ length: 12 }, (_, second) => ({
    ms: second * 1000,
    backlog: second < 2 ? 1 : Math.max(0, 90 - 30 * Math.abs(5 - second)),
    latencyMs: second === 3 ? null : 20,
  }));
  const counts = { rejected: 0, gaveUp: 0, failed: 0, wasted: { tasks: 0, runningMs: 0 } };
  return {
    workload: 'work',
    params: {},
    cell: 'work/threads',
    ...RATES,
    growthPerSecond: { measured: 29, forecast: 30 },
    recoveryMs,
    unrecovered: 0,
    refused: 0,
    rejectedShare: 0,
    gaveUpShare: 0,
    wastedShare: 0,
    pulses: [
      {
        block: 0,
        arrived: 390,
        growthPerSecond: 29,
        mostBacklog: 90,
        recoveryMs: 1500,
        offered: 700,
        ...counts,
        course,
      },
    ],
  };
}

describe('the figure of pulses', () => {
  it('is none without pulses', () => {
    expect(drawPulses(resultsOf([]))).toBeUndefined();
  });

  it('has the backlog over time and the forecast, and in words how the queue grows and recovers', () => {
    const [panel, ...others] = drawPulses(resultsOf([pulsed({ measured: 1400, forecast: 1500 })]))?.panels ?? [];
    expect(others).toEqual([]);
    expect(panel?.title).toBe('2 worker threads');
    expect(panel?.svg).toContain('grows by 29.0 tasks a second (forecast 30.0); recovery: 1.4 s.');
    expect(panel?.svg).toContain('stroke-dasharray');
    expect(panel?.more?.svg).toContain('with the objective of 50.0 ms');
  });

  it('does not say that a queue recovers that did not', () => {
    const [panel] = drawPulses(resultsOf([pulsed({ measured: null, forecast: null })]))?.panels ?? [];
    expect(panel?.svg).toContain('recovery: not within 5.0 s.');
  });
});
