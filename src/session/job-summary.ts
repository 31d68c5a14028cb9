import { constants } from 'node:fs';
import { appendFile, open } from 'node:fs/promises';
import { readable } from '../model/text.ts';
import { reasonOf } from './folder-files.ts';

/** Limit for everything that a step writes: GitHub drops a longer summary entirely ("Adding a job summary"). */
const LIMIT_BYTES = 2 ** 20;

/** Opened so, a pipe that nobody reads is refused; otherwise it would wait for a reader for ever. */
const AT_ONCE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Writes the summary of `--summary`, or why it could not: that it was not written is said with `--quiet`, too. */
export async function writeSummary(markdown: () => string | Promise<string>): Promise<void> {
  const problem = await appendSummary(markdown, process.env.GITHUB_STEP_SUMMARY);
  if (problem !== undefined) process.stderr.write(`${readable(problem)}\n`);
}

/**
 * Appends the report to the summary of a GitHub job. A failure is only reported: the results are valid without it.
 *
 * @returns the problem; undefined if it was written
 */
async function appendSummary(
  markdown: () => string | Promise<string>,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined || path === '')
    return '--summary: GITHUB_STEP_SUMMARY is not set, so there is no job summary to append to.';
  // Another tool's text may lack its last line break.
  const text = `\n${await markdown()}`;
  try {
    const file = await open(path, AT_ONCE);
    try {
      const { size } = await file.stat();
      if (size + Buffer.byteLength(text) > LIMIT_BYTES)
        return '--summary: nothing was appended, since GitHub drops a job summary longer than 1 MiB.';
      // By its path, since a pipe that was opened at once refuses what its reader has no room for yet.
      await appendFile(path, text);
    } finally {
      await file.close();
    }
    return undefined;
  } catch (cause) {
    return `--summary: cannot append to ${path} (${reasonOf(cause)}).`;
  }
}
