import type { Params } from '../../workers/contract.ts';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import type { Workload } from '../model/plan.ts';
import { quote } from '../model/text.ts';
import type { WorkOf } from '../options/table.ts';

/** Values to measure for each param. */
export type Scans = NonNullable<WorkOf<'run'>['params']>;

/**
 * All sets of params to measure: the defaults of a workload, with each scanned param at each value.
 *
 * @throws LanewiseError for a param that no workload has, or a value of another type than the default
 */
export function scanParams(workload: Workload, scans: Scans = {}): readonly Params[] {
  return Object.entries(scans)
    .filter(([name]) => name in workload.params)
    .reduce<readonly Params[]>(
      (sets, [name, values]) =>
        sets.flatMap((set) => values.map((value) => ({ ...set, [name]: checked(workload, name, value) }))),
      [workload.params],
    );
}

/** Each set is its own group of processes. */
const MOST_SETS = 10_000;

/** Checks before any set is built. @throws LanewiseError for more sets of params than can be measured */
export function checkSets(workloads: readonly Workload[], scans: Scans = {}): void {
  const sets = workloads.reduce((all, { params }) => {
    const own = Object.entries(scans).filter(([name]) => name in params);
    return all + own.reduce((count, [, values]) => count * values.length, 1);
  }, 0);
  if (sets <= MOST_SETS) return;
  throw new LanewiseError(
    'usage',
    `Invalid --param: ${sets} sets of params in all, and at most ${MOST_SETS} can be measured. Give fewer values.`,
  );
}

/** @throws LanewiseError for a param that no workload has */
export function checkParamNames(workloads: readonly Workload[], scans: Scans = {}): void {
  const known = [...new Set(workloads.flatMap((workload) => Object.keys(workload.params)))];
  const unknown = Object.keys(scans).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = workloads.map((workload) => workload.name).join(', ');
  const has = known.length === 0 ? 'takes no params' : `takes ${known.join(', ')}`;
  throw new LanewiseError('usage', `Unknown param "${unknown}": ${names} ${has}.${didYouMean(unknown, known)}`);
}

function checked(workload: Workload, name: string, value: unknown): unknown {
  const fallback = workload.params[name];
  if (fallback === null || typeof value === typeof fallback) return value;
  throw new LanewiseError(
    'usage',
    `Invalid --param "${name}": that of ${workload.name} is a ${typeof fallback} [${JSON.stringify(fallback)}], and ${quote(value)} is not.`,
  );
}
