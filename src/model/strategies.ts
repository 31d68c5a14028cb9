import type { Bound } from '../../workers/contract.ts';
import { LanewiseError } from './errors.ts';
import type { OwnStrategy } from './plan.ts';
import type { BuiltInStrategy, InFlight, StrategyName } from './results.ts';

/** What the planner must know of a strategy; its code is only ever loaded in a host. */
export interface StrategyTraits {
  readonly description: string;
  /** `one`: the main loop; `pool`: lanes that are kept; `per-task`: the pool size is how many are alive at once. */
  readonly lanes: 'one' | 'pool' | 'per-task';
  /** How many tasks one lane has under way at once, unless the user says otherwise; undefined: it has one, always. */
  readonly defaultInFlight: ((bound: Bound) => readonly InFlight[]) | undefined;
}

// A waiting task leaves its lane free for others, so where tasks wait, a pool is also tried with all of them in flight.
const inPool = (bound: Bound): readonly InFlight[] => (bound === 'cpu' ? [1] : [1, 'all']);

const TRAITS: Readonly<Record<BuiltInStrategy, StrategyTraits>> = {
  sequential: {
    description: 'one task after the other on the main loop, each awaited',
    lanes: 'one',
    defaultInFlight: undefined,
  },
  'event-loop': {
    description: 'all tasks at once on the main loop, taking turns (coroutines)',
    lanes: 'one',
    defaultInFlight: () => ['all'],
  },
  'worker-threads': {
    description: 'a Piscina pool of worker threads',
    lanes: 'pool',
    defaultInFlight: inPool,
  },
  'child-processes': {
    description: 'a pool of forked child processes',
    lanes: 'pool',
    defaultInFlight: inPool,
  },
  'thread-per-task': {
    description: 'no pool: a worker thread started for every task',
    lanes: 'per-task',
    defaultInFlight: undefined,
  },
  'process-per-task': {
    description: 'no pool: a child process started for every task',
    lanes: 'per-task',
    defaultInFlight: undefined,
  },
};

export const STRATEGY_NAMES = Object.keys(TRAITS) as readonly BuiltInStrategy[];

function isBuiltIn(strategy: StrategyName): strategy is BuiltInStrategy {
  return Object.hasOwn(TRAITS, strategy);
}

/** @param own what is known of those of the user's */
export function traitsOf(strategy: StrategyName, own: readonly OwnStrategy[] = []): StrategyTraits {
  if (isBuiltIn(strategy)) return TRAITS[strategy];
  const found = own.find(({ name }) => name === strategy);
  if (found === undefined) throw new LanewiseError('internal', `Nothing is known of the strategy ${strategy}.`);
  const { description = 'a strategy of yours', laneKind, keepsLanes } = found;
  if (laneKind === 'main') return { description, lanes: 'one', defaultInFlight: () => ['all'] };
  return keepsLanes
    ? { description, lanes: 'pool', defaultInFlight: inPool }
    : { description, lanes: 'per-task', defaultInFlight: undefined };
}
