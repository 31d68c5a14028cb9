import { shortId } from '../model/cell-id.ts';
import type { MeasuredCell, Cell, Results } from '../model/results.ts';
import { decide, outcomeOf, versionCounts, type Outcome } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { speedupText, numbersTable } from './columns.ts';
import { clip } from '../model/text.ts';
import {
  firstOf,
  note,
  only,
  present,
  section,
  type Block,
  type Code,
  type Facts,
  type Finding,
  type Paragraph,
  type Section,
} from './document.ts';
import { capital, wayName, workName, errorText, failurePlace, failureText } from './names.ts';
import { loopDelayText, memoryText, ms, percent, plural, ratio, taskLatencyText } from './numbers.ts';
import { scalingSentences } from './scaling-text.ts';
import { timelineBlocks } from './timeline-text.ts';
import { chosenForOf } from './trade-off-text.ts';
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
    blocks: present<Block>(choice && factsOf(choice, group), ...groupNotes(group)),
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
      ['start-up', ms(startupMs)],
      ['task latency', taskLatencyText(choice)],
      ['event-loop delay, p99', loopDelayText(choice)],
    ],
  };
}

function tieLines(group: ReportGroup): readonly string[] {
  if (group.tied.length === 0) return ['nothing else'];
  const chosenFor = chosenForOf(group);
  return present(
    ...firstOf(group.tied.map(shortId), TIED_SHOWN, (count) => `and ${count} more`),
    chosenFor !== undefined && `chosen: ${chosenFor}`,
  );
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

const STACK_LIMIT = 1500;

/** All that was measured of one workload; what a page says of it beside its verdict and its curves is left out there. */
export function groupSection(group: ReportGroup, results: Results): Section {
  const { title, workload, cells } = group;
  const scaling = scalingSentences(group, results.environment.cores).map((sentence) => note(sentence));
  const stacks = failuresOf(cells).flatMap(({ error }) => stackOf(error));
  return section(`${title} · ${workName(workload)} · batches of ${plural(workload.tasks, 'task')}`, [
    numbersTable(group),
    ...only(['terminal', 'markdown'], [...groupNotes(group), ...scaling]),
    ...only(['markdown'], stacks),
    ...timelineBlocks(group, results),
  ]);
}

/** What the machine could give, and what failed. */
function groupNotes(group: ReportGroup): readonly Paragraph[] {
  const ceiling = ceilingSentence(group);
  const failures = failuresOf(group.cells).map((cell) =>
    note(`${shortId(cell)} failed${failurePlace(cell.error)}: ${errorText(cell.error)}`, 'bad'),
  );
  return present(ceiling !== undefined && note(ceiling), ...failures);
}

/** What the machine can give at most, and how much of it the best way reaches; undefined where it was not measured. */
function ceilingSentence({ ceiling, cells }: ReportGroup): string | undefined {
  if (ceiling === undefined) return undefined;
  const { lanes, speedup, share } = ceiling;
  const [best, baseline] = [ceiling.best, ceiling.baseline].map((id) => cells.find((cell) => cell.id === id));
  if (best === undefined || baseline === undefined) return undefined;
  return `What this machine can give: ${plural(lanes, 'plain process', 'plain processes')} to which nothing is handed over ${lanes === 1 ? 'does' : 'do'} the same work ${ratio(speedup.estimate)} times as fast as ${wayName(baseline)} (${percent(speedup.level)} interval ${ratio(speedup.lo)} to ${ratio(speedup.hi)}); ${shortId(best)} reaches ${percent(share.estimate)} of that (${percent(share.lo)} to ${percent(share.hi)}).`;
}

type Failed = Extract<Cell, { status: 'failed' }>;

/** What stopped several is told once. */
function failuresOf(cells: readonly Cell[]): readonly Failed[] {
  const failed = cells.filter((cell) => cell.status === 'failed');
  return failed.filter(
    (cell, index) => failed.findIndex(({ error }) => error.message === cell.error.message) === index,
  );
}

/** Where it was thrown; nothing where that is not known. */
function stackOf(error: Failed['error']): readonly Code[] {
  if (error.stack === undefined) return [];
  return [
    { kind: 'code', language: 'text', title: `${error.name}, thrown`, text: clip(failureText(error), STACK_LIMIT) },
  ];
}
