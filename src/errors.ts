/** Every way in which the user is told that something cannot be done, with the exit status of each. */
export type ErrorCode =
  /** A flag, name or file that cannot be used. */
  | 'usage'
  /** A results file or workload that is not what it must be. */
  | 'input'
  /** The run was interrupted before there was anything to report. */
  | 'interrupted'
  /** Something of Lanewise itself went wrong. */
  | 'internal';

export const EXIT_STATUS: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  input: 2,
  interrupted: 130,
  internal: 1,
};

/** Exit status of a run in which a cell failed. */
export const EXIT_CELL_FAILED = 1;
/** Exit status of lessons of which a claim fails. */
export const EXIT_CLAIM_FAILED = 1;
/** Exit status of a comparison in which something has become slower. */
export const EXIT_REGRESSION = 1;
/** Exit status of a comparison that cannot tell whether anything has. */
export const EXIT_INCONCLUSIVE = 3;

/** A sentence for the user: what, where, and what to do. */
export class LanewiseError extends Error {
  override readonly name = 'LanewiseError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}

/** One line, however many the message has, and nothing in it that a terminal would obey. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
}
