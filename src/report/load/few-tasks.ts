/** Facts about the objective's quantile that its number alone does not show. */
import { pilingUpMs, probabilityOf } from '../../model/arrivals.ts';
import type { LoadResults, LoadWorkload, MeasuredLoadCell } from '../../model/load.ts';
import { configurationName } from '../names.ts';
import { listed, percent, plural, threeDigits } from '../numbers.ts';

/** Where a window counts so few tasks that less than one of them is slower than the quantile; undefined elsewhere. */
export function fewTasksSentence(
  { requests, settling, leastWindowMs }: Pick<LoadResults['options'], 'requests' | 'settling' | 'leastWindowMs'>,
  { objective }: Pick<LoadWorkload, 'objective'>,
): string | undefined {
  const counted = requests - settling;
  // With so many, one is slower.
  const least = 1 + 1 / (1 - probabilityOf(objective));
  if (counted >= least) return undefined;
  const asked = Math.ceil((least * requests) / counted);
  const more = leastWindowMs === undefined ? '' : ' (at high rates more)';
  return `A window counts ${plural(counted, 'task')}${more}, so its ${objective.quantile} lies between the two slowest of them and varies much. From --window ${asked} on, at least one counted task is slower than it.`;
}

/** Where a window at a given rate may end before a queue has grown; undefined elsewhere. */
export function shortWindowSentence(
  { requests, leastWindowMs }: Pick<LoadResults['options'], 'requests' | 'leastWindowMs'>,
  { objective, rates }: Pick<LoadWorkload, 'objective' | 'rates'>,
): string | undefined {
  const fastest = Math.max(...rates);
  const lastsMs = (requests / fastest) * 1000;
  if (leastWindowMs !== undefined || lastsMs >= pilingUpMs(objective)) return undefined;
  return `At ${threeDigits(fastest)} tasks a second a window lasts ${threeDigits(lastsMs)} ms, less than ten objectives: it may end before a queue has grown, and latencies in a longer one (--window) may be higher.`;
}

const MOST_NAMED = 3;

/** Where a typical window keeps the objective, and more tasks miss it than may; undefined where none does. */
export function missedSentence(
  rate: number,
  cells: readonly MeasuredLoadCell[],
  { objective }: Pick<LoadWorkload, 'objective'>,
): string | undefined {
  const most = 1 - probabilityOf(objective);
  const missing = cells.flatMap((cell) => {
    const found = cell.rates.find((one) => one.rate === rate);
    return found?.holds === 'yes' && found.missShare > most
      ? [`${configurationName(cell)} (${percent(found.missShare)})`]
      : [];
  });
  if (missing.length === 0) return undefined;
  return `Holds in a typical window, yet more than ${percent(most)} of all tasks missed it, since some windows are much slower: ${listed(missing, MOST_NAMED)}.`;
}
