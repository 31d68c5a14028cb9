import { isDeepStrictEqual } from 'node:util';
import type { TaughtClaim } from '../model/lessons.ts';
import { milliseconds, text, type Text } from '../model/language.ts';

/** A sentence about a measurement, and whether it holds. */
export interface Claim extends Omit<TaughtClaim, 'text'> {
  readonly text: Text;
}

/** A time in milliseconds, and its name. */
interface Named {
  readonly ms: number;
  readonly is: Text;
}

interface Near {
  readonly what: Text;
  readonly measuredMs: number;
  readonly expected: Named;
  /** The time to expect if the claim were wrong. */
  readonly not?: Named | undefined;
  /** Duration of one tutorial second. */
  readonly unitMs: number;
}

/** Enough for the scheduler of a busy machine, however long a tutorial second is. */
const MOST_SLACK_MS = 100;
/** Delays of consecutive timers add up. */
const SLACK_SHARE = 0.05;
/** Timers count whole milliseconds and can fire up to one early; a 2 ms timer reads the loop delay. */
const EARLY_MS = 3;

/**
 * A time is near another: not shorter (beyond the resolution of timers), not longer by more than a tutorial second or
 * {@link MOST_SLACK_MS}, and nearer to it than to the time to expect if the claim were wrong.
 */
export function near({ what, measuredMs, expected, not, unitMs }: Near): Claim {
  const slackMs = Math.min(unitMs, MOST_SLACK_MS) + SLACK_SHARE * expected.ms;
  const middleMs = not === undefined ? Number.POSITIVE_INFINITY : (expected.ms + not.ms) / 2;
  const [leastMs, mostMs] =
    not !== undefined && not.ms < expected.ms ? [middleMs, Number.POSITIVE_INFINITY] : [0, middleMs];
  const atLeastMs = Math.max(0.98 * expected.ms - EARLY_MS, leastMs);
  const atMostMs = Math.min(expected.ms + slackMs, mostMs);
  return {
    text: text((language) => {
      const ms = (named: Named): string => `${milliseconds(named.ms, language)} (${named.is[language]})`;
      const isNear = { en: 'is near', pt: 'fica perto de' }[language];
      const and = { en: ', not', pt: ', e não de' }[language];
      return `${what[language]} ${isNear} ${ms(expected)}${not === undefined ? '' : `${and} ${ms(not)}`}`;
    }),
    expected: expected.ms,
    measured: measuredMs,
    unit: 'ms',
    pass: measuredMs >= atLeastMs && measuredMs <= atMostMs,
  };
}

export function equal(claim: Pick<Claim, 'text' | 'expected' | 'measured'>): Claim {
  return { ...claim, pass: isDeepStrictEqual(claim.measured, claim.expected) };
}

interface Bound extends Pick<Claim, 'text' | 'unit'> {
  readonly limit: number;
  readonly measured: number;
}

export function atMost({ limit, ...claim }: Bound): Claim {
  return { ...claim, expected: limit, pass: claim.measured <= limit };
}

export function atLeast({ limit, ...claim }: Bound): Claim {
  return { ...claim, expected: limit, pass: claim.measured >= limit };
}

const TOTAL: Text = { en: 'the total', pt: 'o total' };

/** {@link near} for the time from start to end of the whole experiment. */
export function total(measuredMs: number, unitMs: number, expected: Named, not?: Named): Claim {
  return near({ what: TOTAL, measuredMs, expected, not, unitMs });
}

/** Names of common totals. */
export const ONE_DELAY: Text = { en: 'one delay', pt: 'uma espera' };
export const LONGEST_DELAY: Text = { en: 'the longest delay', pt: 'a maior espera' };
export const THE_SUM: Text = { en: 'the sum', pt: 'a soma' };
