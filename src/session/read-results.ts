import { checkResults } from '../model/check-results.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Results } from '../model/results.ts';
import { parseJson, readForeign } from '../system/foreign-file.ts';
import { resultsFile } from './report-folder.ts';

/**
 * Reads and checks a results file, plain or gzipped.
 *
 * @param given its path, or that of its folder
 * @throws LanewiseError naming the file, and the field if one is invalid
 */
export async function readResults(given: string): Promise<Results> {
  const path = resultsFile(given);
  const bytes = readForeign(path, 'Give the results.json of an earlier run, or its folder.');
  const parsed = parseJson(bytes.toString());
  if ('problem' in parsed) throw new LanewiseError('input', `${path} ${parsed.problem}.`);
  return checkResults(parsed.value, path);
}
