import { isDeepStrictEqual } from 'node:util';
import type { ClaimValue } from '../model/lessons.ts';
import { milliseconds, text, type Text } from '../model/language.ts';

/** A sentence about a measurement, and whether it holds. */
export interface Claim {
  readonly text: Text;
  readonly expected: ClaimValue;
  readonly measured: ClaimValue;
  readonly unit?: 'ms';
  readonly pass: boolean;
}

/** A time, in milliseconds, and what it is. */
interface Named {
  readonly ms: number;
  readonly is: Text;
}

interface Near {
  readonly what: Text;
  readonly measuredMs: number;
  readonly expected: Named;
  /** What it would be otherwise. */
  readonly not?: Named;
  /** What a second of the tutorial takes. */
  readonly unitMs: number;
}

/** Nothing takes longer than that, however long a second of the tutorial is: a busy machine's scheduler included. */
const MOST_SLACK_MS = 100;
/** Timers of one after the other add up their delays. */
const SLACK_SHARE = 0.05;
/** Timers keep whole milliseconds, so that they can fire up to one early; loop delay is read by one of 2 ms. */
const EARLY_MS = 3;

/**
 * A time is near another: not shorter (by more than timers are coarse), and not longer than it by more than a second of the tutorial
 * or {@link MOST_SLACK_MS}; and nearer to it than to what it would be otherwise.
 */
export function near({ what, measuredMs, expected, not, unitMs }: Near): Claim {
  const slackMs = Math.min(unitMs, MOST_SLACK_MS) + SLACK_SHARE * expected.ms;
  const middleMs = not === undefined ? undefined : (expected.ms + not.ms) / 2;
  const isLess = not !== undefined && not.ms < expected.ms;
  const atLeastMs = Math.max(0.98 * expected.ms - EARLY_MS, isLess ? (middleMs ?? 0) : 0);
  const atMostMs = Math.min(
    expected.ms + slackMs,
    isLess ? Number.POSITIVE_INFINITY : (middleMs ?? slackMs + expected.ms),
  );
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

interface Equal {
  readonly text: Text;
  readonly expected: ClaimValue;
  readonly measured: ClaimValue;
}

export function equal({ text: sentence, expected, measured }: Equal): Claim {
  return { text: sentence, expected, measured, pass: isDeepStrictEqual(measured, expected) };
}

interface Bound {
  readonly text: Text;
  readonly limit: number;
  readonly measured: number;
  readonly unit?: 'ms';
}

export function atMost({ limit, ...claim }: Bound): Claim {
  return { ...claim, expected: limit, pass: claim.measured <= limit };
}

export function atLeast({ limit, ...claim }: Bound): Claim {
  return { ...claim, expected: limit, pass: claim.measured >= limit };
}

const TOTAL: Text = { en: 'the total', pt: 'o total' };

/** The time from start to end of the whole experiment is near another, as {@link near}. */
export function total(measuredMs: number, unitMs: number, expected: Named, not?: Named): Claim {
  return near({ what: TOTAL, measuredMs, expected, ...(not !== undefined && { not }), unitMs });
}

/** What a total often is. */
export const ONE_DELAY: Text = { en: 'one delay', pt: 'uma espera' };
export const LONGEST_DELAY: Text = { en: 'the longest delay', pt: 'a maior espera' };
export const THE_SUM: Text = { en: 'the sum', pt: 'a soma' };
