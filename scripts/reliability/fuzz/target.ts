import fc from 'fast-check';
import { BrokenRule, trying, type Outcomes, type Try } from './rules.ts';

/** One kind of input, and the calls to try on it. */
export interface Target {
  readonly name: string;
  readonly check: (outcomes: Outcomes, extent: Extent) => Promise<Checked>;
}

/** Inputs to try, and their number. */
interface Extent {
  readonly seed: number;
  readonly runs: number;
  /** Path from the seed to the only input to try. */
  readonly path?: string;
  readonly timeLimitMs: number;
  readonly known: ReadonlySet<string>;
}

interface Checked {
  readonly inputs: number;
  /** The first finding, and the path to the smallest input that still shows it. */
  readonly finding?: { readonly path: string; readonly rule: string; readonly fault: string };
}

/** @param bytesOf size of an input, as in a file */
export function target<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  bytesOf: (input: Input) => number,
  attempt: (input: Input, attempt: Try) => Promise<void>,
): Target {
  return {
    name,
    check: async (outcomes, { seed, runs, path, timeLimitMs, known }) => {
      const property = fc.asyncProperty(inputs, (input) => attempt(input, trying(bytesOf(input), outcomes, known)));
      const { numRuns, failed, counterexamplePath, errorInstance } = await fc.check(property, {
        seed,
        numRuns: runs,
        interruptAfterTimeLimit: timeLimitMs,
        ...(path !== undefined && { path }),
      });
      if (!failed || counterexamplePath === null) return { inputs: numRuns };
      if (!(errorInstance instanceof BrokenRule)) throw errorInstance;
      const { message: rule, fault } = errorInstance;
      return { inputs: numRuns, finding: { path: counterexamplePath, rule, fault } };
    },
  };
}
