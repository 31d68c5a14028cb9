import type { LoadResults, LoadWorkload } from '../../model/load.ts';
import { configurationName, isMany } from '../names.ts';
import { ms, percent, threeDigits } from '../numbers.ts';

/** More configurations are in the table. */
const MOST_NAMED = 3;
/** A queue beyond the capacity grows without end, so such a rate is held only for as long as a window is. */
const BEYOND =
  ' More than 100% holds for a short time only, or what is done at once was measured too low: a longer --window shows which.';
const ENGLISH = new Intl.ListFormat('en');

/**
 * Says how long one task takes alone, and how many are done when all are there at once. That is the rate which a load test
 * with a fixed number of clients finds, so the rate held is shown as a share of it.
 */
export function aloneSentences({ name, aloneMs, capacity }: LoadWorkload, { cells, held = [] }: LoadResults): string {
  const alone = `A task that meets no other takes ${ms(aloneMs)}`;
  const known = held.flatMap(({ workload, cell: id, kind, rate, isDriverLimited }) => {
    const cell = cells.find((one) => one.id === id);
    return workload === name &&
      kind === 'at' &&
      rate !== null &&
      isDriverLimited !== true &&
      cell?.capacity !== undefined
      ? [{ cell, capacity: cell.capacity, share: rate.estimate / cell.capacity }]
      : [];
  });
  if (known.length === 0) {
    const baseline = cells.find((cell) => cell.capacity === capacity);
    const who =
      baseline === undefined
        ? 'the baseline does'
        : `${configurationName(baseline)} ${isMany(baseline) ? 'do' : 'does'}`;
    return `${alone}; ${who} ${threeDigits(capacity)} a second when all are there at once.`;
  }
  const named = known.slice(0, MOST_NAMED);
  const reached = named.map(({ cell, capacity: perSecond }, index) => {
    const verb = index > 0 ? '' : isMany(cell) ? 'reach ' : 'reaches ';
    return `${configurationName(cell)} ${verb}${threeDigits(perSecond)}${index === 0 ? ' a second' : ''}`;
  });
  const shares = named.map(({ share }) => percent(share));
  return `${alone}. With all tasks there at once, as in a closed load test, ${ENGLISH.format(reached)}. When tasks arrive by themselves, ${ENGLISH.format(shares)} of that can be held.${named.some(({ share }) => share > 1) ? BEYOND : ''}`;
}
