import { describe, expect, it } from 'vitest';
import type { LoadResults } from '../../../dist/src/model/load.js';
import { compareUnits } from '../../../dist/src/stats/compare-runs.js';
import { comparableLoad } from '../../../dist/src/stats/load/comparable-load.js';
import { comparisonDocument } from '../../../dist/src/report/comparison-document.js';
import { dressMarkdown } from '../../../dist/src/report/dress/markdown.js';
import { loadOf } from '../../support/load-results.js';
import { queueWindows, ratingOf } from '../../support/queue-windows.js';

function compared(olds: readonly [LoadResults, ...LoadResults[]], now: LoadResults) {
  const [first, ...others] = olds;
  const earlier = [comparableLoad(first), ...others.map(comparableLoad)] as const;
  return compareUnits(earlier, comparableLoad(now), 0.05);
}

describe('two load measurements', () => {
  it.each([
    [20, 16, 'faster'],
    [20, 25, 'slower'],
    [20, 20.1, 'same'],
  ] as const)('show nothing, a p99 of %d ms and then %d ms only looks %s', (before, after, looks) => {
    const { changes, configurations } = compared([loadOf(before)], loadOf(after));
    expect(changes).toMatchObject([{ cell: 'work/event-loop at 40', verdict: 'inconclusive', looks, oldRuns: 1 }]);
    expect(changes[0]?.speedup.estimate).toBeCloseTo(before / after, 2);
    expect(configurations).toMatchObject([{ title: 'work: p99 at 40 tasks a second', strategy: 'event-loop' }]);
  });

  it('have a verdict from three earlier ones on, as far as these differ among themselves', () => {
    const earlier = [19.9, 20, 20.1].map((p99, day) => loadOf(p99, { startedAt: `2026-11-0${day + 1}` }));
    const { changes } = compared(earlier as [LoadResults, ...LoadResults[]], loadOf(25));
    expect(changes).toMatchObject([{ verdict: 'slower', oldRuns: 3 }]);
  });

  it('are not compared if other tasks arrived, or tasks piled up, or a configuration fails', () => {
    const because = (now: LoadResults) => compared([loadOf(20)], now).notComparable.map((one) => one.because);
    const asked = loadOf(20);
    expect(because({ ...asked, options: { ...asked.options, requests: 200 } })).toEqual(['other-load']);
    expect(because({ ...asked, options: { ...asked.options, leastWindowMs: 600 } })).toEqual(['other-load']);
    expect(because({ ...asked, options: { ...asked.options, giveUpMs: 1000 } })).toEqual(['other-load']);
    expect(because(loadOf(20, {}, { state: 'overloaded' }))).toEqual(['overloaded']);
    expect(because(loadOf(20, {}, { judgedMs: null }))).toEqual(['overloaded']);
    expect(because(loadOf(20, {}, { state: 'driver-limited' }))).toEqual(['driver-limited']);
    const failed = asked.cells.map((cell) => ({
      ...cell,
      status: 'failed' as const,
      windows: [],
      error: { name: 'Error', message: 'no' },
    }));
    expect(because({ ...asked, cells: failed })).toEqual(['failed-now']);
    const doubt = { kind: 'memoised', cell: 'work/event-loop', firstMs: 9, laterMs: 0.01 } as const;
    expect(because(loadOf(20, { warnings: [doubt] }))).toEqual(['withheld']);
  });

  it('are compared by the rates that they hold, if these were searched for', () => {
    const holding = (rate: number): LoadResults => {
      const { held: _none, ...found } = loadOf(20);
      const speedIn = (block: number): number => 1 + (((block * 7) % 5) - 2) * 0.004;
      const rates = [0.8, 1, 1.25].map((share) => share * rate);
      const windows = [...queueWindows(rate, { rates, blocks: 12, seed: found.seed, speedIn })];
      return { ...found, held: [], cells: found.cells.map((cell) => ({ ...cell, ...ratingOf(rate), windows })) };
    };
    const { changes, configurations } = compared([holding(80)], holding(100));
    expect(changes).toMatchObject([{ cell: 'work/event-loop', looks: 'faster' }]);
    expect(changes[0]?.speedup.estimate).toBeCloseTo(1.25, 2);
    expect(configurations).toMatchObject([{ title: 'work: rate held' }]);
    const late = holding(100);
    const mostlyLate = late.cells.map((cell) => ({
      ...cell,
      windows: cell.windows.map((one) => (one.block % 2 === 0 ? { ...one, state: 'driver-limited' as const } : one)),
    }));
    expect(compared([holding(80)], { ...late, cells: mostlyLate }).notComparable).toMatchObject([
      { because: 'driver-limited' },
    ]);
    const beyond = holding(100);
    const fast = beyond.cells.map((cell) => ({
      ...cell,
      windows: cell.windows.map((one) => ({ ...one, judgedMs: 9, latencyMs: { ...one.latencyMs, p99: 9 } })),
    }));
    expect(compared([holding(80)], { ...beyond, cells: fast }).notComparable).toMatchObject([{ because: 'beyond' }]);
  });

  it('are reported in words, with a table for each rate', () => {
    const text = dressMarkdown(comparisonDocument({ ...compared([loadOf(20)], loadOf(30)), of: 'load' }));
    expect(text).toContain('Of 1 value in both load measurements: 1 looks slower.');
    expect(text).toContain('work: p99 at 40 tasks a second');
    expect(text).toContain('looks slower');
  });
});
