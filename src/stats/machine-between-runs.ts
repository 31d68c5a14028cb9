/** Differences of the machine itself between two runs. */
import type { Change } from '../model/comparison.ts';
import { LEVEL } from '../model/evidence.ts';
import type { BlockNoise } from '../model/results.ts';
import type { ComparableRun, ComparableUnit } from './comparable-run.ts';
import { rankSumInterval } from './exact-tests.ts';
import { keyOf } from './groups.ts';
import { median } from './quantile.ts';

type Measured = Pick<ComparableRun, 'environment' | 'noise'>;
type Measuring = Pick<ComparableUnit, 'workload' | 'params' | 'poolSize'>;

/** CPUs that other programs may use more, or less, in one run than in another. */
const SAME_LOAD = 0.25;

/**
 * CPUs that other programs used, if they used more or less of them in the later run than in every earlier one, and
 * there were not enough for the cell as well. A canary on one CPU sees nothing of that.
 */
export function differingLoad(earlier: readonly Measured[], current: Measured, cell: Measuring): Change['otherCpus'] {
  const loads = earlier.map((run) => otherCpusIn(run, cell));
  const known = loads.filter((load) => load !== undefined);
  const load = otherCpusIn(current, cell);
  if (load === undefined || known.length === 0) return undefined;
  const nearest = known.toSorted((a, b) => Math.abs(a - load) - Math.abs(b - load))[0] ?? load;
  const spare = current.environment.availableParallelism - cell.poolSize;
  const isBetween = Math.min(...known) <= load && load <= Math.max(...known);
  return isBetween || Math.abs(nearest - load) <= SAME_LOAD || Math.max(nearest, load) <= spare
    ? undefined
    : { old: nearest, new: load };
}

function otherCpusIn(run: Measured, cell: Measuring): number | undefined {
  const others = noiseOf(run, cell)?.flatMap(({ otherCores }) => otherCores ?? []) ?? [];
  return others.length === 0 ? undefined : median(others);
}

function noiseOf({ noise }: Measured, cell: Measuring): readonly BlockNoise[] | undefined {
  return noise.find((group) => keyOf(group) === keyOf(cell))?.blocks;
}

/** {@link canaryDrift} of the blocks of a cell; undefined without noise records in both runs. */
export function driftOf(old: Measured, current: Measured, cell: Measuring): number | undefined {
  const [before, after] = [old, current].map((run) => noiseOf(run, cell)?.map(({ canaryMs }) => canaryMs));
  return before === undefined || after === undefined ? undefined : canaryDrift(before, after);
}

/**
 * Largest factor, as a logarithm in either direction, by which the same fixed work may have slowed down between two
 * runs.
 *
 * @returns undefined if there are too few blocks
 */
export function canaryDrift(beforeMs: readonly number[], afterMs: readonly number[]): number | undefined {
  const interval = rankSumInterval(beforeMs.map(Math.log), afterMs.map(Math.log), LEVEL);
  return interval && Math.max(Math.abs(interval.lo), Math.abs(interval.hi));
}
