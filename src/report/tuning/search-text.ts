import type { Tuning } from '../../model/results.ts';
import type { Tuned } from '../../stats/groups.ts';
import { capital, configurationName } from '../names.ts';
import { duration, listed, percent, plural } from '../numbers.ts';

/** How the configuration was found. @param isComplete false: interrupted */
export function searchLine({ tuning, goal }: Tuned, isComplete: boolean): string {
  const screened = `${plural(tuning.screened, 'candidate')} screened in ${duration(tuning.screeningMs)}`;
  const { length } = tuning.finalists;
  const confirmed =
    length === 0
      ? ''
      : `, ${plural(length, 'finalist')} ${isComplete ? 'measured again in' : 'to measure again, interrupted after'} ${duration(tuning.durationMs - tuning.screeningMs)}`;
  const aim =
    goal.for === 'throughput'
      ? 'for throughput'
      : `for ${goal.for}, with at least ${percent(goal.minThroughput)} of the best throughput`;
  return `Tuned ${aim}: ${screened}${confirmed}.`;
}

const MOST_NAMED = 6;

const WHY_NOT = {
  failed: 'failed',
  memory: 'needs more memory than allowed',
  'pool-size': 'has more workers than allowed',
} as const satisfies Record<Tuning['leftOut'][number]['because'], string>;

/** Candidates that could not be chosen, by reason. */
export function leftOutLines({ tuning, screened }: Tuned): readonly string[] {
  return Object.entries(WHY_NOT).flatMap(([reason, words]) => {
    const ids = tuning.leftOut
      .filter(({ because }) => because === reason)
      .flatMap(({ cell }) => screened.filter(({ id }) => id === cell).map(configurationName));
    return ids.length === 0 ? [] : [`${capital(words)}: ${listed(ids, MOST_NAMED)}.`];
  });
}
