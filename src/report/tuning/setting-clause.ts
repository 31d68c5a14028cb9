import type { Cell, MeasuredCell, TuningGoal } from '../../model/results.ts';
import { REFERENCE } from '../../model/strategies.ts';
import { isFaster } from '../../stats/compare.ts';
import type { Decision } from '../../stats/decision.ts';
import { comparisonOf, type ReportGroup, type Tuned } from '../../stats/groups.ts';
import { configurationName, isMany, speedPhrase, withPreposition } from '../names.ts';
import { loopDelayText, memoryText, p99Text, plural, threeDigits } from '../numbers.ts';

type Setting = Pick<Extract<Decision, { kind: 'setting' }>, 'choice' | 'tuned'>;

/** The clause of a headline: `use 2 worker threads, 4 tasks at once each: 1.82× as fast as the event loop`. */
export function settingClause(group: ReportGroup, { choice, tuned }: Setting): string {
  return `${verb(choice, tuned)}${gain(choice, group, tuned.goal)}`;
}

/** The recommendation. */
function verb(choice: Cell, { tuning }: Tuned): string {
  const isKept = tuning.current === choice.id;
  if (isKept && choice.strategy === REFERENCE) return `stay ${withPreposition(choice)}`;
  return `${isKept ? 'keep' : 'use'} ${configurationName(choice)}`;
}

/** The gain over the baseline. */
function gain(choice: MeasuredCell, group: ReportGroup, goal: TuningGoal): string {
  const { baseline } = group;
  const comparison = comparisonOf(choice, group);
  if (baseline === undefined || comparison === undefined) {
    const isSure = group.comparisons.some((one) => isFaster(one, group.minEffect));
    return isSure ? ': nothing is better by enough' : ': nothing is significantly better';
  }
  const speed = speedPhrase(comparison, baseline);
  if (goal.for === 'throughput' || baseline.status !== 'ok')
    return comparison.verdict === 'inconclusive' ? `: ${speed}, which is not significant` : `: ${speed}`;
  const { name, read } = AIMS[goal.for];
  return `: ${name} ${read(choice)} (${configurationName(baseline)} ${read(baseline)}), ${speed}`;
}

/** Goals other than throughput. */
const AIMS = {
  latency: { name: 'task latency p99', read: p99Text },
  responsiveness: { name: 'event-loop delay p99', read: loopDelayText },
  memory: { name: 'memory', read: memoryText },
} as const satisfies Record<
  Exclude<TuningGoal['for'], 'throughput'>,
  { readonly name: string; readonly read: (cell: MeasuredCell) => string }
>;

/** The reason why there is no recommendation. */
export function noSettingClause({
  reason,
  tuned: { goal },
}: Pick<Extract<Decision, { kind: 'no-setting' }>, 'reason' | 'tuned'>): string {
  switch (reason.kind) {
    case 'none-measured':
      return 'no configuration could be measured';
    case 'over-limits': {
      const { least } = reason;
      const most = goal.maxMemoryMiB === null ? [] : [`${threeDigits(goal.maxMemoryMiB)} MiB`];
      // The limit that would be needed.
      const wanted = most.length === 0 ? '' : `; the smallest needs ${memoryText(least)} (${configurationName(least)})`;
      return `no configuration fits in ${[...most, `at most ${plural(goal.maxPoolSize, 'worker')}`].join(' with ')}${wanted}`;
    }
    case 'only-one':
      return `nothing to choose from: only ${configurationName(reason.cell)} ${isMany(reason.cell) ? 'were' : 'was'} measured`;
    case 'too-few-blocks':
      return 'no verdict yet: too little was measured to tell the candidates apart';
    case 'interrupted':
      return 'no verdict: interrupted';
    default:
      return reason satisfies never;
  }
}
