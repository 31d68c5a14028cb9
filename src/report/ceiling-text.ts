import type { ReportGroup } from '../stats/groups.ts';
import { shortId, wayName } from './names.ts';
import { percent, plural, ratio } from './numbers.ts';

/** What the machine can give at most, and how much of it the best way reaches; undefined where it was not measured. */
export function ceilingSentence({ ceiling, cells }: ReportGroup): string | undefined {
  if (ceiling === undefined) return undefined;
  const { lanes, speedup, share } = ceiling;
  const [best, baseline] = [ceiling.best, ceiling.baseline].map((id) => cells.find((cell) => cell.id === id));
  if (best === undefined || baseline === undefined) return undefined;
  return `What this machine can give: ${plural(lanes, 'plain process', 'plain processes')} to which nothing is handed over ${lanes === 1 ? 'does' : 'do'} the same work ${ratio(speedup.estimate)} times as fast as ${wayName(baseline)} (${percent(speedup.level)} interval ${ratio(speedup.lo)} to ${ratio(speedup.hi)}); ${shortId(best)} reaches ${percent(share.estimate)} of that (${percent(share.lo)} to ${percent(share.hi)}).`;
}
