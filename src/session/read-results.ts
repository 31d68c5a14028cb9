import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkResults } from '../model/check-results.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Results } from '../model/results.ts';

/** The results file that is meant by its own path, or by that of the report folder it is in. */
export function resultsFile(path: string): string {
  return isFolder(path) ? join(path, 'results.json') : path;
}

/** @throws nothing: whether there is something shows itself when it is read */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Reads and checks a results file, given itself or by its folder. @throws LanewiseError naming the file, and the field where there is one */
export async function readResults(given: string): Promise<Results> {
  const path = resultsFile(given);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new LanewiseError('input', `Cannot read ${path}: give the results.json of an earlier run, or its folder.`, {
      cause,
    });
  });
  return checkResults(parse(path, bytes), path);
}

/** Plain, or packed as in the page of a report. */
function parse(path: string, bytes: Buffer): unknown {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString()) as unknown;
  } catch (cause) {
    throw new LanewiseError(
      'input',
      `${path} is not JSON, or was cut off (${cause instanceof Error ? cause.message : String(cause)}).`,
      { cause },
    );
  }
}
