import { shortId } from '../model/cell-id.ts';
import type { Group, Workload } from '../model/plan.ts';
import type { Comparison, Crossover, MeasuredCell, Recommendation } from '../model/results.ts';
import { strategiesWith } from '../model/strategies.ts';
import { blockDifferences, blockLogs } from './compare.ts';
import { scansOf } from './groups.ts';
import { pseudoMedian, signedRankInterval } from './exact-tests.ts';
import { fastestFirst } from './summarize.ts';

/** A group with its measurements and comparisons. */
export interface ScannedGroup {
  readonly measured: {
    /** False: interrupted, so that nothing is shown. */
    readonly complete: boolean;
    readonly group: Pick<Group, 'compares' | 'params' | 'baseline'> & {
      readonly workload: Pick<Workload, 'name' | 'tasks'>;
    };
  };
  readonly ok: readonly MeasuredCell[];
  readonly comparisons: readonly Comparison[];
  readonly recommendations: readonly Recommendation[];
  /** Significance level of this look. */
  readonly alpha: number;
}

/** Gain of one configuration over the baseline at one value of the param: ln(speedup), block by block. */
interface Step {
  readonly value: number;
  readonly baseline: string;
  readonly gains: readonly number[];
  /** ln(time of a task) in the baseline, block by block. */
  readonly baseLogs: readonly number[];
  /** The direction that its comparison shows, however small the difference; undefined: none. */
  readonly shown: 'faster' | 'slower' | undefined;
}

/**
 * The value of a scanned param from which another configuration pays off. For each kind of pool, the configuration that
 * is best at the largest value; the values share no block, so the uncertainty of each is its own.
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
    const comparison = group.comparisons.find(({ contender }) => contender === cell.id);
    // So may one where they were not compared, as in an interrupted run; what was dropped is far behind.
    if (gains.length === 0 || (comparison === undefined && cell.dropped === undefined)) return undefined;
    steps.push({
      value: valueOf(group, param),
      baseline: shortId(base),
      gains,
      baseLogs: taskLogs(base, group),
      shown: shownIn(group, comparison),
    });
  }
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const signs = steps.map(({ gains }) => pseudoMedian(gains) > 0);
  const changes = changesIn(signs);
  const { baseline } = last;
  const common = { workload, param, baseline, contender: configuration, from: first.value, to: last.value };
  if (changes > 1) {
    // Noise changes signs, too: only values with a significant difference count.
    const significant = signs.filter((_sign, index) => steps[index]?.shown !== undefined);
    return changesIn(significant) > 1 ? { ...common, kind: 'several', isSure: true } : undefined;
  }
  if (changes === 0) {
    const isFaster = signs[0] === true;
    const wanted = isFaster ? 'faster' : 'slower';
    return { ...common, kind: isFaster ? 'always' : 'never', isSure: steps.every(({ shown }) => shown === wanted) };
  }
  const above = signs.at(-1) === true;
  const alpha = Math.min(...scanned.map((group) => group.alpha));
  const found = crossing(steps, above, alpha);
  return {
    ...common,
    kind: 'crosses',
    isSure: found.at.lo !== null && found.at.hi !== null && scanned.every(({ measured }) => measured.complete),
    ...found,
    above,
  };
}

function shownIn({ measured }: ScannedGroup, comparison: Comparison | undefined): Step['shown'] {
  if (!measured.complete || comparison === undefined || comparison.verdict === 'inconclusive') return undefined;
  const { lo, hi } = comparison.speedup;
  return lo > 1 ? 'faster' : hi < 1 ? 'slower' : undefined;
}

/** By task, since batches of different values can have different numbers of them. */
function taskLogs({ samples }: MeasuredCell, { measured }: ScannedGroup): readonly number[] {
  return blockLogs(samples).map((log) => log - Math.log(measured.group.workload.tasks));
}

function changesIn(signs: readonly boolean[]): number {
  return signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
}

/** The crossing with its CI, and the neighboring measured values between which it was interpolated. */
function crossing(steps: readonly Step[], above: boolean, alpha: number): Required<Pick<Crossover, 'at' | 'between'>> {
  const points = steps.map(({ value, gains, baseLogs }) => ({
    value,
    gain: pseudoMedian(gains),
    baseLog: pseudoMedian(baseLogs),
  }));
  const estimate = crossingOf(points, above);
  const reaches = steps.flatMap((step, index) =>
    [endsOf(step.gains, alpha, (gain) => ({ gain })), endsOf(step.baseLogs, alpha, (baseLog) => ({ baseLog }))].map(
      (ends) =>
        ends.map(
          (end) =>
            crossingOf(
              points.map((point, other) => (other === index ? { ...point, ...end } : point)),
              above,
            ) - estimate,
        ),
    ),
  );
  const isKnown = reaches.every((ends) => ends.length > 0);
  const [lo, hi] = [estimate - reachOf(reaches, -1), estimate + reachOf(reaches, 1)];
  const values = steps.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    at: {
      estimate,
      lo: isKnown && lo > least ? lo : null,
      hi: isKnown && hi < most ? hi : null,
      level: 1 - alpha,
    },
    between: {
      from: Math.max(...values.filter((value) => value <= estimate)),
      to: Math.min(...values.filter((value) => value > estimate)),
    },
  };
}

/** The ends of an exact CI; none with too few blocks. */
function endsOf(
  logs: readonly number[],
  alpha: number,
  toPoint: (end: number) => Partial<Point>,
): readonly Partial<Point>[] {
  const interval = signedRankInterval(logs, alpha);
  return interval === undefined ? [] : [toPoint(interval.lo), toPoint(interval.hi)];
}

/**
 * How far the crossing may be off in one direction: the values share no block, so what each of their CIs moves it by is
 * independent, and adds up as squares (Zou and Donner's method of variance estimates recovery, 2008).
 */
function reachOf(moves: readonly (readonly number[])[], direction: 1 | -1): number {
  return Math.hypot(...moves.map((ends) => Math.max(0, ...ends.map((end) => end * direction))));
}

/** Estimates at one value of the param. */
interface Point {
  readonly value: number;
  readonly gain: number;
  /** ln(time of a task) in the baseline. */
  readonly baseLog: number;
}

/** A baseline whose time grows faster than this power of the param is no straight line. */
const CURVED = 1.25;

/**
 * The value at which the gain crosses 0, between the values where its sign changes; without a change, the end beyond
 * which it would lie. A pool costs the same overhead for every task, so that its time relative to the baseline is a
 * straight line over 1 / (time of the baseline), which is 1 / param where the param scales the task: the difference of
 * the two times is a straight line over the param. If the baseline grows with a power of the param, over that power.
 *
 * @param above the other configuration is faster above the crossing
 */
function crossingOf(points: readonly Point[], above: boolean): number {
  const index = points.findIndex(({ gain }) => gain * (above ? 1 : -1) > 0);
  const [before, after] = [points[index - 1], points[index]];
  if (after === undefined) return points.at(-1)?.value ?? Number.NaN;
  if (before === undefined) return after.value;
  const savedTime = ({ gain, baseLog }: Point): number => -Math.exp(baseLog) * Math.expm1(-gain);
  const [first, last] = [savedTime(before), savedTime(after)];
  const slope = (after.baseLog - before.baseLog) / Math.log(after.value / before.value);
  const power = before.value > 0 && slope > CURVED ? slope : 1;
  const [from, to] = [before.value ** power, after.value ** power];
  return (from + ((to - from) * first) / (first - last)) ** (1 / power);
}
