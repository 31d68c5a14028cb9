import { shortId } from '../model/cell-id.ts';
import type { MeasuredGroup } from '../model/measured.ts';
import type { Comparison, Crossover, MeasuredCell, Recommendation, Verdict } from '../model/results.ts';
import { strategiesWith } from '../model/strategies.ts';
import { blockDifferences } from './compare.ts';
import { seededRandom, resample, percentileInterval95 } from './quantile.ts';
import { scansOf } from './groups.ts';
import { pseudoMedian } from './exact-tests.ts';
import { fastestFirst } from './summarize.ts';

const RESAMPLES = 400;
const SEED = 1;

/** A group with its measurements and comparisons. */
export interface ScannedGroup {
  readonly measured: MeasuredGroup;
  readonly ok: readonly MeasuredCell[];
  readonly comparisons: readonly Comparison[];
  readonly recommendations: readonly Recommendation[];
}

/** Gain of one configuration over the baseline at one value of the param: ln(speedup), block by block. */
interface Step {
  readonly value: number;
  readonly baseline: string;
  readonly gains: readonly number[];
  readonly verdict: Verdict | undefined;
}

/**
 * The value of a scanned param from which another configuration pays off. For each kind of pool, the configuration that
 * is best at the largest value; the values share no block, so each is resampled on its own.
 */
export function concludeCrossovers(groups: readonly ScannedGroup[]): readonly Crossover[] {
  return numericScans(groups).flatMap((scan) =>
    strategiesWith(({ lanes }) => lanes === 'pool').flatMap((strategy) => {
      const configuration = bestOf(scan.groups.at(-1), strategy);
      return configuration === undefined ? [] : (crossoverOf(scan, configuration) ?? []);
    }),
  );
}

interface NumericScan {
  readonly workload: string;
  readonly param: string;
  /** By the value of the param. */
  readonly groups: readonly ScannedGroup[];
}

/** Workloads with exactly one scanned param, over numbers. */
function numericScans(groups: readonly ScannedGroup[]): readonly NumericScan[] {
  const one = groups.filter(({ measured }) => measured.group.compares === 'with-baseline');
  const scans = scansOf(one, ({ measured: { group } }) => ({ name: group.workload.name, params: group.params }));
  return scans.flatMap(({ workload, groups: own, params: [param, ...others] }): NumericScan[] => {
    if (others.length > 0 || !own.every((group) => Number.isFinite(valueOf(group, param)))) return [];
    return [{ workload, param, groups: own.toSorted((a, b) => valueOf(a, param) - valueOf(b, param)) }];
  });
}

function valueOf({ measured }: ScannedGroup, param: string): number {
  const value = measured.group.params[param];
  return typeof value === 'number' ? value : Number.NaN;
}

/** The smallest pool that ties with the fastest configuration; otherwise the fastest. */
function bestOf(group: ScannedGroup | undefined, strategy: string): string | undefined {
  const { ok = [], recommendations = [] } = group ?? {};
  const own = fastestFirst(ok.filter((cell) => cell.strategy === strategy));
  const tied = own.filter(({ id }) => recommendations.some((recommendation) => recommendation.tied.includes(id)));
  const best = tied.toSorted((a, b) => a.poolSize - b.poolSize)[0] ?? own[0];
  return best && shortId(best);
}

function crossoverOf({ workload, param, groups: scanned }: NumericScan, configuration: string): Crossover | undefined {
  const steps: Step[] = [];
  for (const group of scanned) {
    const base = group.ok.find(({ id }) => id === group.measured.group.baseline);
    const cell = group.ok.find((other) => shortId(other) === configuration);
    // A value where one of them failed may hide the crossing, so there is no result.
    if (base === undefined || cell === undefined || base === cell) return undefined;
    const gains = blockDifferences(base.samples, cell.samples);
    if (gains.length === 0) return undefined;
    const verdict = group.comparisons.find(({ contender }) => contender === cell.id)?.verdict;
    steps.push({ value: valueOf(group, param), baseline: shortId(base), gains, verdict });
  }
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const signs = steps.map(({ gains }) => pseudoMedian(gains) > 0);
  const changes = changesIn(signs);
  const { baseline } = last;
  const common = { workload, param, baseline, contender: configuration, from: first.value, to: last.value };
  if (changes > 1) {
    // Noise changes signs, too: only values with a significant difference count.
    const significant = signs.filter((_sign, index) => /faster|slower/.test(steps[index]?.verdict ?? ''));
    return changesIn(significant) > 1 ? { ...common, kind: 'several', isSure: true } : undefined;
  }
  if (changes === 0) {
    const isFaster = signs[0] === true;
    const wanted = isFaster ? 'faster' : 'slower';
    return { ...common, kind: isFaster ? 'always' : 'never', isSure: steps.every(({ verdict }) => verdict === wanted) };
  }
  const above = signs.at(-1) === true;
  const at = crossingWithInterval(steps, above);
  return { ...common, kind: 'crosses', isSure: at.lo !== null && at.hi !== null, at, above };
}

function changesIn(signs: readonly boolean[]): number {
  return signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
}

function crossingWithInterval(steps: readonly Step[], above: boolean): NonNullable<Crossover['at']> {
  const estimate = crossingOf(steps, above);
  const random = seededRandom(SEED);
  const found = Array.from({ length: RESAMPLES }, () =>
    crossingOf(
      steps.map((step) => ({ ...step, gains: resample(step.gains, random) })),
      above,
    ),
  );
  const { lo, hi } = percentileInterval95(found);
  const [least, most] = [steps[0]?.value ?? 0, steps.at(-1)?.value ?? 0];
  return { estimate, lo: lo <= least ? null : lo, hi: hi >= most ? null : hi };
}

/**
 * The value at which the gain crosses 0: interpolated on a straight line over ln(value) between the values where its
 * sign changes; without a change, the end beyond which it would lie.
 *
 * @param above the other configuration is faster above the crossing
 */
function crossingOf(steps: readonly Step[], above: boolean): number {
  const points = steps.map(({ value, gains }) => ({ value, gain: pseudoMedian(gains) * (above ? 1 : -1) }));
  const index = points.findIndex(({ gain }) => gain > 0);
  const [before, after] = [points[index - 1], points[index]];
  if (after === undefined) return points.at(-1)?.value ?? Number.NaN;
  if (before === undefined) return after.value;
  const share = before.gain / (before.gain - after.gain);
  const isLog = before.value > 0;
  const [from, to] = isLog ? [Math.log(before.value), Math.log(after.value)] : [before.value, after.value];
  const at = from + (to - from) * share;
  return isLog ? Math.exp(at) : at;
}
