import type { Objective, Window } from '../../model/load.ts';
import { byBlock } from '../groups.ts';
import { heldRate, pointOf, type RatePoint } from './held-rate.ts';
import { BEYOND, difference, type Bounded } from './open-estimate.ts';

/** The rate that holds the objective in one block, as a logarithm. */
export interface BlockRate extends Bounded {
  readonly block: number;
}

/** The rate that a configuration held in each of its blocks: from all windows of the block. */
export function heldByBlock(windows: readonly Window[], objective: Objective): readonly BlockRate[] {
  const counted = windows.filter(({ phase }) => phase === undefined);
  return byBlock(counted).flatMap((own): BlockRate[] => {
    const points = pointsOf(own, objective);
    if (points.length === 0) return [];
    const { kind, rate } = heldRate(points, objective.ms);
    const at = Math.log(rate);
    return [
      {
        block: own[0]?.block ?? 0,
        at,
        lo: kind === 'below' ? -BEYOND : at,
        hi: kind === 'above' ? BEYOND : at,
      },
    ];
  });
}

/** One point for each rate: the mean of its windows. */
function pointsOf(windows: readonly Window[], objective: Objective): readonly RatePoint[] {
  const points = windows.flatMap((window) => pointOf(window, objective) ?? []);
  return [...new Set(points.map(({ rate }) => rate))].map((rate) => {
    const own = points.filter((point) => point.rate === rate);
    return { rate, logMs: own.reduce((sum, { logMs }) => sum + logMs, 0) / own.length };
  });
}

/** How much more a configuration holds than the baseline, in every block in which both were measured. */
export function heldDifferences(baseline: readonly BlockRate[], contender: readonly BlockRate[]): readonly Bounded[] {
  const other = new Map(baseline.map((rate) => [rate.block, rate]));
  return contender.flatMap((rate) => {
    const own = other.get(rate.block);
    return own === undefined ? [] : [difference(rate, own)];
  });
}
