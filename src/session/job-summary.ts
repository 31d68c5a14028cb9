import { appendFile, stat } from 'node:fs/promises';
import type { Results } from '../model/results.ts';
import { renderMarkdown } from '../report/render.ts';
import { reasonOf } from './folder-files.ts';

/** Of all that a step writes; a longer summary is lost whole (GitHub, "Adding a job summary"). */
const LIMIT_BYTES = 2 ** 20;

/** For `--summary`; where it cannot be done, a sentence says so. */
export async function writeSummary(results: Results, note: (text: string) => void): Promise<void> {
  const problem = await appendSummary(results, process.env.GITHUB_STEP_SUMMARY);
  if (problem !== undefined) note(problem);
}

/**
 * Appends the report to the summary of a GitHub job. What was measured stands, whether this can be done or not.
 *
 * @returns what the user has to know; undefined: it is done
 */
async function appendSummary(results: Results, path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '')
    return '--summary: GITHUB_STEP_SUMMARY is not set, so that there is no job summary to append to.';
  // What another tool has written there may not end with a line.
  const text = `\n${renderMarkdown(results)}`;
  try {
    const before = await stat(path).catch(() => ({ size: 0 }));
    if (before.size + Buffer.byteLength(text) > LIMIT_BYTES)
      return '--summary: the job summary would be longer than 1 MiB, and then lost whole: nothing was appended.';
    await appendFile(path, text);
    return undefined;
  } catch (cause) {
    return `--summary: cannot append to ${path} (${reasonOf(cause)}).`;
  }
}
