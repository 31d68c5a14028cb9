import type { Results } from '../model/results.ts';
import { dressTerminal } from './dress/terminal.ts';
import type { Paint } from './paint.ts';
import { resultsDocument } from './results-document.ts';
import type { Deployment } from './tuning/deployment.ts';

/**
 * The report for a terminal: verdicts, then for each workload a table and a timeline, then the warnings.
 *
 * @param where the code of a tuning is to run, as far as results do not tell it
 */
export function renderTerminal(results: Results, paint: Paint, where?: Deployment): string {
  return dressTerminal(resultsDocument(results, where), paint);
}
