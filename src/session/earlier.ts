import { requireCommonCells, requireSameMachine } from '../flow/comparable-runs.ts';
import type { FailOn, RunComparison } from '../model/comparison.ts';
import type { Environment, Results } from '../model/results.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import { compareRuns } from '../stats/compare-runs.ts';
import { comparisonStatus } from './comparison-status.ts';
import { paintFor } from '../report/dress/tones.ts';
import { readResults } from './read-results.ts';

/** An earlier run to compare with. */
export interface Earlier {
  readonly results: Results;
  readonly comparedTo: (current: Results) => ComparedRun;
}

/** The comparison of a run with an earlier one: its text and its exit status. */
export interface ComparedRun {
  readonly text: (asked: { readonly color?: boolean }, stream: NodeJS.WriteStream) => string;
  /** @throws LanewiseError if the runs have nothing in common */
  readonly status: (failOn: FailOn) => number;
}

/**
 * Reads and checks the earlier run before anything is measured.
 *
 * @param path of its results, or of their folder
 * @param here this machine; undefined: the run may come from any machine
 * @throws LanewiseError if it comes from another machine, or cannot be read
 */
export async function readEarlier(path: string, here: Environment | undefined): Promise<Earlier> {
  const results = await readResults(path);
  if (here !== undefined) requireSameMachine(path, results.environment, here);
  return {
    results,
    comparedTo: (current) => {
      let comparison: RunComparison | undefined;
      // Computed on demand: the report of the run is written first.
      const compared = (): RunComparison => (comparison ??= compareRuns(results, current, current.options.minEffect));
      return {
        text: (asked, stream) => dressTerminal(comparisonDocument(compared()), paintFor(asked, stream)),
        status: (failOn) => {
          requireCommonCells(compared(), path, 'this run');
          return comparisonStatus(compared(), failOn);
        },
      };
    },
  };
}
