import type { Bound } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import type { CalibratedBatches, FoundWorkload, Group, Plan, PlannedCell, Workload } from '../model/plan.ts';
import type { Concurrency, Options } from '../model/results.ts';
import { blocksNeeded, LEAST_FACTOR, MOST_OFF, type DropRule } from '../model/evidence.ts';
import { cellsOf, configurationsOf, orderBlocks, orderRace } from './cells.ts';
import { completeWorkload, fewerIfLong } from './complete-workload.ts';
import { machineWarnings, checkNeeded, inputWarnings, type Machine } from './expected-warnings.ts';
import { checkParamNames, checkSets, scanParams } from './params.ts';
import { checkBatches, checkBlocks, versionOf } from './plan.ts';
import { writtenStrategy } from '../model/asked-strategy.ts';
import { REFERENCE } from '../model/strategies.ts';
import type { NamedTuning } from './resolve-tuning.ts';
import { groupTitle, configurationId, type Configuration } from '../model/cell-id.ts';

/**
 * New blocks for the candidates that are not far behind, after two starts of each; long batches have fewer rounds. In three
 * blocks of three rounds, the best of a grid was missed once in 25 times, and the choice was 6% slower (docs/method.md).
 */
const SCREENING = { blocks: 3, rounds: 5, warmups: 1 } as const;
/**
 * Measuring time of each finalist per block. Short batches differ by a tenth from one to the next, which is most of the
 * difference between blocks (docs/method.md), and another round costs less than another block; up to a multiple of the
 * preset's rounds.
 */
const MEASURED_MS = 400;
const MOST_TIMES_THE_ROUNDS = 4;
/** Best candidates to confirm; the event loop and the current configuration are added. */
export const MOST_FINALISTS = 4;
/** Larger pools are candidates only on request: each process needs memory. */
const LARGEST_UNASKED = 32;
/** Waiting tasks can use more workers than CPUs. */
const LANES_PER_CORE: Readonly<Record<Bound, number>> = { cpu: 2, io: 4, mixed: 4 };
/** More sizes are thinned out: any size in between is close to one that is kept. */
const MOST_SIZES = 7;
/** With fewer tasks per worker, an uneven split would matter more than speed. */
const TASKS_PER_LANE = 4;
/** A batch of such tasks is long enough with any number of them, so that calibration adds none. */
const NEVER_SHORT_MS = 100;
/** Size of libuv's pool to try if it has fewer threads, in case the work uses it. */
const LARGER_UV_POOL = 16;

/**
 * Plans the screening: a coarse grid of strategies, pool sizes and concurrency, with little evidence for each.
 *
 * @throws LanewiseError for no candidates, too many, or several kinds of work
 */
export function planScreening(
  [found, ...others]: readonly FoundWorkload[],
  tuning: NamedTuning,
  seed: number,
  machine: Machine,
): Plan {
  const { request, current } = tuning;
  if (found === undefined || others.length > 0) throw severalWorkloads(request.workloads ?? []);
  const own = completeWorkload(found, request);
  checkParamNames([own], request.params);
  checkSets([own], request.params);
  const [params = own.params] = scanParams(own, request.params);
  const title = groupTitle(own.name, params, own.params);
  const sizes = sizesOf(own.bound, tuning, machine);
  const all = sizes.length === 0 ? [] : gridOf(own, sizes, tuning, machine);
  if (all.length === 0) throw emptyGrid(title, tuning);
  const largest = Math.max(...[...all, ...(current ? [current] : [])].map(({ poolSize }) => poolSize));
  const workload = { ...own, tasks: tasksFor(own, largest) };
  const grid = gridOf(workload, sizes, tuning, machine);
  const configurations = distinct(current === undefined ? grid : [...grid, current]);
  const versions = [versionOf(own)];
  const cells = cellsOf(title, configurations, versions);
  if (cells.length === 1)
    throw new LanewiseError(
      'usage',
      `${title} would have one candidate, and tune chooses among several: give more to --strategy, --pool-size or --concurrency, or --current. To measure one: lanewise run.`,
    );
  const options: Options = {
    ...request.options,
    poolSizes: [...sizes],
    // Unless a limit excludes it, the current configuration may be the best.
    tuning: { ...tuning.goal, maxPoolSize: tuning.goal.maxPoolSize ?? largest },
  };
  checkBlocks(title, Math.min(MOST_FINALISTS, cells.length) + 1, options);
  // The event loop and the current configuration come with the finalists.
  checkBatches(MOST_FINALISTS + 2, options.blocks, request.rounds ?? MOST_TIMES_THE_ROUNDS * options.rounds);
  const draft = {
    workload,
    versions,
    compares: 'with-baseline' as const,
    title,
    params,
    cells,
    baseline: baselineOf(cells, current),
    isRace: true,
    selectBy: selectBy(tuning.goal),
    upperBoundLanes: [],
  };
  const group = { ...draft, blocks: orderRace(draft, SCREENING, seed) };
  return {
    seed,
    options: { ...options, ...SCREENING },
    groups: [group],
    runtimes: machine.runtimes,
    ownStrategies: machine.ownStrategies,
    warnings: [...machineWarnings(machine), ...checkNeeded([group], machine), ...inputWarnings([group])],
  };
}

/**
 * Drops earlier than a run does: the screening claims nothing about what it drops, so it only has to be unlikely that the
 * best is lost. Goals other than throughput accept slower candidates.
 */
function selectBy({ for: goal, minThroughput }: NamedTuning['goal']): readonly DropRule[] {
  const factor = goal === 'throughput' ? LEAST_FACTOR : Math.max(LEAST_FACTOR, 1.4 / minThroughput);
  return [{ starts: 2, factor, chance: MOST_OFF }];
}

/** Outcome of the screening. */
export interface Screened {
  /** Ids, at least one. */
  readonly finalists: readonly string[];
  /** Tasks per batch. */
  readonly tasks: number;
  /** Batch time of the fastest. */
  readonly batchMs: number;
  /** Undefined: they are to be calibrated again. */
  readonly calibrated?: CalibratedBatches | undefined;
}

/** Plans the confirmation: the finalists and their baseline, measured again with full evidence. */
export function planConfirmation(
  screening: Plan,
  { request }: NamedTuning,
  { finalists, tasks, batchMs, calibrated }: Screened,
  cores: number,
): Plan {
  const { blocks, warmups } = request.options;
  const rounds = roundsFor(batchMs, request);
  const options = { ...screening.options, blocks, rounds, warmups };
  const groups = screening.groups.map((group): Group => {
    const loop = loopOf(group.cells)?.id;
    // One independent process takes about as long as the event loop.
    const loopMs = loop === undefined ? undefined : calibrated?.[loop]?.batchMs;
    const { isRace: _ofTheScreening, selectBy: _too, ...kept } = group;
    const cells = group.cells.filter(({ id }) => [...finalists, group.baseline, loop].includes(id));
    return {
      ...kept,
      workload: { ...group.workload, tasks, tasksAreFixed: true },
      cells,
      blocks: orderBlocks(cells, blocks, rounds, screening.seed),
      upperBoundLanes: group.workload.bound === 'cpu' ? (request.upperBoundLanes ?? [cores]) : [],
      // No choice rests on it, so it has as many blocks as a CI needs.
      upperBoundBlocks: blocksNeeded(1),
      upperBoundRounds: Math.ceil(MEASURED_MS / (loopMs ?? batchMs)),
      ...(calibrated && { calibrated }),
    };
  });
  return { ...screening, options, groups };
}

function roundsFor(batchMs: number, { rounds: asked, options: { rounds } }: NamedTuning['request']): number {
  return asked ?? Math.min(Math.max(rounds, Math.ceil(MEASURED_MS / batchMs)), MOST_TIMES_THE_ROUNDS * rounds);
}

/** Requested pool sizes; otherwise powers of two, the number of CPUs and the limit. */
function sizesOf(
  bound: Bound,
  { poolSizes, goal: { maxPoolSize } }: NamedTuning,
  { cores }: Machine,
): readonly number[] {
  const most =
    maxPoolSize ??
    (poolSizes === undefined ? Math.min(LANES_PER_CORE[bound] * cores, LARGEST_UNASKED) : Number.POSITIVE_INFINITY);
  if (poolSizes !== undefined) return poolSizes.filter((size) => size <= most);
  let step = 2;
  for (;;) {
    const sizes = new Set([Math.min(cores, most), most]);
    for (let size = 1; size <= most; size *= step) sizes.add(size);
    if (sizes.size <= MOST_SIZES) return [...sizes].toSorted((a, b) => a - b);
    step *= 2;
  }
}

/** Concurrency: one; several, to hide dispatch or fill waits; all. */
const POOL_IN_FLIGHT: Readonly<Record<Bound, readonly Concurrency[]>> = {
  cpu: [1, 4, 'all'],
  io: [1, 8, 'all'],
  mixed: [1, 8, 'all'],
};
const LOOP_IN_FLIGHT: Readonly<Record<Bound, readonly Concurrency[]>> = {
  cpu: [1, 'all'],
  io: [1, 8, 'all'],
  mixed: [1, 8, 'all'],
};

function gridOf(
  workload: Workload,
  poolSizes: readonly number[],
  { request, uvThreads }: NamedTuning,
  { ownStrategies: own, uvThreads: inherited }: Machine,
): readonly Configuration[] {
  const { bound, tasks, tasksAreFixed, taskMs = 0 } = workload;
  const { strategies } = request;
  // Limited to as many tasks as a batch has, a configuration would be the same program as without a limit.
  const mayBeMore = !tasksAreFixed && taskMs < NEVER_SHORT_MS;
  const isLess = (limit: Concurrency): boolean => limit === 'all' || mayBeMore || limit < tasks;
  const configurations = configurationsOf(workload, {
    strategies,
    poolSizes,
    concurrency: request.concurrency ?? POOL_IN_FLIGHT[bound].filter(isLess),
    loopConcurrency: LOOP_IN_FLIGHT[bound].filter(isLess),
    poolSizesAreGiven: true,
    own,
  });
  if (uvThreads !== undefined)
    return uvThreads.flatMap((threads) =>
      configurations.map((configuration) => ({ uvThreads: threads, ...configuration })),
    );
  const loop = configurations.find(({ strategy, concurrency }) => strategy === REFERENCE && concurrency === 'all');
  return loop === undefined ||
    !strategies.some((asked) => writtenStrategy(asked) === REFERENCE) ||
    (inherited ?? 0) >= LARGER_UV_POOL
    ? configurations
    : [...configurations, { ...loop, uvThreads: LARGER_UV_POOL }];
}

function severalWorkloads([asked = '']: readonly string[]): LanewiseError {
  return new LanewiseError(
    'usage',
    `Invalid workload "${asked}": it stands for several, and tune takes one, for example lanewise tune primes.`,
  );
}

function distinct(configurations: readonly Configuration[]): readonly Configuration[] {
  return [...new Map(configurations.map((configuration) => [configurationId(configuration), configuration])).values()];
}

/** The current configuration; without one, the event loop, where everybody starts. */
function baselineOf(cells: readonly PlannedCell[], current: Configuration | undefined): string {
  const present = current && cells.find((cell) => configurationId(cell) === configurationId(current));
  return (present ?? loopOf(cells) ?? cells[0])?.id ?? '';
}

function loopOf(cells: readonly PlannedCell[]): PlannedCell | undefined {
  const loops = cells.filter(({ strategy }) => strategy === REFERENCE);
  return loops.find(({ concurrency }) => concurrency === 'all') ?? loops[0];
}

/** The workload's own number of tasks, doubled until every worker has several, or fewer where they are long. */
function tasksFor({ tasks, tasksAreFixed, bound, taskMs }: Workload, lanes: number): number {
  if (tasksAreFixed) return tasks;
  let enough = tasks;
  while (enough < TASKS_PER_LANE * lanes) enough *= 2;
  return Math.max(tasks, fewerIfLong(enough, bound, taskMs, lanes));
}

function emptyGrid(name: string, { poolSizes, goal: { maxPoolSize } }: NamedTuning): LanewiseError {
  return new LanewiseError(
    'usage',
    poolSizes === undefined || maxPoolSize === undefined
      ? `Nothing to try for ${name}: give at least one --strategy.`
      : `Nothing to try for ${name}: no pool size of ${poolSizes.join(', ')} is within --max-pool-size ${maxPoolSize}.`,
  );
}
