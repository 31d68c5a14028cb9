/** Pairs of twins, compared as in a run of just the two. */
import { LEVEL } from '../../src/model/evidence.ts';
import { blockDifferences, contrast, type Contrast } from '../../src/stats/compare.ts';
import type { EvidenceRecord } from './tabulate-verdicts.ts';
import { PAIRS } from './twins.ts';

type Pairs = Pick<EvidenceRecord, 'twins' | 'walls'>;

/** ln(speedup) of each block, of each pair whose second twin has more work by that factor. */
export function differencesIn({ twins, walls }: Pairs, slowdown: number): readonly (readonly number[])[] {
  return PAIRS[twins]
    .filter((pair) => pair.slowdown === slowdown)
    .map(({ twins: [first, second] }) => blockDifferences(walls[first - 1] ?? [], walls[second - 1] ?? []));
}

export function contrastsIn({ twins, walls }: Pairs, slowdown: number): readonly Contrast[] {
  return PAIRS[twins]
    .filter((pair) => pair.slowdown === slowdown)
    .flatMap(({ twins: [first, second] }) => contrast(walls[first - 1] ?? [], walls[second - 1] ?? [], LEVEL) ?? []);
}

interface Effect {
  readonly slowdown: number;
  readonly found: Contrast;
}

/** All pairs of the twins with several known effects. */
export function effectsIn(records: readonly EvidenceRecord[]): readonly Effect[] {
  return records
    .filter(({ twins }) => twins === 'effects')
    .flatMap((record) =>
      PAIRS.effects.flatMap(({ slowdown }) => contrastsIn(record, slowdown).map((found) => ({ slowdown, found }))),
    );
}
