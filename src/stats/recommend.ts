import type { ChosenFor, MeasuredCell, Recommendation, TuningGoal } from '../model/results.ts';
import { traitsOf, type StrategyOfCell } from '../model/strategies.ts';
import { contrast, estimateOf, timesOf, type Measure } from './compare.ts';
import { fastestFirst } from './summarize.ts';

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

/** What a setting is looked for by, in each batch; memory is read of a whole process. */
const LOOKED_FOR_BY = {
  throughput: 'wallMs',
  latency: 'taskP99Ms',
  responsiveness: 'loopDelayMs',
} as const satisfies Record<Exclude<TuningGoal['for'], 'memory'>, Measure>;

/**
 * The cheapest cell among those not shown to be slower than any other by more than the margin: the fewest lanes beside
 * the main loop, then libuv's own pool as it is, then the least CPU time per task, then the least memory, then the baseline,
 * then the first. Every other and not just the fastest, since the one that looks fastest may be the one with the widest
 * interval. If the baseline is beaten, only what was shown to be faster than it is chosen.
 *
 * With a goal, a cell of the tie that looks worse than the best of it by more than half of the margin is not chosen either:
 * a setting is to be within the margin of the best, not just not shown to be farther, and the other half is for what is not
 * known. With a goal other than throughput: among those not shown to have less than a share of the throughput of any other,
 * those that are best at the goal, and of them the cheapest.
 *
 * @returns undefined if there are not two cells to compare, or too few blocks to tell them apart, or none is within the limits
 */
export function recommend(all: readonly MeasuredCell[], options: RecommendOptions): Recommendation | undefined {
  const { baseline, goal } = options;
  const cells = goal === undefined ? all : all.filter((cell) => whyNot(cell, goal) === undefined);
  const [fastest] = fastestFirst(cells);
  const share = options.alpha / Math.max(1, all.length - 1);
  // Of an interrupted run there can be too little to tell anything apart.
  const canTell = (cell: MeasuredCell): boolean =>
    cell === fastest || (fastest !== undefined && contrast(fastest.samples, cell.samples, share) !== undefined);
  if (fastest === undefined || all.length < 2 || !cells.every(canTell)) return undefined;
  const asked = { ...options, share };
  const tied = tieOf(cells, fastest, asked);
  const base = all.find(({ id }) => id === baseline);
  const { choice, chosenFor } = chosenOf(tied, base, asked);
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

/** With the level of each comparison. */
interface Asked extends RecommendOptions {
  readonly share: number;
}

/** Why a setting cannot be chosen, however good it is; undefined: it can. Memory that was not measured breaks no limit. */
export function whyNot(
  cell: MeasuredCell,
  { maxPoolSize, maxMemoryMiB }: TuningGoal,
): 'memory' | 'pool-size' | undefined {
  if (extraLanes(cell) > maxPoolSize) return 'pool-size';
  return maxMemoryMiB !== null && (cell.summary.memoryMiB ?? 0) > maxMemoryMiB ? 'memory' : undefined;
}

type Cost = Exclude<TuningGoal['for'], 'throughput'>;

function isForCost(goal: TuningGoal | undefined): goal is TuningGoal & { readonly for: Cost } {
  return goal !== undefined && goal.for !== 'throughput';
}

/** Those among which only the cost decides. */
function tieOf(cells: readonly MeasuredCell[], fastest: MeasuredCell, asked: Asked): readonly MeasuredCell[] {
  const { goal, margin } = asked;
  const slowest = isForCost(goal) ? -Math.log(goal.minThroughput) : margin;
  const keepUp = notWorse(cells, 'wallMs', { ...asked, margin: slowest }, fastest);
  if (goal === undefined) return keepUp;
  switch (goal.for) {
    case 'throughput':
      return keepUp;
    case 'memory':
      return least(keepUp, memoryOf, COST_TOLERANCE);
    case 'latency':
      // Where the slowest tasks take equally long, the others need not.
      return notWorse(notWorse(keepUp, 'taskP99Ms', asked), 'taskP50Ms', asked);
    case 'responsiveness':
      return notWorse(keepUp, 'loopDelayMs', asked);
    default:
      return goal.for satisfies never;
  }
}

/** Those that no other was shown to be better than by more than the margin. @param best is one of them in any case */
function notWorse(
  cells: readonly MeasuredCell[],
  measure: Measure,
  { share, margin }: Asked,
  best?: MeasuredCell,
): readonly MeasuredCell[] {
  return cells.filter(
    (cell) => cell === best || !cells.some((other) => isShownWorse(cell, other, measure, share, margin)),
  );
}

function isShownWorse(
  cell: MeasuredCell,
  other: MeasuredCell,
  measure: Measure,
  alpha: number,
  margin: number,
): boolean {
  const slowness = contrast(timesOf(cell, measure), timesOf(other, measure), alpha);
  return slowness !== undefined && slowness.interval.lo > margin;
}

/** A cell with how much worse than the best it looks, in logarithms. */
export interface Rated {
  readonly cell: MeasuredCell;
  readonly worse: number;
}

/** By what a goal is looked for by; each paired with the first, so that what came over the machine meets both. */
export function rated(cells: readonly MeasuredCell[], goal: keyof typeof LOOKED_FOR_BY): readonly Rated[] {
  const [first] = cells;
  if (first === undefined) return [];
  const times = cells.map((cell) => timesOf(cell, LOOKED_FOR_BY[goal]));
  const base = timesOf(first, LOOKED_FOR_BY[goal]);
  const slowness = times.map((own) => estimateOf(own, base) ?? Number.POSITIVE_INFINITY);
  const best = Math.min(...slowness);
  return cells.map((cell, index) => ({ cell, worse: (slowness[index] ?? 0) - best }));
}

/** Those that look no worse at the goal than the best of them by more than that, in logarithms. */
function within(
  cells: readonly MeasuredCell[],
  goal: keyof typeof LOOKED_FOR_BY,
  most: number,
): readonly MeasuredCell[] {
  return rated(cells, goal).flatMap(({ cell, worse }) => (worse <= most ? [cell] : []));
}

/** Lanes that are started beside the main loop. */
export function extraLanes(cell: StrategyOfCell & Pick<MeasuredCell, 'poolSize'>): number {
  return traitsOf(cell).laneKind === 'main' ? 0 : cell.poolSize;
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
function chosenOf(tied: readonly MeasuredCell[], base: MeasuredCell | undefined, asked: Asked): Choice {
  const { baseline, goal, share, margin } = asked;
  const near =
    goal === undefined || goal.for === 'memory'
      ? tied
      : within(tied, goal.for, goal.for === 'responsiveness' ? AS_RESPONSIVE : margin / 2);
  // Whoever is told to leave the baseline is led to something that was shown to beat it.
  const better =
    base === undefined || tied.includes(base) || isForCost(goal)
      ? []
      : near.filter((cell) => isShownWorse(base, cell, 'wallMs', share, 0));
  const candidates = better.length > 0 ? better : near;
  const fewestLanes = least(candidates, extraLanes);
  const leastUv = least(fewestLanes, ({ uvThreads = 0 }) => uvThreads);
  // Who has a setting that needs no more lanes than any other need not change it.
  const kept = goal === undefined ? [] : leastUv.filter(({ id }) => id === baseline);
  // Tasks in flight cost nothing: for a goal, the best comes before the cheapest.
  const best = goal?.for === 'throughput' || goal?.for === 'latency' ? within(leastUv, goal.for, AS_GOOD) : leastUv;
  const leastCpu = least(best, ({ summary }) => summary.cpuMsPerTask, COST_TOLERANCE);
  const leastMemory = least(leastCpu, memoryOf, COST_TOLERANCE);
  const steps: readonly (readonly [ChosenFor, readonly MeasuredCell[]])[] = [
    ['only', tied],
    ['near-best', near],
    ['beats-baseline', candidates],
    ['fewest-workers', fewestLanes],
    ['libuv-threads', leastUv],
    ['kept', kept],
    ['looks-best', best],
    ['least-cpu', leastCpu],
    ['least-memory', leastMemory],
  ];
  for (const [chosenFor, [choice, ...others]] of steps) {
    if (choice !== undefined && others.length === 0) return { choice, chosenFor };
  }
  const own = leastMemory.find(({ id }) => id === baseline);
  const choice = own ?? leastMemory[0];
  if (choice === undefined) throw new RangeError('nothing is left of a tie');
  return { choice, chosenFor: own === undefined ? 'first' : 'baseline' };
}

function memoryOf({ summary }: MeasuredCell): number {
  return summary.memoryMiB ?? 0;
}

const BEST = {
  latency: 'the shortest p99 of a task',
  responsiveness: 'the lowest event-loop delay p99',
  memory: 'the least memory',
} as const satisfies Record<Cost, string>;

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
  if (isForCost(goal)) {
    const best = BEST[goal.for];
    const among = `of those not shown to do less than ${Math.round(goal.minThroughput * 100)}% of the best throughput`;
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
