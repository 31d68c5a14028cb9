import type { Cell, Comparison } from '../model/results.ts';
import { decide, givenUp, outcomeOf, versionCounts, type Decision, type Outcome } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { isMany, wayName, workName } from './names.ts';
import { confidence, plural, ratio } from './numbers.ts';
import { tradeOffClause } from './trade-off-text.ts';
import { noSettingClause, settingClause } from './tuning/words.ts';
import { stayPhrase, versionsPhrase } from './verdict.ts';

/** More clauses than that are no headline. */
const CLAUSES_LIMIT = 4;

/** What was found out, in one clause for each workload: the title of every report. */
export function headline(groups: readonly ReportGroup[]): string {
  return headlineClauses(groups).join(' ');
}

/** The same, one sentence each. */
export function headlineClauses(groups: readonly ReportGroup[]): readonly string[] {
  if (groups.length === 0) return ['Nothing was measured.'];
  if (groups.length > CLAUSES_LIMIT) return [counted(groups)];
  return groups.map((group) => {
    const lost = givenUp(group);
    const clause = lost?.comesFirst === true ? tradeOffClause(lost) : clauseOf(decide(group), group);
    return `${group.title} (${workName(group.workload)}): ${clause}.`;
  });
}

function counted(groups: readonly ReportGroup[]): string {
  const subject = plural(groups.length, 'workload');
  if (groups.some(({ workload }) => workload.newerSource !== undefined))
    return `In ${subject}: ${versionsPhrase(versionCounts(groups.flatMap(({ comparisons }) => comparisons)))}.`;
  const outcomes = groups.map((group) => outcomeOf(decide(group)));
  const count = (outcome: Outcome): number => outcomes.filter((other) => other === outcome).length;
  const counts = [
    [count('another'), 'run better in another configuration', 'runs better in another configuration'],
    [count('stay'), 'stay as they are', 'stays as it is'],
    [count('open'), 'are too close to call', 'is too close to call'],
    [count('nothing'), 'could not be compared', 'could not be compared'],
  ] as const;
  const parts = counts.filter(([many]) => many > 0).map(([many, are, is]) => `${many} ${many === 1 ? is : are}`);
  return `Of ${subject}: ${parts.join(', ')}.`;
}

function clauseOf(decision: Decision, group: ReportGroup): string {
  switch (decision.kind) {
    case 'setting':
      return settingClause(group, decision);
    case 'no-setting':
      return noSettingClause(decision);
    case 'not-reached':
      return 'not reached';
    case 'all-failed':
      return 'every configuration failed';
    case 'withheld':
      return 'no verdict, since what was timed is not the work';
    case 'versions':
      return versionsPhrase(decision.counts);
    case 'alone':
      return `only ${wayName(decision.cell)} was measured`;
    case 'too-few-blocks':
    case 'not-compared':
      return 'no verdict yet';
    case 'stay':
      return stayPhrase(decision.choice);
    case 'open':
      return openClause(decision.rival.cell, decision.baseline, decision.rival.comparison);
    case 'choose':
      return chosenClause(decision);
    default:
      return decision satisfies never;
  }
}

function chosenClause({ choice, baseline, comparison, verdict }: Extract<Decision, { kind: 'choose' }>): string {
  return verdict === 'faster'
    ? `use ${wayName(choice)}, ${ratio(comparison.speedup.estimate)}× as fast as ${wayName(baseline)}`
    : `use ${wayName(choice)}: as fast as ${wayName(baseline)} within the minimum effect, and ${isMany(choice) ? 'they cost' : 'it costs'} less`;
}

/** `too close to call: 2 worker threads are 1.06× as fast as the event loop (95% CI 0.97–1.07)` */
function openClause(cell: Cell, baseline: Cell, { speedup }: Comparison): string {
  const are = isMany(cell) ? 'are' : 'is';
  return `too close to call: ${wayName(cell)} ${are} ${ratio(speedup.estimate)}× as fast as ${wayName(baseline)} (${confidence(speedup)})`;
}
