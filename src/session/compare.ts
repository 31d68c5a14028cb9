import { compareSaved } from '../flow/compare-saved.ts';
import type { Saved } from '../model/check-results.ts';
import { LanewiseError } from '../model/errors.ts';
import type { ValuesOf } from '../options/table.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { comparisonStatus } from './comparison-status.ts';
import { printing } from './printed.ts';
import { readSaved } from './read-results.ts';

/** Runs `lanewise compare`. @returns the exit status */
export async function compareFiles(values: ValuesOf<'compare'>): Promise<number> {
  const { runs, failOn = 0, minEffect, force = false } = values;
  const [first, ...others] = runs.slice(0, -1);
  const last = runs.at(-1);
  if (first === undefined || last === undefined)
    throw new LanewiseError('usage', 'compare needs at least two runs: one or more earlier ones, then the later one.');
  const olds = [await read(first), ...(await Promise.all(others.map(read)))] as const;
  const comparison = compareSaved(olds, await read(last), { minEffect, remedy: force ? undefined : '--force' });
  await printing(values, 'comparison', comparisonDocument)(comparison);
  return comparisonStatus(comparison, failOn);
}

async function read(name: string): Promise<Saved & { readonly name: string }> {
  return { name, ...(await readSaved(name)) };
}
