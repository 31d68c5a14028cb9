import { compareSaved } from '../flow/comparable-runs.ts';
import type { ValuesOf } from '../options/table.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { comparisonStatus } from './comparison-status.ts';
import { printing } from './printed.ts';
import { readResults } from './read-results.ts';

/** Runs `lanewise compare`. @returns the exit status */
export async function compareFiles(values: ValuesOf<'compare'>): Promise<number> {
  const { old: oldPath, new: newPath, failOn = 0, minEffect, force = false } = values;
  const [old, current] = [
    { name: oldPath, results: await readResults(oldPath) },
    { name: newPath, results: await readResults(newPath) },
  ];
  const comparison = compareSaved(old, current, { minEffect, remedy: force ? undefined : '--force' });
  await printing(values, 'comparison', comparisonDocument)(comparison);
  return comparisonStatus(comparison, failOn);
}
