/** The CPU time of a task of twins under load: are hosts warm, and are windows at one moment alike? */
import { LEVEL } from '../../../src/model/evidence.ts';
import { driftOf } from '../../../src/stats/doubts.ts';
import { byBlock } from '../../../src/stats/groups.ts';
import { inTurns, relativeCosts } from '../../../src/stats/load/doubts-of-load.ts';
import { mean } from '../../../src/stats/quantile.ts';
import type { TwinsRecord } from './held-twins.ts';

/** Windows apart in a block. */
const FAR = 16;

export const COST_TABLE = [
  'machine',
  'strategy',
  'CPUs left free',
  'last window of a block over its first',
  'correlation with the next window of another twin',
  `with one ${FAR} or more later`,
] as const;

/** Shows how the CPU time of a task changes within a block, as where hosts are not warm, and from moment to moment. */
export function costRow({ way, strategy, freeCpus, twins }: TwinsRecord): readonly string[] {
  const drifts = twins.flatMap((windows) => driftOf(inTurns(windows), LEVEL)?.estimate ?? []);
  const range = [Math.min(...drifts), Math.max(...drifts)].map((drift) => Math.exp(drift).toFixed(2));
  return [
    way,
    strategy,
    freeCpus?.toFixed(2) ?? 'not measured',
    drifts.length === 0 ? 'too few blocks' : range.join('–'),
    likeness(twins, 1, 1),
    likeness(twins, FAR),
  ];
}

/** Correlation of the costs of two twins in windows that are so far apart in a block. */
function likeness(twins: TwinsRecord['twins'], least: number, most = Infinity): string {
  const costs = twins.flatMap((windows, twin) => relativeCosts(windows).map((cost) => ({ ...cost, twin })));
  const pairs = byBlock(costs).flatMap((own) =>
    own.flatMap((one) =>
      own.flatMap((other) => {
        const distance = other.position - one.position;
        const isPair = one.round === other.round && one.twin !== other.twin && distance >= least && distance <= most;
        return isPair ? [one.cost * other.cost] : [];
      }),
    ),
  );
  const variance = mean(costs.map(({ cost }) => cost ** 2));
  return pairs.length === 0 ? '' : (mean(pairs) / variance).toFixed(2);
}
