import { checkResults } from '../model/check-results.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Results } from '../model/results.ts';
import { parseJson, readForeign } from '../system/foreign-file.ts';
import { resultsFile } from './report-folder.ts';

/** Reads and checks a results file, given itself or by its folder, plain or packed as in the page of a report. @throws LanewiseError naming the file, and the field where there is one */
export async function readResults(given: string): Promise<Results> {
  const path = resultsFile(given);
  const bytes = readForeign(path, 'Give the results.json of an earlier run, or its folder.');
  const parsed = parseJson(bytes.toString());
  if ('problem' in parsed) throw new LanewiseError('input', `${path} ${parsed.problem}.`);
  return checkResults(parsed.value, path);
}
