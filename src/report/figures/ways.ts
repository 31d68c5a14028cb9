import type { Cell, StrategyName } from '../../model.ts';

/** How a strategy looks in every figure: a colour for where its tasks run, a sign that needs no colour. */
export interface Look {
  /** A CSS variable of the page, which has a light and a dark value. */
  readonly color: 'var(--loop)' | 'var(--threads)' | 'var(--processes)';
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond';
  /** Without a pool, or in turn: hollow. */
  readonly isFilled: boolean;
}

export const LOOKS = {
  'event-loop': { color: 'var(--loop)', symbol: 'circle', isFilled: true },
  sequential: { color: 'var(--loop)', symbol: 'square', isFilled: false },
  'worker-threads': { color: 'var(--threads)', symbol: 'triangle', isFilled: true },
  'thread-per-task': { color: 'var(--threads)', symbol: 'triangle', isFilled: false },
  'child-processes': { color: 'var(--processes)', symbol: 'diamond', isFilled: true },
  'process-per-task': { color: 'var(--processes)', symbol: 'diamond', isFilled: false },
} as const satisfies Record<StrategyName, Look>;

/** Where its tasks run, as the page names colours, patterns and signs: `loop`, `threads`, `processes`. */
export function familyOf(strategy: StrategyName): string {
  return LOOKS[strategy].color.slice('var(--'.length, -1);
}

/** The channels of a dot for each of the cells. */
export const dotLook = {
  symbol: ({ strategy }: Pick<Cell, 'strategy'>): Look['symbol'] => LOOKS[strategy].symbol,
  stroke: ({ strategy }: Pick<Cell, 'strategy'>): Look['color'] => LOOKS[strategy].color,
  fill: ({ strategy }: Pick<Cell, 'strategy'>): string =>
    LOOKS[strategy].isFilled ? LOOKS[strategy].color : 'var(--surface)',
};
