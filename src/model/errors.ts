import { closest, distance } from 'fastest-levenshtein';
import { withShortQuotes } from './text.ts';

/** Kinds of refusals and failures, each with an exit status. */
export type ErrorCode =
  /** A flag, name or file is invalid. */
  | 'usage'
  /** A results file or workload is invalid. */
  | 'input'
  /** The run was interrupted before it had results to report. */
  | 'interrupted'
  /** An internal error of Lanewise. */
  | 'internal';

export const EXIT_STATUS: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  input: 2,
  interrupted: 130,
  // EX_SOFTWARE of sysexits.h: 1 means that the user's own code failed, and this is Lanewise's.
  internal: 70,
};

/** Exit status of a run in which a configuration failed, and of a comparison in which one newly fails. */
export const EXIT_CELL_FAILED = 1;
/** Exit status of lessons in which a claim fails. */
export const EXIT_CLAIM_FAILED = 1;
/** Exit status of a comparison of versions or runs that cannot exclude a slowdown. */
export const EXIT_UNDECIDED = 3;
/** Exit status of a comparison of versions or runs in which something is slower. */
export const EXIT_REGRESSION = 4;

/** A sentence for the user: what is wrong, where, and what to do. */
export class LanewiseError extends Error {
  override readonly name = 'LanewiseError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string, options?: { readonly cause?: unknown }) {
    super(withShortQuotes(sentence), options);
    this.code = code;
  }
}

/** A journal that contradicts itself: to resume it again would not help. */
export class JournalError extends LanewiseError {
  /** @param contradiction as a sentence without its end */
  constructor(contradiction: string) {
    super('input', `${contradiction}: start a new run without --resume.`);
  }
}

/** Refuses a value. @param expected the valid values, as a phrase @param name for example `--tasks` */
export function invalid(name: string, given: string | number, expected: string, hint = ''): LanewiseError {
  return new LanewiseError('usage', `Invalid ${name} "${given}": expected ${expected}.${hint}`);
}

/** A longer text is not a misspelled name. */
const LONGEST_NAME = 300;

/** The known name that begins with the given one, has its letters in another order, or is close to it. */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const others = known.filter((name) => name !== written);
  if (others.length === 0 || written.length > LONGEST_NAME) return undefined;
  const begun = others.find((name) => written.length > 2 && name.startsWith(written));
  const letters = Array.from(written).toSorted().join('');
  const found = begun ?? others.find((name) => Array.from(name).toSorted().join('') === letters);
  if (found !== undefined) return found;
  const nearest = closest(written, others);
  const isNear = distance(written, nearest) <= Math.min(written.length / 2, Math.max(2, written.length / 3));
  return isNear ? nearest : undefined;
}

/**
 * ` Did you mean "x"?`, or nothing if no name is close.
 *
 * @param rest what follows the name, and is right
 */
export function didYouMean(written: string, known: readonly string[], rest = ''): string {
  const nearest = nearestName(written, known);
  return nearest === undefined ? '' : ` Did you mean "${nearest}${rest}"?`;
}
