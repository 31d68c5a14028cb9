import { LanewiseError } from '../errors.ts';
import type { Environment, RunComparison } from '../model.ts';
import { parseMinEffect } from '../plan/parse-lists.ts';
import { renderComparison } from '../report/comparison-text.ts';
import { compareRuns } from '../run.ts';
import { isSet, textOf, type Args } from './args.ts';
import { comparisonStatus, parseFailOn } from './fail-on.ts';
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
  return comparisonStatus(comparison, failOn);
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
  const difference = differenceOfMachines(old, current);
  if (difference === undefined) return;
  throw new LanewiseError(
    'usage',
    `${oldPath} was measured on another machine (${difference}), so that what changed may be the machine: give --force to compare all the same.`,
  );
}

/** The first fact in which they differ. */
export function differenceOfMachines(old: Environment, current: Environment): string | undefined {
  const fields = Object.keys(MACHINE) as (keyof typeof MACHINE)[];
  const field = fields.find((name) =>
    name === 'os' ? platformOf(old) !== platformOf(current) : old[name] !== current[name],
  );
  return field && `${MACHINE[field]}: ${JSON.stringify(old[field])}, now ${JSON.stringify(current[field])}`;
}

/** @throws LanewiseError if there is nothing to compare, and nothing that has begun to fail */
export function requireCommonCells({ changes, notComparable }: RunComparison, oldPath: string, newPath: string): void {
  if (changes.length > 0 || notComparable.some(({ because }) => because === 'failed-now')) return;
  const [first] = notComparable;
  const example = first === undefined ? '' : ` (${first.cell}: ${first.because})`;
  throw new LanewiseError(
    'input',
    `${oldPath} and ${newPath} have no cell that can be compared${example}: measure the same workloads in the same ways.`,
  );
}
