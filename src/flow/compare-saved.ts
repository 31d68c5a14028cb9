import type { Saved } from '../model/check-results.ts';
import type { RunComparison } from '../model/comparison.ts';
import { LanewiseError } from '../model/errors.ts';
import type { LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';
import { comparableRun } from '../stats/comparable-run.ts';
import { comparableLoad } from '../stats/load/comparable-load.ts';
import { compareKept, type ComparisonOptions, type Named } from './comparable-runs.ts';

/** Results of either kind, with their name in sentences. */
type NamedSaved = Saved & { readonly name: string };

/**
 * Compares saved results with earlier ones: runs, or load measurements.
 *
 * @throws LanewiseError for a run and a load measurement, and where {@link compareKept} does
 */
export function compareSaved(
  [first, ...others]: readonly [NamedSaved, ...NamedSaved[]],
  current: NamedSaved,
  options: ComparisonOptions,
): RunComparison {
  if (current.kind === 'run')
    return compareKept(
      [runOf(first, current), ...others.map((one) => runOf(one, current))],
      runOf(current),
      options,
      comparableRun,
    );
  const olds = [loadOf(first, current), ...others.map((one) => loadOf(one, current))] as const;
  return { ...compareKept(olds, loadOf(current), options, comparableLoad), of: 'load' };
}

function runOf(one: NamedSaved, other = one): Named<Results> {
  if (one.kind === 'run') return one;
  throw unlike(one, other);
}

function loadOf(one: NamedSaved, other = one): Named<LoadResults> {
  if (one.kind === 'load') return one;
  throw unlike(other, one);
}

function unlike(load: NamedSaved, run: NamedSaved): LanewiseError {
  return new LanewiseError(
    'input',
    `${load.name} holds a load measurement, and ${run.name} a run: give two of the same kind.`,
  );
}
