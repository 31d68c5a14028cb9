import type { TaughtConfiguration } from '../../model/lessons.ts';
import type { StrategyName } from '../../model/results.ts';
import { traitsOf, type StrategyTraits } from '../../model/strategies.ts';

/** Configuration that a lesson runs on. */
export type Ran = Pick<TaughtConfiguration, 'strategy' | 'poolSize' | 'concurrency'>;

/** Names workers by their kind, and by their number where there may be several. */
export function laneNames(
  kinds: Readonly<Record<StrategyTraits['laneKind'], string>>,
): (strategy: StrategyName, lane: number) => string {
  return (strategy, lane) => {
    const { laneKind, lanes } = traitsOf({ strategy });
    return lanes === 'one' ? kinds[laneKind] : `${kinds[laneKind]} ${lane + 1}`;
  };
}
