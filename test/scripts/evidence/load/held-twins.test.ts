import { describe, expect, it } from 'vitest';
import { foundAmong, rowsOf, twinsJobs, type TwinsFound } from '../../../../dist/scripts/evidence/load/held-twins.js';
import type { Window } from '../../../../dist/src/model/load.js';
import { queueWindows, ratingOf } from '../../../support/queue-windows.js';

const SEED = 1;
const HELD = 100;
const BESIDE = { seed: SEED, requests: 400, settling: 100, ratings: Array.from({ length: 6 }, () => ratingOf(HELD)) };
/** What all six are, but for their windows. */
const RECORD = {
  key: '',
  way: 'quiet',
  strategy: 'event-loop',
  commonRates: [90],
  freeCpus: 2,
  isWithheld: false,
  beside: BESIDE,
} as const;

/** Windows of a twin that holds so much, and in a block a little more or less. */
function twin(held: number): readonly Window[] {
  const speedIn = (block: number): number => (held / HELD) * (1 + 0.001 * (block % 5));
  return queueWindows(HELD, { rates: [72, 86, 90, 100, 116, 136], blocks: 12, seed: SEED, speedIn });
}

const SLOWED = [1, 1, 1, 1, 1.05, 1.1].map((slowdown) => twin(HELD / slowdown));

describe('the evidence of twins under load', () => {
  it('compares identical pairs, and those with more work, by the rate held and at the common rates', () => {
    const found = foundAmong({ ...RECORD, twins: SLOWED });
    expect(found.map(({ what, slowdown, found: one }) => [what, slowdown, one])).toEqual([
      ['rate held', 1, 'neither'],
      ['p99', 1, 'neither'],
      ['rate held', 1, 'neither'],
      ['p99', 1, 'neither'],
      ['rate held', 1.05, 'slower'],
      ['p99', 1.05, 'slower'],
      ['rate held', 1.1, 'slower'],
      ['p99', 1.1, 'slower'],
    ]);
  });

  it('counts no pair whose windows are refused', () => {
    const refused = twin(HELD).map((window) => ({ ...window, state: 'driver-limited' as const }));
    const twins = [refused, ...Array.from({ length: 5 }, () => twin(HELD))];
    const found = foundAmong({ ...RECORD, twins });
    expect(found.filter((one) => one.found === 'not compared').map(({ slowdown }) => slowdown)).toEqual([
      1, 1, 1.05, 1.05,
    ]);
  });

  it('compares nothing where the report does not, since other programs took CPUs', () => {
    const found = foundAmong({ ...RECORD, isWithheld: true, twins: SLOWED });
    expect(new Set(found.map((one) => one.found))).toEqual(new Set(['not compared']));
    expect(found).toHaveLength(8);
  });

  it('misses a goal by identical twins that differ, by more work that is not found, one that looks faster, or no comparison', () => {
    const of = (slowdown: number, found: TwinsFound['found'], count: number): readonly TwinsFound[] =>
      Array.from({ length: count }, () => ({ way: 'quiet', what: 'rate held', slowdown, found }));
    const missed = (found: readonly TwinsFound[]): boolean => rowsOf(found).some(({ isMet }) => !isMet);
    expect(missed([...of(1, 'neither', 19), ...of(1, 'faster', 1)])).toBe(false);
    expect(missed([...of(1, 'neither', 18), ...of(1, 'faster', 1)])).toBe(true);
    expect(missed([...of(1.05, 'slower', 3), ...of(1.05, 'neither', 2)])).toBe(false);
    expect(missed([...of(1.05, 'slower', 1), ...of(1.05, 'neither', 1)])).toBe(true);
    expect(missed([...of(1.1, 'slower', 19), ...of(1.1, 'faster', 1)])).toBe(true);
    expect(missed(of(1, 'not compared', 4))).toBe(true);
  });

  it('measures each condition as often', () => {
    expect(new Set(twinsJobs(2).map(({ key }) => key)).size).toBe(8);
  });
});
