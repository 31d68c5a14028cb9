import { compareSaved } from '../flow/comparable-runs.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import type { ValuesOf } from '../options/table.ts';
import { comparisonStatus } from './comparison-status.ts';
import { readResults } from './read-results.ts';
import { paintFor } from '../cli/screen.ts';

/** `lanewise compare`. @returns the exit status */
export async function compareFiles(values: ValuesOf<'compare'>): Promise<number> {
  const { old: oldPath, new: newPath, failOn = 0, minEffect, force = false, json = false } = values;
  const [old, current] = [
    { name: oldPath, results: await readResults(oldPath) },
    { name: newPath, results: await readResults(newPath) },
  ];
  const comparison = compareSaved(old, current, { minEffect, remedy: force ? undefined : '--force' });
  process.stdout.write(
    json
      ? `${JSON.stringify(comparison, undefined, 2)}\n`
      : dressTerminal(comparisonDocument(comparison), paintFor(values, process.stdout)),
  );
  return comparisonStatus(comparison, failOn);
}
