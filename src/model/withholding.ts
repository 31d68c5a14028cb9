import type { Warning } from './results.ts';

const WITHHOLDING = ['memoised', 'unawaited', 'costly-digest'] as const satisfies readonly Warning['kind'][];

/** Whether the warning says that what was timed is not the work, or not the work alone: then nothing is concluded from it. */
export function isWithholding(warning: Warning): warning is Extract<Warning, { kind: (typeof WITHHOLDING)[number] }> {
  return WITHHOLDING.some((kind) => kind === warning.kind);
}
