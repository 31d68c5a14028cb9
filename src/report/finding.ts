import type { MeasuredCell } from '../model/results.ts';
import { loopDelayText, memoryText, taskLatencyText } from './cell-text.ts';
import { speedupText } from './columns.ts';
import type { Facts, Finding } from './document.ts';
import { groupNotes } from './group-section.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { shortId } from '../model/cell-id.ts';
import { capital, wayName, workName } from './names.ts';
import { plural, ratio, threeDigits } from './numbers.ts';
import { tieOf } from './tie-text.ts';
import { verdictOf } from './verdict.ts';

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
