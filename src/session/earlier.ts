import { requireCommonCells, requireSameMachine } from '../flow/comparable-runs.ts';
import type { FailOn, RunComparison } from '../model/comparison.ts';
import type { Environment, Results } from '../model/results.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import { compareRuns } from '../stats/compare-runs.ts';
import { comparisonStatus } from './comparison-status.ts';
import { paintFor } from '../report/dress/tones.ts';
import { readResults } from './read-results.ts';

/** An earlier run that another is held against. */
export interface Earlier {
  readonly results: Results;
  readonly heldAgainst: (current: Results) => Held;
}

/** What changed since. */
export interface Held {
  readonly text: (asked: { readonly color?: boolean }, stream: NodeJS.WriteStream) => string;
  /** @throws LanewiseError if the runs have nothing in common */
  readonly status: (failOn: FailOn) => number;
}

/**
 * Read and checked before anything is measured.
 *
 * @param path of its results, or of their folder
 * @param here undefined: it may be of any machine
 * @throws LanewiseError if it is of another machine, or cannot be read
 */
export async function readEarlier(path: string, here: Environment | undefined): Promise<Earlier> {
  const results = await readResults(path);
  if (here !== undefined) requireSameMachine(path, results.environment, here);
  return {
    results,
    heldAgainst: (current) => {
      let comparison: RunComparison | undefined;
      // When it is asked for, and not before the report of the run has been written.
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
