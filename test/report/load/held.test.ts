import { describe, expect, it } from 'vitest';
import type { Held, HeldComparison, LoadResults, LoadWorkload } from '../../../dist/src/model/load.js';
import type { Column } from '../../../dist/src/report/document.js';
import { heldBlocks, heldSentence, rateText } from '../../../dist/src/report/load/held.js';

const OF = { workload: 'work', params: {} };
const WORKLOAD = { name: 'work', objective: { quantile: 'p99', ms: 50 } } as LoadWorkload;

function heldOf(cell: string, estimate: number, over: Partial<Held> = {}): Held {
  const rate = { estimate, lo: estimate * 0.95, hi: estimate * 1.05, level: 0.95 };
  return { ...OF, cell, kind: 'at', rate, searched: estimate, missShare: 0.01, blocks: 8, ...over };
}

function cellOf(
  id: string,
  strategy: string,
  poolSize: number,
  concurrency: 1 | 'all' = 1,
): LoadResults['cells'][number] {
  const fields = { id, strategy, poolSize, concurrency, family: 'loop', ...OF, startupMs: [], windows: [] };
  return { ...fields, status: 'ok', rates: [] } as LoadResults['cells'][number];
}

const COMPARISON: HeldComparison = {
  ...OF,
  baseline: 'loop',
  contender: 'threads',
  speedup: { estimate: 1.94, kind: 'at', lo: 1.86, hi: 2.02, level: 0.95 },
  verdict: 'faster',
  blocks: 8,
};

function resultsOf(over: Partial<LoadResults>): LoadResults {
  const cells = [cellOf('loop', 'event-loop', 1, 'all'), cellOf('threads', 'worker-threads', 2)];
  const held = [heldOf('loop', 87), heldOf('threads', 168)];
  return { cells, held, complete: true, options: { minEffect: 0.05 }, ...over } as LoadResults;
}

describe('the sentence about held rates', () => {
  it('names the recommended configuration, what it holds and how that compares', () => {
    const recommendations = [
      { ...OF, choose: 'threads', most: 'threads', tied: ['threads'], chosenFor: 'only' as const },
    ];
    expect(heldSentence(WORKLOAD, resultsOf({ heldComparisons: [COMPARISON], recommendations }))).toBe(
      'use 2 worker threads. 2 worker threads hold 168 tasks a second (95% CI 160–176), 1.94× the rate of the event loop.',
    );
  });

  it('does not call a hopeless configuration too little measured', () => {
    const sentenceWith = (over: Partial<Held>): string | undefined =>
      heldSentence(WORKLOAD, resultsOf({ held: [heldOf('loop', 87), heldOf('threads', 80, over)] }));
    expect(sentenceWith({})).toContain(', the highest rate; too little was measured for a verdict.');
    expect(sentenceWith({ kind: 'none', rate: null })).toBe(
      'the event loop holds 87.0 tasks a second (95% CI 82.6–91.4); no rate holds it with 2 worker threads.',
    );
    const none = { kind: 'none', rate: null } as const;
    const reversed = [heldOf('loop', 87, none), heldOf('threads', 168)];
    expect(heldSentence(WORKLOAD, resultsOf({ held: reversed }))).toBe(
      '2 worker threads hold 168 tasks a second (95% CI 160–176); no rate holds it with the event loop.',
    );
    const late = [heldOf('loop', 87, none), heldOf('threads', 168, { isDriverLimited: true })];
    expect(heldSentence(WORKLOAD, resultsOf({ held: late }))).toContain('the driver was late in too many windows');
  });

  it('calls a rate slightly higher that is, as the table of latencies does', () => {
    const textOf = (over: Partial<HeldComparison['speedup']>): string => {
      const speedup = { ...COMPARISON.speedup, estimate: 1.03, lo: 1.01, hi: 1.06, ...over };
      return JSON.stringify(heldBlocks(WORKLOAD, resultsOf({ heldComparisons: [{ ...COMPARISON, speedup }] })));
    };
    expect(textOf({})).toContain('"slightly faster"');
    // A bound may be far below the rate.
    expect(textOf({ kind: 'above', hi: null })).toContain('"faster"');
    expect(textOf({ estimate: 1.1, lo: 1.08, hi: 1.12 })).toContain('"faster"');
  });

  it('calls nothing held before all was measured', () => {
    const held = [heldOf('loop', 87), heldOf('threads', 168, { kind: 'above' })];
    const results = resultsOf({ held, complete: false });
    expect(heldSentence(WORKLOAD, results)).toBe(
      'no verdict: interrupted. Estimated so far: the event loop 87.0, 2 worker threads at least 168 tasks a second.',
    );
    const early = held.map((one) => ({ ...one, blocks: 2 }));
    expect(heldSentence(WORKLOAD, resultsOf({ held: early, complete: false }))).toBe('no verdict: interrupted.');
    const text = JSON.stringify(heldBlocks(WORKLOAD, results));
    expect(text).toContain('Rates that may be held, as estimated so far');
    expect(text).not.toContain('the highest rate that was measured is held');
  });

  it('names the highest estimate where nothing can be recommended', () => {
    expect(heldSentence(WORKLOAD, resultsOf({}))).toBe(
      '2 worker threads hold 168 tasks a second (95% CI 160–176), the highest rate; too little was measured for a verdict.',
    );
  });

  it('names no rate of configurations whose windows were mostly refused', () => {
    const held = [heldOf('loop', 87, { isDriverLimited: true })];
    expect(heldSentence(WORKLOAD, resultsOf({ held }))).toMatch(/^the driver was late in too many windows/);
  });

  it('says that no rate holds what one task already exceeds', () => {
    const held = [heldOf('loop', 0, { kind: 'none', rate: null }), heldOf('threads', 0, { kind: 'none', rate: null })];
    expect(heldSentence(WORKLOAD, resultsOf({ held }))).toMatch(/^no rate holds it/);
  });

  it('is none if rates were given', () => {
    const { held: _none, ...given } = resultsOf({});
    expect(heldSentence(WORKLOAD, given)).toBeUndefined();
    expect(heldBlocks(WORKLOAD, given)).toEqual([]);
  });
});

it('a held rate whose windows were mostly refused is marked, with the reason', () => {
  const held = [heldOf('loop', 87), heldOf('threads', 168, { isDriverLimited: true })];
  const text = JSON.stringify(heldBlocks(WORKLOAD, resultsOf({ held })));
  expect(text).toContain('"driver-limited"');
  expect(text).toContain('so this rate may be too high');
  expect(JSON.stringify(heldBlocks(WORKLOAD, resultsOf({})))).not.toContain('may be too high');
});

it('a held rate beyond those measured is shown as a bound', () => {
  const rate = { estimate: 246, lo: 240, hi: null, level: 0.95 };
  expect(rateText(heldOf('loop', 246, { kind: 'above', rate }))).toBe('≥ 246 (from 240)');
  expect(rateText(heldOf('loop', 22, { kind: 'below', rate: { ...rate, estimate: 22, lo: null } }))).toBe('< 22.0');
  expect(rateText(heldOf('loop', 0, { kind: 'none', rate: null }))).toBe('none');
});

describe('what is held under sustained load', () => {
  const known = [heldOf('loop', 87, { lastingShare: 0.794 }), heldOf('threads', 168, { lastingShare: 0.816 })];

  it('is a column, with what it means, and stands beside the rate of the headline', () => {
    const text = JSON.stringify(heldBlocks(WORKLOAD, resultsOf({ held: known })));
    for (const part of ['"69.1"', '"137"', 'for windows of 4000 arrivals']) expect(text).toContain(part);
    const recommendations = [
      { ...OF, choose: 'threads', most: 'threads', tied: ['threads'], chosenFor: 'only' as const },
    ];
    const forecast = / Forecast under sustained load: 137 a second\.$/;
    expect(heldSentence(WORKLOAD, resultsOf({ held: known, recommendations }))).toMatch(forecast);
    expect(heldSentence(WORKLOAD, resultsOf({ held: known }))).toMatch(forecast);
  });

  it('is left out where nothing is known of it', () => {
    const column = columnsOf([heldOf('loop', 87)]).find(({ title }) => title === 'sustained, tasks/s');
    expect(column?.on).toEqual([]);
    expect(JSON.stringify(heldBlocks(WORKLOAD, resultsOf({})))).not.toContain('4000');
    expect(columnsOf(known).find(({ title }) => title === 'sustained, tasks/s')?.on).toBeUndefined();
  });

  function columnsOf(held: readonly Held[]): readonly Column[] {
    return heldBlocks(WORKLOAD, resultsOf({ held: [...held] })).flatMap((block) =>
      block.kind === 'section' ? block.blocks.flatMap((one) => (one.kind === 'table' ? one.columns : [])) : [],
    );
  }
});
