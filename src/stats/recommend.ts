import type { ChosenFor, MeasuredCell, Recommendation, TuningGoal } from '../model/results.ts';
import { extraLanes, traitsOf } from '../model/strategies.ts';
import { contrast, estimateOf, timesOf, type Measure } from './compare.ts';
import { fastestFirst } from './summarize.ts';
import { chosenAmong, COST_TOLERANCE } from './trade-off.ts';

type Cells = readonly MeasuredCell[];

export interface RecommendOptions {
  /** Id of the cell to prefer in a tie that nothing else decides. */
  readonly baseline: string;
  /** ln(1 + the minimum effect). */
  readonly minEffectLog: number;
  /** Significance level that the comparisons of one cell with all others share. */
  readonly alpha: number;
  /** Goal of a tuning; undefined: throughput. */
  readonly goal?: TuningGoal | undefined;
  /** Number of cells that a race has dropped: far behind another one, or the program of the baseline, so never chosen. */
  readonly dropped?: number | undefined;
}

/** Anything this close to the best, as a logarithm, is as good; then cost decides. */
const AS_GOOD = Math.log(1.01);
/** The same for event-loop delays, which vary more from batch to batch: less is not worth another worker. */
const AS_RESPONSIVE = Math.log(1.25);

/** Measure of each goal in a batch; memory is read of a whole process. */
export const LOOKED_FOR_BY = {
  throughput: 'wallMs',
  latency: 'taskP99Ms',
  responsiveness: 'loopDelayMs',
} as const satisfies Record<Exclude<TuningGoal['for'], 'memory'>, Measure>;

/**
 * Chooses the cheapest of the tied cells, those not significantly slower than any other by more than the minimum
 * effect, in the order of the steps of `chosenOf`. Every other counts, not just the fastest, which may have the widest
 * interval. If the baseline is beaten, only cells that are significantly faster than it qualify.
 *
 * A tied cell that looks worse than the best by more than half of the minimum effect does not qualify either: the choice
 * should be within the minimum effect of the best, and the other half is for uncertainty. With a goal other than throughput: among the cells that keep the required share of the best throughput, the best at the
 * goal, then the cheapest.
 *
 * @returns undefined with fewer than two cells, those that were dropped included, too few blocks to decide, or no cell within the limits
 */
export function recommend(all: Cells, options: RecommendOptions): Recommendation | undefined {
  const { baseline, goal } = options;
  const cells = goal === undefined ? all : all.filter((cell) => whyNot(cell, goal) === undefined);
  const [fastest] = fastestFirst(cells);
  const share = options.alpha / Math.max(1, all.length - 1);
  // An interrupted run can have too few blocks to decide anything.
  const canTell = (cell: MeasuredCell): boolean =>
    cell === fastest || (fastest !== undefined && contrast(fastest.samples, cell.samples, share) !== undefined);
  const candidates = all.length + (options.dropped ?? 0);
  if (fastest === undefined || candidates < 2 || !cells.every(canTell)) return undefined;
  const asked = { ...options, share };
  const tied = tieOf(cells, fastest, asked);
  const base = all.find(({ id }) => id === baseline);
  const { choice, chosenFor, shown } = chosenOf(tied, base, asked);
  return {
    workload: choice.workload,
    params: choice.params,
    choose: choice.id,
    fastest: fastest.id,
    tied: tied.map((cell) => cell.id),
    ...(shown.length < tied.length && { shown: shown.map((cell) => cell.id) }),
    ...withinBest(choice, cells, asked),
    because:
      all.length === 1
        ? 'every other configuration was dropped'
        : because({ choice, fastest, tied, shown, within: cells.length, all: all.length }, chosenFor, goal),
    chosenFor,
  };
}

/** How much slower than any other the choice can be; of throughput, so not where something else was asked for. */
function withinBest(choice: MeasuredCell, cells: Cells, { goal, share }: Asked): Pick<Recommendation, 'withinBest'> {
  if (isForCost(goal)) return {};
  const bounds = cells.flatMap((other) =>
    other === choice ? [] : (contrast(choice.samples, other.samples, share)?.interval.hi ?? []),
  );
  return bounds.length === 0 ? {} : { withinBest: Math.max(0, Math.expm1(Math.max(...bounds))) };
}

/** Adds the level of each comparison. */
interface Asked extends RecommendOptions {
  readonly share: number;
}

/** The limit that a configuration breaks; undefined: none. Unmeasured memory breaks no limit. */
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

/** Cells among which only the cost decides. */
function tieOf(cells: Cells, fastest: MeasuredCell, asked: Asked): Cells {
  const { goal, minEffectLog } = asked;
  const slowest = isForCost(goal) ? -Math.log(goal.minThroughput) : minEffectLog;
  const keepUp = notWorse(cells, 'wallMs', { ...asked, minEffectLog: slowest }, fastest);
  if (goal === undefined) return keepUp;
  // Not shown to keep less is not enough: it should look so, too.
  const keeping = isForCost(goal) ? within(keepUp, 'throughput', slowest) : keepUp;
  switch (goal.for) {
    case 'throughput':
      return keepUp;
    case 'memory':
      return least(keeping, memoryOf, COST_TOLERANCE);
    case 'latency':
      // Equal p99 leaves room for a different median.
      return notWorse(notWorse(keeping, 'taskP99Ms', asked), 'taskP50Ms', asked);
    case 'responsiveness':
      return notWorse(keeping, 'loopDelayMs', asked);
    default:
      return goal.for satisfies never;
  }
}

/** Cells that no other is significantly better than, beyond the minimum effect. @param best always included */
function notWorse(cells: Cells, measure: Measure, { share, minEffectLog }: Asked, best?: MeasuredCell): Cells {
  return cells.filter(
    (cell) => cell === best || !cells.some((other) => isShownWorse(cell, other, measure, share, minEffectLog)),
  );
}

function isShownWorse(
  cell: MeasuredCell,
  other: MeasuredCell,
  measure: Measure,
  alpha: number,
  minEffectLog: number,
): boolean {
  const slowness = contrast(timesOf(cell, measure), timesOf(other, measure), alpha);
  return slowness !== undefined && slowness.interval.lo > minEffectLog;
}

/** A cell with its distance from the best, as a logarithm. */
export interface Rated {
  readonly cell: MeasuredCell;
  readonly worse: number;
}

/** Cells ranked by the measure of a goal, each paired with the first, so that noise hits both. */
export function rated(cells: Cells, goal: keyof typeof LOOKED_FOR_BY): readonly Rated[] {
  const [first] = cells;
  if (first === undefined) return [];
  const times = cells.map((cell) => timesOf(cell, LOOKED_FOR_BY[goal]));
  const base = timesOf(first, LOOKED_FOR_BY[goal]);
  const slowness = times.map((own) => estimateOf(own, base) ?? Number.POSITIVE_INFINITY);
  const best = Math.min(...slowness);
  return cells.map((cell, index) => ({ cell, worse: (slowness[index] ?? 0) - best }));
}

/** Cells whose measure of the goal is within that distance of the best, as a logarithm. */
function within(cells: Cells, goal: keyof typeof LOOKED_FOR_BY, most: number): Cells {
  return rated(cells, goal).flatMap(({ cell, worse }) => (worse <= most ? [cell] : []));
}

/** How far a cell is from its strategy's plain concurrency: one task at a time in a worker, all on the event loop. */
function extraConcurrency(cell: MeasuredCell): number {
  const { concurrency } = cell;
  if (concurrency === traitsOf(cell).plainConcurrency) return 0;
  return concurrency === 'all' ? Number.POSITIVE_INFINITY : concurrency;
}

function least(cells: Cells, cost: (cell: MeasuredCell) => number, tolerance = 1): Cells {
  const lowest = Math.min(...cells.map(cost));
  return cells.filter((cell) => cost(cell) <= lowest * tolerance);
}

interface Choice {
  readonly choice: MeasuredCell;
  readonly chosenFor: ChosenFor;
  /** Those of the tie from which it was chosen. */
  readonly shown: Cells;
}

/** Chooses one cell of a tie, with the reason: the first step that leaves only one. */
function chosenOf(tied: Cells, base: MeasuredCell | undefined, asked: Asked): Choice {
  const { baseline, goal, share, minEffectLog } = asked;
  // Leaving the baseline is recommended only for a cell that significantly beats it.
  const better =
    base === undefined || tied.includes(base) || isForCost(goal)
      ? []
      : tied.filter((cell) => isShownWorse(base, cell, 'wallMs', share, 0));
  const beating = better.length > 0 ? better : tied;
  const measure = goal === undefined || goal.for === 'memory' ? 'wallMs' : LOOKED_FOR_BY[goal.for];
  // Most work does not use libuv's pool, so that another size has to be shown to gain something.
  const shown = beating.filter((cell) => {
    const plain = tied.find((other) => isPlainOf(other, cell));
    return plain === undefined || isShownWorse(plain, cell, measure, share, 0);
  });
  const asItIs = shown.length === 0 ? beating : shown;
  const candidates =
    goal?.for === 'memory'
      ? asItIs
      : within(asItIs, goal?.for ?? 'throughput', goal?.for === 'responsiveness' ? AS_RESPONSIVE : minEffectLog / 2);
  // A server is more to keep running than any number of workers.
  const withoutServer = least(candidates, (cell) => (traitsOf(cell).needsServer === true ? 1 : 0));
  const fewestLanes = least(withoutServer, extraLanes);
  const leastUv = least(fewestLanes, ({ uvThreads = 0 }) => uvThreads);
  // Keep the baseline, which is the current configuration where that is given, if no other needs fewer workers.
  const kept = goal === undefined ? [] : leastUv.filter(({ id }) => id === baseline);
  // More tasks at once in a worker are worth their code, and their memory, only if they gain something.
  const plainest = least(leastUv, extraConcurrency);
  // For a goal, the best comes before the cheapest.
  const best = goal?.for === 'throughput' || goal?.for === 'latency' ? within(plainest, goal.for, AS_GOOD) : plainest;
  const leastCpu = least(best, ({ summary }) => summary.cpuMsPerTask, COST_TOLERANCE);
  const leastMemory = least(leastCpu, memoryOf, COST_TOLERANCE);
  const steps: readonly (readonly [ChosenFor, Cells])[] = [
    ['only', tied],
    ['beats-baseline', beating],
    ['libuv-threads', asItIs],
    ['near-best', candidates],
    ['no-server', withoutServer],
    ['fewest-workers', fewestLanes],
    ['libuv-threads', leastUv],
    ['kept', kept],
    ['plainest', plainest],
    ['looks-best', best],
    ['least-cpu', leastCpu],
    ['least-memory', leastMemory],
  ];
  for (const [chosenFor, [choice, ...others]] of steps) {
    if (choice !== undefined && others.length === 0) return { choice, chosenFor, shown: asItIs };
  }
  const own = leastMemory.find(({ id }) => id === baseline);
  const choice = own ?? leastMemory[0];
  if (choice === undefined) throw new RangeError('a tie has no cells');
  return { choice, chosenFor: own === undefined ? 'first' : 'baseline', shown: asItIs };
}

/** Whether it is the same configuration with libuv's default pool. */
function isPlainOf(plain: MeasuredCell, { id, uvThreads }: MeasuredCell): boolean {
  return plain.uvThreads === undefined && uvThreads !== undefined && id.replace(`~uv${uvThreads}`, '') === plain.id;
}

const memoryOf = ({ summary }: MeasuredCell): number => summary.memoryMiB ?? 0;

const BEST = {
  latency: 'the lowest task latency p99',
  responsiveness: 'the lowest event-loop delay p99',
  memory: 'the least memory',
} as const satisfies Record<Cost, string>;

const ADVANTAGES: Readonly<Record<ChosenFor, string>> = {
  only: 'nothing is tied with it',
  'near-best': 'no other looks as close to the best',
  'beats-baseline': 'no other is significantly faster than the baseline',
  'no-server': 'the others need a server',
  'fewest-workers': 'it needs the fewest workers of those that look as good',
  'libuv-threads': 'it needs the fewest libuv threads of those with as few workers',
  kept: 'it is the baseline, and none as good needs fewer workers',
  plainest: 'it has the simplest concurrency of those with as few workers',
  'looks-best': 'it looks best of those with as few workers',
  'least-cpu': 'it needs the least CPU time per task of those with as few workers',
  'least-memory': 'it needs the least memory of those with as few workers',
  baseline: 'it is the baseline, and none of those that look as good is cheaper',
  first: 'none of those that look as good is cheaper',
};

/** The reason for the choice in words, as results.json has it. */
function because(
  { choice, fastest, tied, shown, within: ok, all }: Standing,
  chosenFor: ChosenFor,
  goal?: TuningGoal,
): string {
  const advantage = `${chosenAmong(tied, shown)}${ADVANTAGES[chosenFor]}`;
  if (isForCost(goal)) {
    const best = BEST[goal.for];
    const among = `of those that keep ${Math.round(goal.minThroughput * 100)}% of the best throughput`;
    return tied.length === 1 ? `it has ${best} ${among}` : `tied for ${best} ${among}, and ${advantage}`;
  }
  if (ok === 1) return 'every other configuration is over a limit';
  const where = ok < all ? ' within the limits' : '';
  if (tied.length === 1) return `every other configuration${where} is significantly slower`;
  if (choice !== fastest) return `tied with ${fastest.id}, which looked fastest${where}, and ${advantage}`;
  const ties = tied.length === 2 ? 'one other configuration' : `${tied.length - 1} other configurations`;
  return `fastest${where}, tied with ${ties}, and ${advantage}`;
}

interface Standing extends Record<'choice' | 'fastest', MeasuredCell> {
  readonly tied: Cells;
  readonly shown: Cells;
  /** Numbers of configurations: within the limits, and all. */
  readonly within: number;
  readonly all: number;
}
