import { familyOf, traitsOf, type Family, type StrategyOfCell, type StrategyTraits } from '../../model/strategies.ts';

/** How a strategy looks in every figure: a colour for where its tasks run, a sign that needs no colour. */
export interface Look extends Readonly<StrategyTraits['mark']> {
  /** A CSS variable of the page, which has a light and a dark value. */
  readonly color: `var(--${Family})`;
}

export function lookOf(way: StrategyOfCell): Look {
  return { color: `var(--${familyOf(way)})`, ...traitsOf(way).mark };
}

/** The channels of a dot for each of the cells. */
export const dotLook = {
  symbol: (way: StrategyOfCell): Look['symbol'] => lookOf(way).symbol,
  stroke: (way: StrategyOfCell): Look['color'] => lookOf(way).color,
  fill: (way: StrategyOfCell): string => (lookOf(way).isFilled ? lookOf(way).color : 'var(--surface)'),
};
