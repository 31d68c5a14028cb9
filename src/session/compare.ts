import { compareKept, compareSaved } from '../flow/comparable-runs.ts';
import type { RunComparison } from '../model/comparison.ts';
import { LanewiseError } from '../model/errors.ts';
import type { LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';
import type { ValuesOf } from '../options/table.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { comparableLoad } from '../stats/load/comparable-load.ts';
import { comparisonStatus } from './comparison-status.ts';
import { printing } from './printed.ts';
import { readSaved, type Saved } from './read-results.ts';

/** Runs `lanewise compare`. @returns the exit status */
export async function compareFiles(values: ValuesOf<'compare'>): Promise<number> {
  const { runs, failOn = 0, minEffect, force = false } = values;
  const [first, ...others] = runs.slice(0, -1);
  const last = runs.at(-1);
  if (first === undefined || last === undefined)
    throw new LanewiseError('usage', 'compare needs at least two runs: one or more earlier ones, then the later one.');
  const olds = [await read(first), ...(await Promise.all(others.map(read)))] as const;
  const comparison = compared(olds, await read(last), { minEffect, remedy: force ? undefined : '--force' });
  await printing(values, 'comparison', comparisonDocument)(comparison);
  return comparisonStatus(comparison, failOn);
}

interface Named {
  readonly name: string;
  readonly saved: Saved;
}

async function read(name: string): Promise<Named> {
  return { name, saved: await readSaved(name) };
}

/** @throws LanewiseError for a run and a load measurement */
function compared(
  [first, ...others]: readonly [Named, ...Named[]],
  current: Named,
  options: Parameters<typeof compareSaved>[2],
): RunComparison {
  if (current.saved.kind === 'run')
    return compareSaved([runOf(first, current), ...others.map((one) => runOf(one, current))], runOf(current), options);
  const olds = [loadOf(first, current), ...others.map((one) => loadOf(one, current))] as const;
  return { ...compareKept(olds, loadOf(current), options, comparableLoad), of: 'load' };
}

function runOf(one: Named, other = one): { readonly name: string; readonly results: Results } {
  if (one.saved.kind === 'run') return { name: one.name, results: one.saved.results };
  throw unlike(one, other);
}

function loadOf(one: Named, other = one): { readonly name: string; readonly results: LoadResults } {
  if (one.saved.kind === 'load') return { name: one.name, results: one.saved.results };
  throw unlike(other, one);
}

function unlike(load: Named, run: Named): LanewiseError {
  return new LanewiseError(
    'input',
    `${load.name} holds a load measurement, and ${run.name} a run: give two of the same kind.`,
  );
}
