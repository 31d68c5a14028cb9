import type { Results } from '../model.ts';
import { byKey, keyOf } from './groups.ts';
import { duration, plural } from './numbers.ts';

/** Of a run that was interrupted, killed or out of time. */
export const CUT_OFF = 'Cut off before its end: this is what was measured until then.';

/** How long it took; of a run that was gone on with, without the time between. */
export function timeText({ durationMs, resumedAt = [] }: Pick<Results, 'durationMs' | 'resumedAt'>): string {
  return resumedAt.length === 0 ? duration(durationMs) : `${duration(durationMs)} in ${resumedAt.length + 1} parts`;
}

/** How many blocks and rounds were measured: of a run that may end before the last look, at which numbers of blocks it looked. */
export function evidenceText(results: Pick<Results, 'cells' | 'complete' | 'options' | 'workloads'>): string {
  const { blocks, rounds, looks } = results.options;
  const measured = measuredBlocks(results);
  const of = plural(rounds, 'round');
  if (looks !== undefined)
    return `until decided, looked at after ${looks.join(', ')} blocks, of ${of}: ${measured} measured`;
  return results.complete
    ? `${plural(blocks, 'block')} of ${of}`
    : `${measured} of ${plural(blocks, 'block')} of ${of}`;
}

/** `10`, or `8 to 10` where workloads differ. */
function measuredBlocks({ cells, workloads }: Pick<Results, 'cells' | 'workloads'>): string {
  const cellsOf = byKey(cells);
  const counts = workloads.map(({ name, params }) => {
    const all = cellsOf.get(keyOf({ workload: name, params })) ?? [];
    const own = all.filter(({ phase }) => phase === undefined);
    return new Set(own.flatMap(({ samples }) => samples.map(({ block }) => block))).size;
  });
  const least = counts.reduce((fewest, count) => Math.min(fewest, count), counts[0] ?? 0);
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  return least === most ? String(most) : `${least} to ${most}`;
}
