import { EXIT_INCONCLUSIVE, EXIT_REGRESSION, LanewiseError } from '../errors.ts';
import type { Change, Environment, RunComparison } from '../model.ts';
import { parseMinEffect } from '../plan/parse-lists.ts';
import { renderComparison } from '../report/comparison-text.ts';
import { compareRuns } from '../run.ts';
import { isSet, textOf, type Args } from './args.ts';
import { readResults } from './read-results.ts';
import { paintFor } from './screen.ts';

/** `lanewise compare`. @returns the exit status */
export async function compareFiles(oldPath: string, newPath: string, args: Args): Promise<number> {
  const failOn = parseFailOn(textOf(args, 'failOn') ?? 'slower');
  const asked = textOf(args, 'minEffect');
  const minEffect = asked === undefined ? undefined : parseMinEffect(asked);
  const old = await readResults(oldPath);
  const current = await readResults(newPath);
  if (!isSet(args, 'force')) requireSameMachine(oldPath, old.environment, current.environment);
  const comparison = compareRuns(old, current, minEffect ?? current.options.minEffect);
  requireCommonCells(comparison, oldPath, newPath);
  process.stdout.write(
    isSet(args, 'json')
      ? `${JSON.stringify(comparison, undefined, 2)}\n`
      : renderComparison(comparison, paintFor(args, process.stdout)),
  );
  return exitStatus(comparison.changes, failOn);
}

/** What of a machine must be the same for its times to be held against each other. */
const MACHINE = {
  cpuModel: 'CPU',
  cores: 'usable cores',
  arch: 'architecture',
  os: 'system',
} as const satisfies Partial<Record<keyof Environment, string>>;

function platformOf({ os }: Environment): string {
  return os.split(' ')[0] ?? os;
}

/** @throws LanewiseError if the runs were measured on different machines */
export function requireSameMachine(oldPath: string, old: Environment, current: Environment): void {
  const fields = Object.keys(MACHINE) as (keyof typeof MACHINE)[];
  const field = fields.find((name) =>
    name === 'os' ? platformOf(old) !== platformOf(current) : old[name] !== current[name],
  );
  if (field === undefined) return;
  throw new LanewiseError(
    'usage',
    `${oldPath} was measured on another machine (${MACHINE[field]}: ${JSON.stringify(old[field])}, now ${JSON.stringify(current[field])}), so that what changed may be the machine: give --force to compare all the same.`,
  );
}

function requireCommonCells({ changes, notComparable }: RunComparison, oldPath: string, newPath: string): void {
  if (changes.length > 0) return;
  const [first] = notComparable;
  const example = first === undefined ? '' : ` (${first.cell}: ${first.because})`;
  throw new LanewiseError(
    'input',
    `${oldPath} and ${newPath} have no cell that can be compared${example}: measure the same workloads in the same ways.`,
  );
}

/** How much slower, as a fraction, something must have become to fail; undefined: nothing fails. */
export type FailOn = number | undefined;

export function parseFailOn(value: string): FailOn {
  if (value === 'never') return undefined;
  const [, threshold] = /^slower(?::(.+))?$/.exec(value) ?? [];
  if (value === 'slower') return 0;
  if (threshold !== undefined && /^\d+(?:\.\d+)?%$/.test(threshold)) return Number(threshold.slice(0, -1)) / 100;
  throw new LanewiseError(
    'usage',
    `"${value}" is nothing to fail on: give slower, slower:10% or never, for example --fail-on slower:10%.`,
  );
}

/** 1 if anything was shown to be slower by that much, 3 if that cannot be excluded, 0 otherwise. */
export function exitStatus(changes: readonly Pick<Change, 'verdict' | 'speedup'>[], failOn: FailOn): number {
  if (failOn === undefined) return 0;
  const isRegression = changes.some(
    ({ verdict, speedup }) => verdict === 'slower' && 1 / speedup.estimate >= 1 + failOn,
  );
  if (isRegression) return EXIT_REGRESSION;
  const isOpen = changes.some(({ verdict, speedup }) =>
    failOn === 0 ? verdict === 'inconclusive' : verdict !== 'same' && 1 / speedup.lo > 1 + failOn,
  );
  return isOpen ? EXIT_INCONCLUSIVE : 0;
}
