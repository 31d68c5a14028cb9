import { blockLogs, type UnpairedContrast, type WallTime } from './compare.ts';
import { pseudoMedian, type Interval } from './exact-tests.ts';
import { mean } from './quantile.ts';

/** Fewer say nothing about the spread within a run. */
const LEAST_BLOCKS = 2;

/** Whether these batches of a run say how much it varies by itself. */
export function hasSpread(times: readonly WallTime[]): boolean {
  return blockLogs(times).length >= LEAST_BLOCKS;
}

/**
 * Compares a cell with itself in several earlier runs, each of which is one number: its typical batch. The CI is that
 * of a further run of the same code (Student's t), so it is as wide as runs differ by themselves.
 *
 * @param earlier the batches of each run, at least two runs that have a spread
 * @returns undefined if there is one earlier run, or too few blocks in the later one
 */
export function contrastWithRuns(
  earlier: readonly (readonly WallTime[])[],
  current: readonly WallTime[],
  alpha: number,
): UnpairedContrast | undefined {
  const runs = earlier.map(blockLogs);
  const after = blockLogs(current);
  if (runs.length < 2 || after.length < LEAST_BLOCKS) return undefined;
  const typical = runs.map(pseudoMedian);
  const estimate = mean(typical) - pseudoMedian(after);
  const within = mean(runs.map(varianceOfMean));
  // By chance, few runs can be closer together than their own blocks allow; and a shorter later run is less precise.
  const between = Math.max(variance(typical), within);
  const total = between * (1 + 1 / runs.length) + Math.max(0, varianceOfMean(after) - within);
  const halfWidth = studentQuantile(alpha, runs.length - 1) * Math.sqrt(total);
  const interval: Interval = { lo: estimate - halfWidth, hi: estimate + halfWidth };
  const blocks = { old: runs.reduce((sum, { length }) => sum + length, 0), new: after.length };
  return { estimate, interval, blocks };
}

function varianceOfMean(values: readonly number[]): number {
  return variance(values) / values.length;
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/**
 * Two-sided quantile of Student's t: the value that |t| exceeds with probability `alpha`, like R's `qt(1 - alpha / 2,
 * degrees)`. For whole degrees of freedom the distribution is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4) in
 * the angle of t, which is found by bisection.
 *
 * @param degrees degrees of freedom, a whole number from 1
 */
export function studentQuantile(alpha: number, degrees: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let step = 0; step < BISECTIONS; step++) {
    const angle = (low + high) / 2;
    if (1 - probabilityWithin(angle, degrees) > alpha) low = angle;
    else high = angle;
  }
  return Math.sqrt(degrees) * Math.tan(low);
}

/** As many as a double has bits. */
const BISECTIONS = 53;

/** P(|T| <= t) for the angle with tan(angle) = t / sqrt(degrees). */
function probabilityWithin(angle: number, degrees: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= (cosine ** 2 * (power + 1)) / (power + 2);
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
