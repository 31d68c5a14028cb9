import type { ChosenFor, MeasuredCell, Recommendation, TuningGoal } from '../model/results.ts';
import { traitsOf, type StrategyOfCell } from '../model/strategies.ts';
import { contrast, estimateOf, timesOf, type WallTime, type Measure } from './compare.ts';

export interface RecommendOptions {
  /** Id of the cell that is preferred where nothing else tells the cells of a tie apart. */
  readonly baseline: string;
  /** ln(1 + the smallest difference worth telling). */
  readonly margin: number;
  /** The level that the comparisons of one cell with all others share. */
  readonly alpha: number;
  /** What else is asked of a setting; undefined: that it is fast. */
  readonly goal?: TuningGoal | undefined;
}

/** Costs that differ by less than this are taken for equal, as they are measured too. */
const COST_TOLERANCE = 1.05;
/** What looks this near to the best, in logarithms, is as good; then it is asked what it costs. */
const AS_GOOD = Math.log(1.01);
/** The same of event-loop delays, which vary by more from batch to batch than batches do: a worker more is not worth less. */
const AS_RESPONSIVE = Math.log(1.25);

/**
 * The cheapest cell among those not shown to be slower than any other by more than the margin: the fewest lanes beside
 * the main loop, then libuv's own pool as it is, then the least CPU time per task, then the least memory, then the baseline,
 * then the first. Every other and not just the fastest, since the one that looks fastest may be the one with the widest
 * interval. If the baseline is beaten, only what was shown to be faster than it is chosen.
 *
 * With a goal, a cell of the tie that looks worse than the best of it by more than half of the margin is not chosen either: a setting is to be
 * within the margin of the best, not just not shown to be farther, and the other half is for what is not known. With a goal other than throughput: among those not shown to have less than a share of the throughput of any other, those
 * that are best at the goal, and of them the cheapest.
 *
 * @returns undefined if there are not two cells to compare, or too few blocks to tell them apart, or none is within the limits
 */
export function recommend(all: readonly MeasuredCell[], options: RecommendOptions): Recommendation | undefined {
  const { baseline, margin, alpha, goal } = options;
  const cells = goal === undefined ? all : all.filter((cell) => whyNot(cell, goal) === undefined);
  const fastest = least(cells, (cell) => cell.summary.wallMs.median)[0];
  const share = alpha / Math.max(1, all.length - 1);
  // Of an interrupted run there can be too little to tell anything apart.
  const canTell =
    all.length > 1 &&
    cells.every(
      (cell) =>
        cell === fastest || (fastest !== undefined && contrast(fastest.samples, cell.samples, share) !== undefined),
    );
  if (fastest === undefined || !canTell) return undefined;
  const tied = tieOf(cells, fastest, share, options);
  const { choice, chosenFor } = chosenOf(
    tied,
    share,
    margin,
    all.find(({ id }) => id === baseline),
    options,
  );
  return {
    workload: choice.workload,
    params: choice.params,
    choose: choice.id,
    fastest: fastest.id,
    tied: tied.map((cell) => cell.id),
    because: because(choice, fastest, tied, chosenFor, goal),
    chosenFor,
  };
}

/** Why a setting cannot be chosen, however good it is; undefined: it can. Memory that was not measured breaks no limit. */
export function whyNot(
  { poolSize, strategy, laneKind, summary }: MeasuredCell,
  { maxPoolSize, maxMemoryMiB }: TuningGoal,
): 'memory' | 'pool-size' | undefined {
  if (extraLanes({ poolSize, strategy, ...(laneKind !== undefined && { laneKind }) }) > maxPoolSize) return 'pool-size';
  return maxMemoryMiB !== null && (summary.memoryMiB ?? 0) > maxMemoryMiB ? 'memory' : undefined;
}

function isForCost(goal: TuningGoal | undefined): boolean {
  return goal !== undefined && goal.for !== 'throughput';
}

/** Those among which only the cost decides. */
function tieOf(
  cells: readonly MeasuredCell[],
  fastest: MeasuredCell,
  share: number,
  { margin, goal }: RecommendOptions,
): readonly MeasuredCell[] {
  const slowest = goal !== undefined && isForCost(goal) ? -Math.log(goal.minThroughput) : margin;
  const isBeaten = (cell: MeasuredCell): boolean =>
    cells.some((other) => isShownSlower(cell.samples, other.samples, share, slowest));
  const keepUp = cells.filter((cell) => cell === fastest || !isBeaten(cell));
  if (goal === undefined) return keepUp;
  switch (goal.for) {
    case 'throughput':
      return keepUp;
    case 'memory':
      return least(keepUp, (cell) => cell.summary.memoryMiB ?? 0, COST_TOLERANCE);
    case 'latency':
      // Where the slowest tasks take equally long, the others need not.
      return notWorse(notWorse(keepUp, 'taskP99Ms', share, margin), 'taskP50Ms', share, margin);
    case 'responsiveness':
      return notWorse(keepUp, 'loopDelayMs', share, margin);
    default:
      return goal.for satisfies never;
  }
}

/** Those that no other was shown to be better than by more than the margin. */
function notWorse(
  cells: readonly MeasuredCell[],
  measure: Measure,
  share: number,
  margin: number,
): readonly MeasuredCell[] {
  return cells.filter((cell) => {
    const own = timesOf(cell, measure);
    return !cells.some((other) => isShownSlower(own, timesOf(other, measure), share, margin));
  });
}

/** Those that look no worse at the goal than the best of them by more than that, in logarithms. */
function within(
  cells: readonly MeasuredCell[],
  goal: Exclude<TuningGoal['for'], 'memory'>,
  most: number,
): readonly MeasuredCell[] {
  const times = (cell: MeasuredCell): readonly WallTime[] => timesFor(goal, cell);
  const [first] = cells;
  if (first === undefined) return cells;
  const slowness = cells.map((cell) => estimateOf(times(cell), times(first)) ?? 0);
  const best = Math.min(...slowness);
  return cells.filter((_cell, index) => (slowness[index] ?? 0) - best <= most);
}

/** What a setting is looked for by, in each batch. */
export function timesFor(goal: Exclude<TuningGoal['for'], 'memory'>, cell: MeasuredCell): readonly WallTime[] {
  switch (goal) {
    case 'throughput':
      return cell.samples;
    case 'latency':
      return timesOf(cell, 'taskP99Ms');
    case 'responsiveness':
      return timesOf(cell, 'loopDelayMs');
    default:
      return goal satisfies never;
  }
}

/** Lanes that are started beside the main loop. */
export function extraLanes(cell: StrategyOfCell & Pick<MeasuredCell, 'poolSize'>): number {
  return traitsOf(cell).laneKind === 'main' ? 0 : cell.poolSize;
}

function isShownSlower(own: readonly WallTime[], others: readonly WallTime[], alpha: number, margin: number): boolean {
  const slowness = contrast(own, others, alpha);
  return slowness !== undefined && slowness.interval.lo > margin;
}

function least(
  cells: readonly MeasuredCell[],
  cost: (cell: MeasuredCell) => number,
  tolerance = 1,
): readonly MeasuredCell[] {
  const lowest = Math.min(...cells.map(cost));
  return cells.filter((cell) => cost(cell) <= lowest * tolerance);
}

interface Choice {
  readonly choice: MeasuredCell;
  readonly chosenFor: ChosenFor;
}

/** From the cells of a tie to the one to choose, and what told it from the others: the first step that leaves one of several. */
function chosenOf(
  tied: readonly MeasuredCell[],
  share: number,
  margin: number,
  base: MeasuredCell | undefined,
  { baseline, goal }: RecommendOptions,
): Choice {
  const near = nearBest(tied, goal, margin);
  // Whoever is told to leave the baseline is led to something that was shown to beat it.
  const better =
    base === undefined || tied.includes(base) || isForCost(goal)
      ? []
      : near.filter((cell) => isShownSlower(base.samples, cell.samples, share, 0));
  const candidates = better.length > 0 ? better : near;
  const fewestLanes = least(candidates, extraLanes);
  const leastUv = least(fewestLanes, ({ uvThreads = 0 }) => uvThreads);
  // Who has a setting that needs no more lanes than any other need not change it.
  const kept = goal === undefined ? [] : leastUv.filter(({ id }) => id === baseline);
  const steps: readonly (readonly [ChosenFor, readonly MeasuredCell[]])[] = [
    ['only', tied],
    ['near-best', near],
    ['beats-baseline', candidates],
    ['fewest-workers', fewestLanes],
    ['libuv-threads', leastUv],
    ['kept', kept],
    ...leastOf(leastUv, goal),
  ];
  const single = steps.find(([, left]) => left.length === 1);
  const [only] = single?.[1] ?? [];
  if (single !== undefined && only !== undefined) return { choice: only, chosenFor: single[0] };
  const last = steps.at(-1)?.[1] ?? [];
  const own = last.find(({ id }) => id === baseline);
  const choice = own ?? last[0];
  if (choice === undefined) throw new RangeError('nothing is left of a tie');
  return { choice, chosenFor: own === undefined ? 'first' : 'baseline' };
}

function nearBest(
  tied: readonly MeasuredCell[],
  goal: TuningGoal | undefined,
  margin: number,
): readonly MeasuredCell[] {
  if (goal === undefined || goal.for === 'memory') return tied;
  return within(tied, goal.for, goal.for === 'responsiveness' ? AS_RESPONSIVE : margin / 2);
}

/** Each of what the one before it leaves. Tasks in flight cost nothing: for a goal, the best comes before the cheapest. */
function leastOf(
  fewestLanes: readonly MeasuredCell[],
  goal: TuningGoal | undefined,
): readonly (readonly [ChosenFor, readonly MeasuredCell[]])[] {
  const best =
    goal?.for === 'throughput' || goal?.for === 'latency' ? within(fewestLanes, goal.for, AS_GOOD) : fewestLanes;
  const leastCpu = least(best, (cell) => cell.summary.cpuMsPerTask, COST_TOLERANCE);
  const leastMemory = least(leastCpu, (cell) => cell.summary.memoryMiB ?? 0, COST_TOLERANCE);
  return [
    ['looks-best', best],
    ['least-cpu', leastCpu],
    ['least-memory', leastMemory],
  ];
}

const BEST = {
  latency: 'the shortest p99 of a task',
  responsiveness: 'the lowest event-loop delay p99',
  memory: 'the least memory',
} as const;

const ADVANTAGES: Readonly<Record<ChosenFor, string>> = {
  only: 'nothing is tied with it',
  'near-best': 'no other looks as near to the best',
  'beats-baseline': 'no other was shown to be faster than the baseline',
  'fewest-workers': 'it needs the fewest workers',
  'libuv-threads': 'it needs the fewest libuv threads of those with as few workers',
  kept: 'it is the present setting, and nothing as good needs fewer workers',
  'looks-best': 'it looks best of those with as few workers',
  'least-cpu': 'it needs the least CPU time per task of those with as few workers',
  'least-memory': 'it needs the least memory of those with as few workers',
  baseline: 'it is the baseline, and none of the others is cheaper',
  first: 'none of the others is cheaper',
};

/** Why the choice is recommended, in words: what results have held from the first version on. */
function because(
  choice: MeasuredCell,
  fastest: MeasuredCell,
  tied: readonly MeasuredCell[],
  chosenFor: ChosenFor,
  goal: TuningGoal | undefined,
): string {
  const advantage = ADVANTAGES[chosenFor];
  if (goal !== undefined && goal.for !== 'throughput') {
    const best = BEST[goal.for];
    const among = `of those not shown to do less than ${Math.round(goal.minThroughput * 100)} % of the best throughput`;
    return tied.length === 1
      ? `it has ${best} ${among}`
      : `not shown to be worse than any with ${best} ${among}, and ${advantage}`;
  }
  if (tied.length === 1) return 'every other configuration was shown to be slower';
  return `${standing(choice, fastest, tied.length)}${advantage}`;
}

function standing(choice: MeasuredCell, fastest: MeasuredCell, ties: number): string {
  if (choice !== fastest) return `not shown to be slower than ${fastest.id}, which looked fastest, and `;
  return ties === 2
    ? 'fastest, though one other configuration was not shown to be slower, and '
    : `fastest, though ${ties - 1} other configurations were not shown to be slower, and `;
}
