/** Whole runs on a simulated machine, with fixed seeds: are they wrong in no more than the level, and do they find what is there? */
import { describe, expect, it } from 'vitest';
import { isBroken, ratesOf, tabulateRates } from '../../../dist/scripts/evidence/race-simulation.js';
import { PROFILES, uniformOf, withOneFaster, type Profile } from '../../../dist/scripts/evidence/simulated-machine.js';
import { simulateRun, type Outcome } from '../../../dist/scripts/evidence/simulate-run.js';

const RUNS = 120;
/** 0.999 quantile of how often an event of 5% happens in so many runs: scipy.stats.binom.ppf(.999, 120, .05). */
const MOST = 14;

function profileOf(name: string): Profile {
  const profile = PROFILES.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
}

function count(profile: Profile, isCounted: (outcome: Outcome) => boolean, isRace = true): number {
  const uniform = uniformOf(1);
  const outcomes = Array.from({ length: RUNS }, () => simulateRun(profile, { preset: 'quick', isRace }, uniform));
  return outcomes.filter(isCounted).length;
}

describe('a race', () => {
  it.each(['equal', 'noisy', 'http', 'limit'])('makes a wrong claim in at most 5% of runs of "%s"', (name) => {
    expect(count(profileOf(name), ({ hasWrongClaim }) => hasWrongClaim)).toBeLessThanOrEqual(MOST);
  });

  it('drops one that is as fast in at most 5% of runs, with as many slow starts as it assumes', () => {
    expect(count(profileOf('limit'), ({ hasWrongDrop }) => hasWrongDrop)).toBeLessThanOrEqual(MOST);
  });

  it('drops them more often where half of the starts are slow, which it assumes not to happen', () => {
    const hostTail = { share: 0.5, least: 3, exponent: 3 };
    expect(count({ ...profileOf('equal'), hostTail }, ({ hasWrongDrop }) => hasWrongDrop)).toBeGreaterThan(MOST);
  });

  it('finds a configuration that is 10% faster, in most runs', () => {
    const faster = withOneFaster(profileOf('http'), 0.1);
    expect(count(faster, ({ foundFastest }) => foundFastest)).toBeGreaterThan(RUNS * 0.8);
  });

  it('recommends none that is more than 5% slower than the best in more than 5% of runs', () => {
    expect(count(profileOf('fetch-and-parse'), ({ regret }) => regret > 0.05)).toBeLessThanOrEqual(MOST);
  });
});

describe('a run without a race', () => {
  it('makes a wrong claim in at most 5% of runs', () => {
    expect(count(profileOf('noisy'), ({ hasWrongClaim }) => hasWrongClaim, false)).toBeLessThanOrEqual(MOST);
  });
});

describe('the table', () => {
  it('has a row for each profile and preset, with the limits of each rate', () => {
    const rates = ratesOf(profileOf('equal'), { preset: 'quick', isRace: true }, 4, uniformOf(1));
    expect(isBroken(rates)).toBe(false);
    expect(tabulateRates([rates]).split('\n')[2]).toMatch(/^\| equal +\| quick +\| +0\.0% \(0\.0–60\.2\)/);
  });
});
