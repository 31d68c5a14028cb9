import { compareSaved } from '../flow/comparable-runs.ts';
import { parseMinEffect } from '../options/parse-lists.ts';
import { renderComparison } from '../report/comparison-text.ts';
import { isSet, textOf, type Args } from '../options/args.ts';
import { comparisonStatus, parseFailOn } from '../options/fail-on.ts';
import { readResults } from './read-results.ts';
import { paintFor } from '../cli/screen.ts';

/** `lanewise compare`. @returns the exit status */
export async function compareFiles(oldPath: string, newPath: string, args: Args): Promise<number> {
  const failOn = parseFailOn(textOf(args, 'failOn') ?? 'slower');
  const asked = textOf(args, 'minEffect');
  const minEffect = asked === undefined ? undefined : parseMinEffect(asked);
  const [old, current] = [
    { name: oldPath, results: await readResults(oldPath) },
    { name: newPath, results: await readResults(newPath) },
  ];
  const remedy = isSet(args, 'force') ? undefined : '--force';
  const comparison = compareSaved(old, current, { minEffect, remedy });
  process.stdout.write(
    isSet(args, 'json')
      ? `${JSON.stringify(comparison, undefined, 2)}\n`
      : renderComparison(comparison, paintFor(args, process.stdout)),
  );
  return comparisonStatus(comparison, failOn);
}
