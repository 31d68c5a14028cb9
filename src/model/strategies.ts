import type { Bound, LaneId } from '../../workers/contract.ts';
import type { PlannedCell } from './plan.ts';
import type { Concurrency } from './results.ts';

/** Where tasks run, as results and figures name it. */
export type Family = 'loop' | 'threads' | 'processes';

const FAMILIES = { main: 'loop', thread: 'threads', process: 'processes' } as const satisfies Record<
  LaneId['kind'],
  Family
>;

/** What there is to know of a strategy without loading its code, which only a host does. */
export interface StrategyTraits {
  readonly description: string;
  /** Where its tasks run. */
  readonly laneKind: LaneId['kind'];
  /** `one`: the main loop; `pool`: lanes that are kept; `per-task`: the pool size is how many are alive at once. */
  readonly lanes: 'one' | 'pool' | 'per-task';
  /** How many tasks one lane has under way at once, unless the user says otherwise; undefined: it has one, always. */
  readonly defaultConcurrency: ((bound: Bound) => readonly Concurrency[]) | undefined;
  /** So many are under way where a name says nothing of it: `event-loop` has all, `worker-threads@2` one in each thread. */
  readonly plainConcurrency: Concurrency;
  /** Whether its cells have the pool size in their names. */
  readonly isSized: boolean;
  /** Whether `tune` tries it unasked: who looks for a setting wants lanes that are kept, and something gained by them. */
  readonly isTuned: boolean;
  /** Whether pools of other sizes can be predicted: what happens between two tasks of a lane must be known. */
  readonly isSimulated: boolean;
  /** What a program that runs work in the same way is made of; undefined: no code is shown. */
  readonly program: 'loop' | 'piscina' | 'process-pool' | undefined;
  /** In a sentence: lanes that are counted (`2 worker threads`), or a phrase (`the event loop`). */
  readonly said: { readonly noun: readonly [one: string, many: string] } | { readonly phrase: string };
  /** Work is done on it, or with it. */
  readonly preposition: 'on' | 'with';
  /** Its mark in figures; the colour tells where tasks run. */
  readonly mark: {
    readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star';
    /** Without a pool, or in turn: hollow. */
    readonly isFilled: boolean;
  };
}

// A waiting task leaves its lane free for others, so where tasks wait, a pool is also tried with all of them in flight.
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

/** The strategies that ship, in the order in which they are shown. How each runs a batch is a file in `src/lanes/`. */
const TABLE = {
  sequential: {
    ...ON_MAIN_LOOP,
    description: 'one task after the other on the main loop, each awaited',
    defaultConcurrency: undefined,
    plainConcurrency: 1,
    isTuned: false,
    said: { phrase: 'one task after the other' },
    preposition: 'with',
    mark: { symbol: 'square', isFilled: false },
  },
  'event-loop': {
    ...ON_MAIN_LOOP,
    description: 'all tasks at once on the main loop, taking turns (coroutines)',
    defaultConcurrency: allAtOnce,
    plainConcurrency: 'all',
    isTuned: true,
    said: { phrase: 'the event loop' },
    preposition: 'on',
    mark: { symbol: 'circle', isFilled: true },
  },
  'worker-threads': {
    ...POOL,
    description: 'a Piscina pool of worker threads',
    laneKind: 'thread',
    program: 'piscina',
    said: { noun: ['worker thread', 'worker threads'] },
    mark: { symbol: 'triangle', isFilled: true },
  },
  'child-processes': {
    ...POOL,
    description: 'a pool of forked child processes',
    laneKind: 'process',
    program: 'process-pool',
    said: { noun: ['child process', 'child processes'] },
    mark: { symbol: 'diamond', isFilled: true },
  },
  'thread-per-task': {
    ...PER_TASK,
    description: 'no pool: a worker thread started for every task',
    laneKind: 'thread',
    program: 'piscina',
    said: { phrase: 'a new thread for every task' },
    mark: { symbol: 'triangle', isFilled: false },
  },
  'process-per-task': {
    ...PER_TASK,
    description: 'no pool: a child process started for every task',
    laneKind: 'process',
    program: 'process-pool',
    said: { phrase: 'a new process for every task' },
    mark: { symbol: 'diamond', isFilled: false },
  },
} as const satisfies Readonly<Record<string, StrategyTraits>>;

export const STRATEGY_NAMES = namesIn(TABLE);

/** The strategies that ship; `lanewise list` tells of each. */
export type BuiltInStrategy = (typeof STRATEGY_NAMES)[number];

function namesIn<Name extends string>(table: Readonly<Record<Name, StrategyTraits>>): readonly Name[] {
  return Object.keys(table) as Name[];
}

function isBuiltIn(strategy: string): strategy is BuiltInStrategy {
  return Object.hasOwn(TABLE, strategy);
}

/** The strategies that ship and have a trait, in their order. */
export function strategiesWith(has: (traits: StrategyTraits) => boolean): readonly BuiltInStrategy[] {
  return STRATEGY_NAMES.filter((name) => has(TABLE[name]));
}

/** Where everybody begins: what all is compared with unless the user says otherwise. */
export const REFERENCE = 'event-loop' satisfies BuiltInStrategy;

/** A strategy as cells tell of it: by name, with what one of the user's says of itself. */
export type StrategyOfCell = Pick<PlannedCell, 'strategy' | 'laneKind' | 'keepsLanes'>;

/** What there is to know of a strategy, whether it ships or is the user's. */
export function traitsOf({ strategy, laneKind = 'process', keepsLanes = true }: StrategyOfCell): StrategyTraits {
  if (isBuiltIn(strategy)) return TABLE[strategy];
  const own = {
    description: 'a strategy of yours',
    laneKind,
    isTuned: false,
    isSimulated: false,
    program: undefined,
    mark: { symbol: 'star', isFilled: true },
  } as const;
  const said = { noun: [`lane of ${strategy}`, `lanes of ${strategy}`] } as const;
  if (laneKind === 'main')
    return { ...POOL, ...own, lanes: 'one', defaultConcurrency: allAtOnce, said: { phrase: strategy } };
  return keepsLanes ? { ...POOL, ...own, said } : { ...PER_TASK, ...own, said };
}

/** Where the tasks of a cell run. */
export function familyOf(cell: StrategyOfCell): Family {
  return FAMILIES[traitsOf(cell).laneKind];
}
