import { shortId } from '../model/cell-id.ts';
import type { MeasuredCell } from '../model/results.ts';
import { decide, outcomeOf, versionCounts, type Outcome } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { speedupText } from './columns.ts';
import type { Facts, Finding } from './document.ts';
import { groupNotes } from './group-section.ts';
import { capital, wayName, workName } from './names.ts';
import { loopDelayText, memoryText, taskLatencyText, plural, ratio, threeDigits } from './numbers.ts';
import { tieOf } from './trade-off-text.ts';
import { verdictOf, versionsPhrase } from './verdict.ts';

const TIED_SHOWN = 4;

/** One workload: what to choose, how sure that is, what it costs. */
export function findingOf(group: ReportGroup): Finding {
  const { title, workload, choice } = group;
  return {
    kind: 'finding',
    subject: title,
    trait: workName(workload),
    note: `batches of ${plural(workload.tasks, 'task')}`,
    choice: choice && capital(wayName(choice)),
    sentences: verdictOf(group).sentences,
    blocks: [...(choice === undefined ? [] : [factsOf(choice, group)]), ...groupNotes(group)],
  };
}

function factsOf(choice: MeasuredCell, group: ReportGroup): Facts {
  const { coresUsed, inProgress, startupMs } = choice.summary;
  return {
    kind: 'facts',
    facts: [
      ['speed-up', speedupText(choice, group)],
      ['tied with', ...tieLines(group)],
      ['in progress', `${ratio(inProgress)} tasks`],
      ['cores used', ratio(coresUsed)],
      ['memory', memoryText(choice)],
      ['start-up', `${threeDigits(startupMs)} ms`],
      ['task latency', taskLatencyText(choice)],
      ['event-loop delay, p99', loopDelayText(choice)],
    ],
  };
}

function tieLines(group: ReportGroup): readonly string[] {
  const { names, chosenFor } = tieOf(group, shortId);
  if (names.length === 0) return ['nothing else'];
  const more = names.length - TIED_SHOWN;
  return [
    ...names.slice(0, TIED_SHOWN),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(chosenFor === undefined ? [] : [`chosen: ${chosenFor}`]),
  ];
}

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
