import fc from 'fast-check';
import { BrokenRule, trying, type Outcomes, type Try } from './rules.ts';

/** One kind of input, and what is done with it. */
export interface Target {
  readonly name: string;
  readonly check: (outcomes: Outcomes, extent: Extent) => Promise<Checked>;
}

/** Which inputs, and how many of them. */
interface Extent {
  readonly seed: number;
  readonly runs: number;
  /** The one input that this path leads to from the seed, and no other. */
  readonly path?: string;
  readonly timeLimitMs: number;
  readonly known: ReadonlySet<string>;
}

interface Checked {
  readonly inputs: number;
  /** The first finding, and the path to the smallest input that still shows it. */
  readonly finding?: { readonly path: string; readonly rule: string; readonly fault: string };
}

/** @param bytesOf how large an input is, as it would be in a file */
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
