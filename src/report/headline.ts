import { decide, outcomeOf, versionCounts, type Outcome } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { workName } from './names.ts';
import { plural } from './numbers.ts';
import { verdictOf, versionsPhrase } from './verdict.ts';

/** More clauses than that are no headline. */
const CLAUSES_LIMIT = 4;

/** What was found out, in one sentence for each workload: the title of every report. */
export function headline(groups: readonly ReportGroup[]): readonly string[] {
  if (groups.length === 0) return ['Nothing was measured.'];
  if (groups.length > CLAUSES_LIMIT) return [counted(groups)];
  return groups.map((group) => `${group.title} (${workName(group.workload)}): ${verdictOf(group).clause}.`);
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
