import { checkSaved, type Saved } from '../model/check-results.ts';
import { LanewiseError } from '../model/errors.ts';
import type { LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';
import { parseJson, readForeign } from '../system/foreign-file.ts';
import { resultsFile } from './report-folder.ts';

const REMEDY = 'Give the results.json of an earlier run, the load.json of a load measurement, or its folder.';

/**
 * Reads and checks a results file, plain or gzipped.
 *
 * @param given its path, or that of its folder
 * @throws LanewiseError naming the file, and the field if one is invalid
 */
export async function readSaved(given: string): Promise<Saved> {
  const path = resultsFile(given);
  const bytes = readForeign(path, REMEDY);
  const parsed = parseJson(bytes.toString());
  if ('problem' in parsed) throw new LanewiseError('input', `${path} ${parsed.problem}. ${REMEDY}`);
  return checkSaved(parsed.value, path);
}

/** The same of a run. @throws LanewiseError also for those of a load measurement */
export async function readResults(given: string): Promise<Results> {
  const { kind, results } = await readSaved(given);
  if (kind === 'run') return results;
  throw new LanewiseError('input', `${given} holds a load measurement, and a run is needed here: lanewise run.`);
}

/** The same of a load measurement. @throws LanewiseError also for those of a run */
export async function readLoadResults(given: string): Promise<LoadResults> {
  const { kind, results } = await readSaved(given);
  if (kind === 'load') return results;
  throw new LanewiseError('input', `${given} holds a run, and a load measurement is needed here: lanewise load.`);
}
