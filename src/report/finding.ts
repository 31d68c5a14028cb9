import type { MeasuredCell } from '../model/results.ts';
import { speedupText } from './columns.ts';
import type { Facts, Finding } from './document.ts';
import { groupNotes } from './group-section.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { capital, shortId, wayName, workName } from './names.ts';
import { orNotMeasured, plural, ratio, threeDigits } from './numbers.ts';
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
  const { coresUsed, inProgress, memoryMiB, startupMs, loopDelayMs, taskMs } = choice.summary;
  return {
    kind: 'facts',
    facts: [
      ['speed-up', speedupText(choice, group)],
      ['tied with', ...tieLines(group)],
      ['in progress', `${ratio(inProgress)} tasks`],
      ['cores used', ratio(coresUsed)],
      ['memory', memoryMiB === null ? orNotMeasured(null) : `${threeDigits(memoryMiB)} MiB`],
      ['start-up', `${threeDigits(startupMs)} ms`],
      ['task latency', `p50 ${threeDigits(taskMs.p50)} ms, p99 ${threeDigits(taskMs.p99)} ms`],
      ['event-loop delay, p99', `${threeDigits(loopDelayMs.p99)} ms`],
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
