/** Whole runs on a simulated machine, with fixed seeds: are they wrong in no more than the level, and do they find what is there? */
import { describe, expect, it } from 'vitest';
import { isBroken, ratesOf, tabulateRates } from '../../../dist/scripts/evidence/race-simulation.js';
import { PROFILES, uniformOf, withOneFaster, type Profile } from '../../../dist/scripts/evidence/simulated-machine.js';
import { simulateRun, type Manner, type Outcome } from '../../../dist/scripts/evidence/simulate-run.js';

const RUNS = 60;
/** 0.999 quantile of how often an event of 5% happens in so many runs: scipy.stats.binom.ppf(.999, 60, .05). */
const MOST = 9;

function profileOf(name: string): Profile {
  const profile = PROFILES.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
}

function count(
  profile: Profile,
  isCounted: (outcome: Outcome) => boolean,
  manner: Partial<Manner> = {},
  runs = RUNS,
): number {
  return outcomesOf(profile, { preset: 'quick', isRace: true, ...manner }, runs).filter(isCounted).length;
}

const simulated = new Map<string, readonly Outcome[]>();

/** Several rules may be about the same runs, which are simulated once. */
function outcomesOf(profile: Profile, run: Manner, runs: number): readonly Outcome[] {
  const key = JSON.stringify([profile, run, runs]);
  const uniform = uniformOf(1);
  const found = simulated.get(key) ?? Array.from({ length: runs }, () => simulateRun(profile, run, uniform));
  simulated.set(key, found);
  return found;
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
    expect(count(profileOf('noisy'), ({ hasWrongClaim }) => hasWrongClaim, { isRace: false })).toBeLessThanOrEqual(
      MOST,
    );
  });
});

describe('two equal versions', () => {
  it.each(['equal', 'limit'])('are called different in at most 5% of raced runs of "%s"', (name) => {
    const wrong = count(profileOf(name), ({ hasWrongClaim }) => hasWrongClaim, { isVersus: true });
    expect(wrong).toBeLessThanOrEqual(MOST);
  });

  it('are dropped where they are as fast as the fastest in at most 5% of runs', () => {
    const lost = count(profileOf('limit'), ({ hasWrongDrop }) => hasWrongDrop, { isVersus: true });
    expect(lost).toBeLessThanOrEqual(MOST);
  });
});

describe('a run until all is decided', () => {
  it.each([true, false])('makes a wrong claim in at most 5% of runs, whatever leaves when, race: %s', (isRace) => {
    const wrong = count(profileOf('noisy'), ({ hasWrongClaim }) => hasWrongClaim, { untilDecided: true, isRace }, 20);
    // scipy.stats.binom.ppf(.999, 20, .05)
    expect(wrong).toBeLessThanOrEqual(5);
  });
});

describe('the table', () => {
  it('has a row for each profile and preset, with the limits of each rate', () => {
    const rates = ratesOf(profileOf('equal'), { preset: 'quick', isRace: true }, 4, uniformOf(1));
    expect(isBroken(rates)).toBe(false);
    expect(tabulateRates([rates]).split('\n')[2]).toMatch(/^\| equal +\| quick +\| +0\.0% \(0\.0–60\.2\)/);
  });

  it('has no choices and effects of two equal versions', () => {
    const rates = ratesOf(profileOf('equal'), { preset: 'quick', isRace: true, isVersus: true }, 4, uniformOf(1));
    expect(tabulateRates([rates]).split('\n')[0]).toMatch(/\| +a wrong drop \|$/);
  });
});
