import type { Bound, LaneId } from '../../workers/contract.ts';
import type { PlannedCell } from './plan.ts';
import type { Concurrency } from './results.ts';

/** Where tasks run, as in results and figures. */
export type Family = 'loop' | 'threads' | 'processes';

const FAMILIES = { main: 'loop', thread: 'threads', process: 'processes' } as const satisfies Record<
  LaneId['kind'],
  Family
>;

/** Facts about a strategy, known without loading its code, which only a host does. */
export interface StrategyTraits {
  readonly description: string;
  /** Where its tasks run. */
  readonly laneKind: LaneId['kind'];
  /** `one`: the main thread; `pool`: workers that are kept; `per-task`: the pool size limits how many are alive. */
  readonly lanes: 'one' | 'pool' | 'per-task';
  /** Default concurrency of a worker; undefined: always 1. */
  readonly defaultConcurrency: ((bound: Bound) => readonly Concurrency[]) | undefined;
  /** The concurrency that ids leave out: `event-loop` runs all tasks at once, `worker-threads@2` one in each thread. */
  readonly plainConcurrency: Concurrency;
  /** Whether ids of its cells contain the pool size. */
  readonly isSized: boolean;
  /** Whether `tune` includes it by default: only strategies that keep their workers and may gain something. */
  readonly isTuned: boolean;
  /** Whether other pool sizes can be predicted, which takes knowing what happens between two tasks of a worker. */
  readonly isSimulated: boolean;
  /** It needs a server, which a program must keep running: of tied configurations it comes last. */
  readonly needsServer?: true;
  /** Kind of code shown for it; undefined: none. */
  readonly program: 'loop' | 'piscina' | 'process-pool' | 'queue' | undefined;
  /** Words for sentences: a noun to count (`2 worker threads`), or a phrase (`the event loop`). */
  readonly wording: { readonly noun: readonly [one: string, many: string] } | { readonly phrase: string };
  /** Preposition before those words: work runs on it, or with it. */
  readonly preposition: 'on' | 'with';
  /** Mark in figures; the colour shows where tasks run. */
  readonly mark: {
    readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star';
    /** Hollow: without a pool, or one task at a time. */
    readonly isFilled: boolean;
  };
}

// A waiting task leaves its worker free, so for work that waits, a pool is also measured with all tasks in flight.
const inPool = (bound: Bound): readonly Concurrency[] => (bound === 'cpu' ? [1] : [1, 'all']);
const allAtOnce = (): readonly Concurrency[] => ['all'];

const ON_MAIN_LOOP = {
  laneKind: 'main',
  lanes: 'one',
  isSized: false,
  isSimulated: false,
  program: 'loop',
} as const satisfies Partial<StrategyTraits>;

const POOL = {
  lanes: 'pool',
  defaultConcurrency: inPool,
  plainConcurrency: 1,
  isSized: true,
  isTuned: true,
  isSimulated: true,
  preposition: 'with',
} as const satisfies Partial<StrategyTraits>;

const PER_TASK = {
  lanes: 'per-task',
  defaultConcurrency: undefined,
  plainConcurrency: 1,
  isSized: true,
  isTuned: false,
  isSimulated: false,
  preposition: 'with',
} as const satisfies Partial<StrategyTraits>;

/** Built-in strategies, in display order. Each runs its batches in a file of `src/lanes/`. */
const TABLE = {
  sequential: {
    ...ON_MAIN_LOOP,
    description: 'one task after the other on the main loop, each awaited',
    defaultConcurrency: undefined,
    plainConcurrency: 1,
    isTuned: false,
    wording: { phrase: 'sequential execution' },
    preposition: 'with',
    mark: { symbol: 'square', isFilled: false },
  },
  'event-loop': {
    ...ON_MAIN_LOOP,
    description: 'all tasks at once on the main loop, taking turns (coroutines)',
    defaultConcurrency: allAtOnce,
    plainConcurrency: 'all',
    isTuned: true,
    wording: { phrase: 'the event loop' },
    preposition: 'on',
    mark: { symbol: 'circle', isFilled: true },
  },
  'worker-threads': {
    ...POOL,
    description: 'a Piscina pool of worker threads',
    laneKind: 'thread',
    program: 'piscina',
    wording: { noun: ['worker thread', 'worker threads'] },
    mark: { symbol: 'triangle', isFilled: true },
  },
  'child-processes': {
    ...POOL,
    description: 'a pool of forked child processes',
    laneKind: 'process',
    program: 'process-pool',
    wording: { noun: ['child process', 'child processes'] },
    mark: { symbol: 'diamond', isFilled: true },
  },
  'thread-per-task': {
    ...PER_TASK,
    description: 'no pool: a worker thread started for every task',
    laneKind: 'thread',
    program: 'piscina',
    wording: { phrase: 'a new thread for every task' },
    mark: { symbol: 'triangle', isFilled: false },
  },
  'process-per-task': {
    ...PER_TASK,
    description: 'no pool: a child process started for every task',
    laneKind: 'process',
    program: 'process-pool',
    wording: { phrase: 'a new process for every task' },
    mark: { symbol: 'diamond', isFilled: false },
  },
} as const satisfies Readonly<Record<string, StrategyTraits>>;

/** Strategies of `load` over HTTP only: their workers accept requests themselves, so they run no batch that compares. */
const SERVERS = {
  cluster: {
    ...POOL,
    description: 'load only: a cluster of processes, each a server on its own event loop',
    laneKind: 'process',
    defaultConcurrency: allAtOnce,
    plainConcurrency: 'all',
    isTuned: false,
    isSimulated: false,
    program: undefined,
    wording: { noun: ['cluster worker', 'cluster workers'] },
    mark: { symbol: 'square', isFilled: true },
  },
} as const satisfies Readonly<Record<string, StrategyTraits>>;

/** Strategies that need packages and a server that users install: measured only where they are asked for. */
const QUEUES = {
  bullmq: {
    ...POOL,
    description: 'a BullMQ queue, whose workers are child processes; starts a Redis, Valkey or PostgreSQL server',
    laneKind: 'process',
    isTuned: false,
    isSimulated: false,
    needsServer: true,
    program: 'queue',
    wording: { noun: ['BullMQ worker', 'BullMQ workers'] },
    mark: { symbol: 'star', isFilled: false },
  },
} as const satisfies Readonly<Record<string, StrategyTraits>>;

const ALL = { ...TABLE, ...QUEUES, ...SERVERS };

/** Names of the servers of queues as their makers write them. */
export const QUEUE_SERVERS = { redis: 'Redis', valkey: 'Valkey', postgres: 'PostgreSQL' } as const;

/** Those that are measured by default. */
export const STRATEGY_NAMES = namesIn(TABLE);
export const QUEUE_STRATEGY_NAMES = namesIn(QUEUES);
export const SERVER_STRATEGY_NAMES = namesIn(SERVERS);
/** Names that a request may have. */
export const KNOWN_STRATEGY_NAMES = namesIn(ALL);

/** Built-in strategies that are measured by default, described by `lanewise list`. */
export type BuiltInStrategy = (typeof STRATEGY_NAMES)[number];

export type QueueStrategy = (typeof QUEUE_STRATEGY_NAMES)[number];

export type ServerStrategy = (typeof SERVER_STRATEGY_NAMES)[number];

/** Whether its workers are servers, each with connections of its own. */
export function hasServers({ strategy }: StrategyOfCell): boolean {
  return Object.hasOwn(SERVERS, strategy);
}

function namesIn<Name extends string>(table: Readonly<Record<Name, StrategyTraits>>): readonly Name[] {
  return Object.keys(table) as Name[];
}

function isBuiltIn(strategy: string): strategy is BuiltInStrategy | QueueStrategy | ServerStrategy {
  return Object.hasOwn(ALL, strategy);
}

/** Built-in strategies with a trait, in display order. */
export function strategiesWith(has: (traits: StrategyTraits) => boolean): readonly (BuiltInStrategy | QueueStrategy)[] {
  return [...STRATEGY_NAMES, ...QUEUE_STRATEGY_NAMES].filter((name) => has(ALL[name]));
}

/** The default baseline, where everybody starts. */
export const REFERENCE = 'event-loop' satisfies BuiltInStrategy;

/** Neither concurrent nor parallel: the same program as the event loop, if no task waits. */
export const ONE_BY_ONE = 'sequential' satisfies BuiltInStrategy;

/** The strategy of a cell: its name and, for a custom one, its declarations. */
export type StrategyOfCell = Pick<PlannedCell, 'strategy' | 'laneKind' | 'keepsLanes'>;

/** Facts about a built-in or custom strategy. */
export function traitsOf({ strategy, laneKind = 'process', keepsLanes = true }: StrategyOfCell): StrategyTraits {
  if (isBuiltIn(strategy)) return ALL[strategy];
  const own = {
    description: 'a strategy of yours',
    laneKind,
    isTuned: false,
    isSimulated: false,
    program: undefined,
    mark: { symbol: 'star', isFilled: true },
  } as const;
  const wording = { noun: [`lane of ${strategy}`, `lanes of ${strategy}`] } as const;
  if (laneKind === 'main')
    return { ...POOL, ...own, lanes: 'one', defaultConcurrency: allAtOnce, wording: { phrase: strategy } };
  return keepsLanes ? { ...POOL, ...own, wording } : { ...PER_TASK, ...own, wording };
}

/** Workers beside the main thread. */
export function extraLanes(cell: StrategyOfCell & Pick<PlannedCell, 'poolSize'>): number {
  return traitsOf(cell).laneKind === 'main' ? 0 : cell.poolSize;
}

/** Where the tasks of a cell run. */
export function familyOf(cell: StrategyOfCell): Family {
  return FAMILIES[traitsOf(cell).laneKind];
}
