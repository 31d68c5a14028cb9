import type { BuiltInStrategy, Cell } from '../../model/results.ts';

/** How a strategy looks in every figure: a colour for where its tasks run, a sign that needs no colour. */
export interface Look {
  /** A CSS variable of the page, which has a light and a dark value. */
  readonly color: 'var(--loop)' | 'var(--threads)' | 'var(--processes)';
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star';
  /** Without a pool, or in turn: hollow. */
  readonly isFilled: boolean;
}

const LOOKS: Readonly<Record<BuiltInStrategy, Look>> = {
  'event-loop': { color: 'var(--loop)', symbol: 'circle', isFilled: true },
  sequential: { color: 'var(--loop)', symbol: 'square', isFilled: false },
  'worker-threads': { color: 'var(--threads)', symbol: 'triangle', isFilled: true },
  'thread-per-task': { color: 'var(--threads)', symbol: 'triangle', isFilled: false },
  'child-processes': { color: 'var(--processes)', symbol: 'diamond', isFilled: true },
  'process-per-task': { color: 'var(--processes)', symbol: 'diamond', isFilled: false },
};

type Way = Pick<Cell, 'strategy' | 'laneKind'>;

/** One of the user's has a sign that no other has, and the colour of where its tasks run. */
export function lookOf({ strategy, laneKind }: Way): Look {
  if (laneKind === undefined && isBuiltIn(strategy)) return LOOKS[strategy];
  const color = laneKind === 'main' ? 'var(--loop)' : laneKind === 'thread' ? 'var(--threads)' : 'var(--processes)';
  return { color, symbol: 'star', isFilled: true };
}

function isBuiltIn(strategy: string): strategy is BuiltInStrategy {
  return Object.hasOwn(LOOKS, strategy);
}

/** Where its tasks run, as the page names colours, patterns and signs: `loop`, `threads`, `processes`. */
export function familyOf(way: Way): string {
  return lookOf(way).color.slice('var(--'.length, -1);
}

/** The channels of a dot for each of the cells. */
export const dotLook = {
  symbol: (way: Way): Look['symbol'] => lookOf(way).symbol,
  stroke: (way: Way): Look['color'] => lookOf(way).color,
  fill: (way: Way): string => (lookOf(way).isFilled ? lookOf(way).color : 'var(--surface)'),
};
