import { describe, expect, it } from 'vitest';
import { warmingOf } from '../../../dist/scripts/evidence/repeated-runs.js';
import { isGoalMet, pooled, roundsJobs } from '../../../dist/scripts/evidence/warm-rounds.js';
import { roundsOf } from '../../support/many-rounds.js';

describe('runs of many rounds', () => {
  it('are of all works in turns', () => {
    expect(roundsJobs(2).map(({ key }) => key)).toEqual(['1 cpu', '1 mixed', '2 cpu', '2 mixed']);
  });

  it('count together, by work', () => {
    const [together, other] = pooled([roundsOf(1.02), { ...roundsOf(1.5), work: 'mixed' }, roundsOf(0.98)]);
    expect(new Set(together?.cells[1]?.samples.map(({ block }) => block)).size).toBe(16);
    expect(other?.cells[1]?.samples).toHaveLength(8 * 12);
    const [warming] = together === undefined ? [] : warmingOf(together);
    // Each of the two alone would be off by 2% at least.
    expect(Math.abs(warming?.bias ?? Number.NaN)).toBeLessThan(0.001);
  });

  it.each([
    ['warm ones', [1.01, 1.02, 1], true],
    ['slower at first', [1.04, 1.05, 1.04], false],
    ['faster at first', [0.96, 0.95, 0.96], false],
    ['too different to say', [1.06, 0.94], false],
    ['none', [], false],
  ])('meet the goal only if no CI leaves half of the minimum effect open: %s', (_, firstRounds, isMet) => {
    expect(isGoalMet(firstRounds.map(roundsOf))).toBe(isMet);
  });
});
