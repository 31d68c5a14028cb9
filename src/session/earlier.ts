import { namesOf, requireCommonCells, requireSameMachine } from '../flow/comparable-runs.ts';
import type { FailOn, RunComparison } from '../model/comparison.ts';
import type { Environment, Results } from '../model/results.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import { compareRuns, type EarlierRuns } from '../stats/compare-runs.ts';
import { comparisonStatus } from './comparison-status.ts';
import { paintFor } from '../report/dress/tones.ts';
import { readResults } from './read-results.ts';

/** Earlier runs to compare with. */
export interface Earlier {
  /** The last one given, whose seed and batches the new run takes. */
  readonly results: Results;
  readonly comparedTo: (current: Results) => ComparedRun;
}

/** The comparison of a run with earlier ones: its text and its exit status. */
export interface ComparedRun {
  readonly text: (asked: { readonly color?: boolean }, stream: NodeJS.WriteStream) => string;
  /** @throws LanewiseError if the runs have nothing in common */
  readonly status: (failOn: FailOn) => number;
}

/**
 * Reads and checks the earlier runs before anything is measured.
 *
 * @param paths of their results, or of their folders
 * @param here this machine; undefined: the runs may come from any machine
 * @throws LanewiseError if one comes from another machine, or cannot be read
 */
export async function readEarlier(
  paths: readonly [string, ...string[]],
  here: Environment | undefined,
): Promise<Earlier> {
  const [first, ...others] = paths;
  const read = async (path: string): Promise<Results> => {
    const results = await readResults(path);
    if (here !== undefined) requireSameMachine(path, results.environment, here);
    return results;
  };
  const runs: EarlierRuns = [await read(first), ...(await Promise.all(others.map(read)))];
  return {
    results: runs.at(-1) ?? runs[0],
    comparedTo: (current) => {
      let comparison: RunComparison | undefined;
      // Computed on demand: the report of the run is written first.
      const compared = (): RunComparison => (comparison ??= compareRuns(runs, current, current.options.minEffect));
      return {
        text: (asked, stream) => dressTerminal(comparisonDocument(compared()), paintFor(asked, stream)),
        status: (failOn) => {
          requireCommonCells(compared(), namesOf(paths), 'this run');
          return comparisonStatus(compared(), failOn);
        },
      };
    },
  };
}
