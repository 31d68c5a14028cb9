import { isDeepStrictEqual } from 'node:util';
import { LanewiseError } from '../model/errors.ts';
import type { RunComparison } from '../model/comparison.ts';
import type { Environment, Results } from '../model/results.ts';
import { whyNotCompared } from '../report/comparison-document.ts';
import type { ComparableRun } from '../stats/comparable-run.ts';
import { compareUnits } from '../stats/compare-runs.ts';

/** Results with their name in sentences. */
export interface Named<Saved> {
  readonly name: string;
  readonly results: Saved;
}

/** Results of either kind. */
interface AnyResults extends Pick<Results, 'environment'> {
  readonly options: Pick<Results['options'], 'minEffect'>;
}

export interface ComparisonOptions {
  /** Undefined: the minimum effect of the later run. */
  readonly minEffect: number | undefined;
  /** Flag to suggest for runs of different machines; undefined: they are allowed. */
  readonly remedy: string | undefined;
}

/**
 * Compares saved results with earlier ones of the same kind.
 *
 * @param comparable what is compared of one
 * @throws LanewiseError if they are of different machines, the same run, or have nothing in common
 */
export function compareKept<Saved extends AnyResults>(
  olds: readonly [Named<Saved>, ...Named<Saved>[]],
  current: Named<Saved>,
  { minEffect, remedy }: ComparisonOptions,
  comparable: (results: Saved) => ComparableRun,
): RunComparison {
  if (remedy !== undefined)
    for (const { name, results } of olds)
      requireSameMachine(name, results.environment, current.results.environment, remedy);
  for (const { name, results } of olds)
    if (isDeepStrictEqual(results, current.results))
      throw new LanewiseError(
        'usage',
        `${name} and ${current.name} are the same run: give an earlier and a later one.`,
      );
  for (const [index, { name, results }] of olds.entries()) {
    const twin = olds.slice(0, index).find((other) => isDeepStrictEqual(other.results, results));
    if (twin !== undefined)
      throw new LanewiseError('usage', `${twin.name} and ${name} are the same run: give each earlier one once.`);
  }
  const [first, ...others] = olds;
  const earlier = [comparable(first.results), ...others.map(({ results }) => comparable(results))] as const;
  const comparison = compareUnits(earlier, comparable(current.results), minEffect ?? current.results.options.minEffect);
  requireCommonCells(comparison, namesOf([first.name, ...others.map(({ name }) => name)]), current.name);
  return comparison;
}

/** `old.json`, or `old.json and 2 more`. */
export function namesOf([first, ...others]: readonly [string, ...string[]]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** Facts that must be equal for times of two machines to be comparable. */
const MACHINE = {
  cpuModel: 'CPU',
  cores: 'usable CPUs',
  arch: 'architecture',
  os: 'system',
} as const satisfies Partial<Record<keyof Environment, string>>;

function platformOf({ os }: Environment): string {
  return os.split(' ')[0] ?? os;
}

/** @throws LanewiseError if the runs were measured on different machines, or with different major versions of Node */
export function requireSameMachine(oldPath: string, old: Environment, current: Environment, remedy = '--force'): void {
  const machine = differenceOfMachines(old, current);
  const isOtherNode = majorOf(old) !== majorOf(current);
  if (machine === undefined && !isOtherNode) return;
  const what =
    machine === undefined
      ? `with another Node (${old.node}, now ${current.node}), so a change may be Node’s`
      : `on another machine (${machine}), so a change may be the machine’s`;
  throw new LanewiseError('usage', `${oldPath} was measured ${what}. ${remedy} compares them all the same.`);
}

/** Minor versions are no reason to refuse; they are reported as a difference. */
function majorOf({ node }: Environment): string {
  return node.split('.')[0] ?? node;
}

/** The first fact in which they differ. */
export function differenceOfMachines(old: Environment, current: Environment): string | undefined {
  const fields = Object.keys(MACHINE) as (keyof typeof MACHINE)[];
  const field = fields.find((name) =>
    name === 'os' ? platformOf(old) !== platformOf(current) : old[name] !== current[name],
  );
  return field && `${MACHINE[field]}: ${JSON.stringify(old[field])}, now ${JSON.stringify(current[field])}`;
}

/** @throws LanewiseError without anything to compare, or that fails now or is in doubt */
export function requireCommonCells(comparison: RunComparison, oldPath: string, newPath: string): void {
  const { changes, notComparable } = comparison;
  if (changes.length > 0 || notComparable.some(({ because }) => because === 'failed-now' || because === 'withheld'))
    return;
  // Configurations of one run only say nothing of those in both.
  const common = notComparable.filter(({ because }) => because !== 'only-old' && because !== 'only-new');
  const isCommon = common.length > 0;
  const reasons = whyNotCompared({ ...comparison, notComparable: isCommon ? common : notComparable });
  const what = isCommon
    ? `${oldPath} and ${newPath} have nothing that can be compared.`
    : `${oldPath} and ${newPath} have no configuration in common: measure the same workloads with the same configurations. Two files are compared in one run: lanewise run old.js new.js --versus.`;
  throw new LanewiseError('input', [what, ...reasons].join(' '));
}
