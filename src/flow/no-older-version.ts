import { LanewiseError } from '../model/errors.ts';
import type { Warning } from '../model/results.ts';

/** A workload without an older version, and why. */
export type WithoutOlder = Extract<Warning, { kind: 'no-older-version' }>;

/** The GitHub Action knows the refusal by these words (action/measure.sh), so no other error begins with them. */
const NO_OLDER_VERSION = '--versus-ref finds no older version:';

/** The error if no workload is a file of the user. */
export function nothingInGit(names: readonly string[]): LanewiseError {
  return new LanewiseError(
    'usage',
    `--versus-ref compares a module of your repository with an older version of it, and ${names.join(', ')} ${names.length === 1 ? 'is none' : 'are none'}: give a path, for example lanewise run ./task.js --versus-ref origin/main.`,
  );
}

/** The error if no file has an older version. */
export function nothingThere(warnings: readonly WithoutOlder[], ref: string, commit: string): LanewiseError {
  const outside = warnings.map(({ workload }) => workload);
  const absent = warnings.find(({ because }) => because === 'not-there');
  return new LanewiseError(
    'usage',
    absent === undefined
      ? `--versus-ref needs a file of the repository, and ${outside.join(', ')} ${outside.length === 1 ? 'lies' : 'lie'} outside: give a path inside it, or compare two files with --versus.`
      : `${NO_OLDER_VERSION} ${absent.workload} is not at ${ref} (commit ${commit.slice(0, 7)}): it is new, was moved, or is built and not in git. Give a ref that has it, or compare two files with --versus.`,
  );
}
