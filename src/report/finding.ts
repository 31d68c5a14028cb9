import type { MeasuredCell, Cell, Results } from '../model/results.ts';
import { SHORT_BATCH_MS } from '../stats/doubts.ts';
import { closestConfiguration, decide, outcomeOf, versionCounts, type Outcome } from '../stats/decision.ts';
import { familyOf, REFERENCE } from '../model/strategies.ts';
import { shownVerdict } from '../stats/compare.ts';
import { isBaseline, scansOf, speedupOf, type ReportGroup } from '../stats/groups.ts';
import { sameAsLoop } from '../stats/same-program.ts';
import { numbersTable, speedupText, VERDICTS } from './columns.ts';
import { clip } from '../model/text.ts';
import {
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
  type Cell as Shown,
  type Table,
} from './document.ts';
import {
  capital,
  configurationName,
  differentFailures,
  failureSentences,
  failureText,
  isMany,
  withPreposition,
  workName,
  type FailedCell,
} from './names.ts';
import {
  confidence,
  listed,
  loopDelayText,
  memoryText,
  ms,
  plural,
  ratio,
  taskLatencyText,
  threeDigits,
} from './numbers.ts';
import { messagesSentence, scalingSentences, upperBoundSentence } from './scaling-text.ts';
import { timelineBlocks } from './timeline-text.ts';
import { twinsPhrase, verdictOf, versionsPhrase } from './verdict.ts';

const TIED_SHOWN = 3;

/** The finding about one workload: what to choose, how sure that is, what it costs. */
export function findingOf(group: ReportGroup): Finding {
  const { title, workload, choice } = group;
  const { clause, details } = verdictOf(group);
  return {
    kind: 'finding',
    subject: title,
    trait: workName(workload),
    note: `${plural(workload.tasks, 'task')} per batch`,
    verdict: clause,
    details,
    blocks: present<Block>(choice && factsOf(choice), ...groupNotes(group)),
  };
}

function factsOf({ summary, ...choice }: MeasuredCell): Facts {
  return {
    kind: 'facts',
    facts: [
      ['chosen', capital(configurationName(choice))],
      ['tasks in flight (avg)', ratio(summary.tasksInFlight)],
      ['CPUs used', ratio(summary.cpusUsed)],
      ['task latency', taskLatencyText({ summary, ...choice })],
      ['event-loop delay p99', loopDelayText({ summary, ...choice })],
    ],
  };
}

/** The recommendations, one row per workload. */
export function answersTable(groups: readonly ReportGroup[]): Table {
  return {
    kind: 'table',
    label: 'Answers',
    columns: [
      { title: 'workload' },
      { title: 'kind' },
      { title: 'use', isWordy: true },
      { title: 'speedup' },
      { title: 'tied with', isWordy: true },
      { title: 'memory', align: 'right' },
      { title: 'startup', align: 'right' },
    ],
    rows: groups.map((group) => ({ cells: answerCells(group) })),
  };
}

function answerCells(group: ReportGroup): readonly Shown[] {
  const { title, workload, choice, tied } = group;
  const subject = [{ text: title }, { text: workName(workload) }];
  if (choice === undefined) return [...subject, { text: verdictOf(group).clause }];
  const texts = [listed(tied.map(configurationName), TIED_SHOWN), memoryText(choice), ms(choice.summary.startupMs)];
  return [
    ...subject,
    { text: configurationName(choice), tone: 'strong', family: familyOf(choice) },
    speedupCell(choice, group),
    ...texts.map((text) => ({ text })),
  ];
}

/** The speedup of the choice; where that is the baseline, of what comes closest to it. */
function speedupCell(choice: MeasuredCell, group: ReportGroup): Shown {
  const cell = isBaseline(choice, group) ? (closestConfiguration(group) ?? choice) : choice;
  const speedup = speedupOf(cell, group);
  const text = cell === choice ? speedupText(choice, group) : `closest: ${speedupText(cell, group)}`;
  return { text, ...(speedup !== undefined && { range: speedup }) };
}

/** The answers, one sentence per workload. */
export function headline(groups: readonly ReportGroup[]): readonly string[] {
  if (groups.length === 0) return ['Nothing was measured.'];
  return groups.map((group) => `${group.title} (${workName(group.workload)}): ${verdictOf(group).clause}`);
}

/** The answers counted in one sentence, above the table that holds them. */
export function shortHeadline(groups: readonly ReportGroup[]): string {
  return groups.length > 1 ? counted(groups) : headline(groups).join(' ');
}

function counted(groups: readonly ReportGroup[]): string {
  const [scan] = scansOf(groups, ({ workload }) => workload);
  const isScan = scan?.groups.length === groups.length;
  const values = isScan && `${scan.workload} with ${groups.length} values of ${scan.params.join(' and ')}`;
  const subject = values || plural(groups.length, 'workload');
  const comparisons = groups.flatMap((group) => group.comparisons);
  const minEffect = groups[0]?.minEffect ?? 0;
  if (groups.some(({ workload }) => workload.newerSource !== undefined))
    return `In ${subject}: ${versionsPhrase(versionCounts(comparisons, minEffect))}.`;
  if (groups.some(({ isAA }) => isAA)) return `In ${subject}: ${twinsPhrase(versionCounts(comparisons, minEffect))}.`;
  const outcomes = groups.map((group) => outcomeOf(decide(group)));
  const count = (outcome: Outcome): number => outcomes.filter((other) => other === outcome).length;
  const staying = groups.flatMap((group, index) => (outcomes[index] === 'stay' ? (group.baseline ?? []) : []));
  const where = [...new Set(staying.map(withPreposition))].join(' or ');
  const counts = [
    [count('another'), 'run better in another configuration', 'runs better in another configuration'],
    [count('as-good'), 'run about as well in another configuration', 'runs about as well in another configuration'],
    [count('stay'), `stay ${where}`, `stays ${where}`],
    [count('undecided'), 'are undecided', 'is undecided'],
    [count('nothing'), 'could not be compared', 'could not be compared'],
  ] as const;
  const parts = counts.filter(([many]) => many > 0).map(([many, are, is]) => `${many} ${many === 1 ? is : are}`);
  return `Of ${subject}: ${parts.join(', ')}.`;
}

const STACK_LIMIT = 1500;

/** All numbers of one workload. A page shows the notes elsewhere, beside the verdict and the curves. */
export function groupSection(group: ReportGroup, results: Results): Section {
  const { title, workload, cells } = group;
  const scaling = scalingSentences(group, results.environment.cores).map((sentence) => note(sentence));
  const stacks = differentFailures(cells.filter((cell) => cell.status === 'failed')).flatMap(({ error }) =>
    stackOf(error),
  );
  const details = group.tuned === undefined ? verdictOf(group).details : [];
  return section(`${title} · ${workName(workload)} · ${plural(workload.tasks, 'task')} per batch`, [
    numbersTable(group),
    ...only(['terminal'], details.length === 0 ? [] : [note(details.join(' '))]),
    ...only(['terminal', 'markdown'], [...groupNotes(group), ...scaling]),
    ...only(['markdown'], stacks),
    ...timelineBlocks(group, results),
  ]);
}

/** Dropped configurations, the upper bound, messages, work off the main thread, and the failures. */
function groupNotes(group: ReportGroup): readonly Paragraph[] {
  const upperBound = upperBoundSentence(group);
  const messages = messagesSentence(group);
  const offLoop = offLoopSentence(group);
  const same = sameAsLoop(group.cells, group.baseline?.id);
  const total = totalSentence(group);
  const repeats = repeatsSentence(group);
  const out = droppedSentence(group);
  return present(
    total !== undefined && note(total),
    repeats !== undefined && note(repeats),
    out !== undefined && note(out),
    upperBound !== undefined && note(upperBound),
    messages !== undefined && note(messages),
    offLoop !== undefined && note(offLoop),
    same.length > 0 && note(sameProgramText(same)),
    ...failureNotes(group.cells),
  );
}

/** Names each cause of a failure once, with the configurations that failed of it. */
export function failureNotes(cells: readonly Cell[]): readonly Paragraph[] {
  return failureSentences(cells.filter((cell) => cell.status === 'failed')).map((sentence) => note(sentence, 'bad'));
}

function sameProgramText(same: readonly Cell[]): string {
  const isLeftOut = same.some(({ dropped }) => dropped?.isSameProgram);
  const isOfLoops = same.some(({ strategy, concurrency }) => strategy === REFERENCE && concurrency !== 'all');
  const programs = isOfLoops
    ? 'one task at a time and several at once are the same program on the event loop'
    : 'sequential and the event loop are the same program';
  return `Identical: no task waits, so ${programs}; a difference between them is noise.${isLeftOut ? ' Where it says “not compared”, a race left it out after its first starts.' : ''}`;
}

/** A CI of a total whose ends are further apart is of one slow batch among few. */
const WIDEST = 100;
/** Where all batches together give another speedup than a typical one: the choice if it is so there, else the largest. */
function totalSentence({ comparisons, cells, choice, minEffect }: ReportGroup): string | undefined {
  const differing = comparisons
    .flatMap(({ contender, speedup, totalSpeedup: total }) => {
      const cell = cells.find(({ id }) => id === contender);
      return cell === undefined || total === undefined
        ? []
        : [{ cell, speedup, total, difference: Math.abs(Math.log(total.estimate / speedup.estimate)) }];
    })
    .filter(({ difference }) => difference > Math.log1p(minEffect) / 2)
    .toSorted((a, b) => b.difference - a.difference);
  const shown = differing.find(({ cell }) => cell.id === choice?.id) ?? differing[0];
  if (shown === undefined || shown.total.hi >= WIDEST * shown.total.lo) return undefined;
  const { cell, speedup, total } = shown;
  return `The speedup is that of a typical batch; with slow batches counted in full, ${configurationName(cell)} ${isMany(cell) ? 'have' : 'has'} ${ratio(total.estimate)}× instead of ${ratio(speedup.estimate)}× (${confidence(total)}). ${rarestSentence(cell)}`;
}

/** Batches that happen in one of n are missing from 3n of them in 5% of runs (the rule of three). */
const RULE_OF_THREE = 3;

/** No CI from measured batches covers those that did not occur. */
function rarestSentence({ samples }: Cell): string {
  const inOf = Math.max(1, Math.floor(samples.length / RULE_OF_THREE));
  return `With ${plural(samples.length, 'batch', 'batches')} of each, slow ones rarer than 1 in ${inOf} may be missing.`;
}

/** The verdicts that measuring disturbed blocks again has changed; undefined: none. */
function repeatsSentence({ comparisons, cells, minEffect }: ReportGroup): string | undefined {
  const changed = comparisons.flatMap(({ contender, verdict, speedup, unrepeated }) => {
    const cell = cells.find(({ id }) => id === contender);
    if (unrepeated === undefined || cell === undefined) return [];
    const [was, is] = [unrepeated, { verdict, speedup }].map((each) => VERDICTS[shownVerdict(each, minEffect)]);
    if (was === is) return [];
    return [
      `${configurationName(cell)}: ${was}, ${ratio(unrepeated.speedup.estimate)}× (${confidence(unrepeated.speedup)}), instead of ${is}`,
    ];
  });
  const all = changed.join('; ');
  return all === '' ? undefined : `Without measuring disturbed blocks again, other verdicts: ${all}.`;
}

/** One thread uses at most 1 CPU; compiling and collecting garbage may add a little. */
const OFF_LOOP_CPUS = 1.2;
/** If the main thread is blocked for a larger share of a batch, the work is on it. */
const FREE_SHARE = 0.25;

/** Why workers gain little if the work already runs in other threads or processes, as in async crypto or zlib. */
function offLoopSentence({ cells, withheldBy }: ReportGroup): string | undefined {
  const loop = cells.find((cell): cell is MeasuredCell => cell.status === 'ok' && cell.strategy === REFERENCE);
  if (loop === undefined || withheldBy !== undefined || loop.summary.cpusUsed <= OFF_LOOP_CPUS) return undefined;
  // The timer that watches the loop is too coarse for shorter ones, and compiling takes CPUs, too.
  if (loop.summary.wallMs.median < SHORT_BATCH_MS) return undefined;
  if (loop.summary.loopDelayMs.p99 > FREE_SHARE * loop.summary.wallMs.median) return undefined;
  return `The event loop used ${ratio(loop.summary.cpusUsed)} CPUs: the work already runs off the main thread (libuv's pool, native threads, worker threads of its own, or commands). For libuv's pool, --uv-threads sets the size.`;
}

/** The stack of the error, if known. */
function stackOf(error: FailedCell['error']): readonly Code[] {
  if (error.stack === undefined) return [];
  return [
    { kind: 'code', language: 'text', title: `${error.name}, thrown`, text: clip(failureText(error), STACK_LIMIT) },
  ];
}

const DROPPED_SHOWN = 4;

/** Configurations that were dropped for being far behind, and how far; undefined without any. */
function droppedSentence({ cells }: ReportGroup): string | undefined {
  const out = cells.flatMap((cell) =>
    cell.dropped === undefined || cell.dropped.isSameProgram ? [] : [{ cell, ...cell.dropped }],
  );
  if (out.length === 0) return undefined;
  const least = threeDigits(Math.min(...out.map(({ behind }) => behind.lo)));
  const most = threeDigits(Math.max(...out.map(({ behind }) => behind.hi)));
  const names = out.map(({ cell }) => configurationName(cell));
  const starts = [...new Set(out.map(({ cell: { startsMs = [] } }) => startsMs.length))].toSorted((a, b) => a - b);
  return `Dropped after ${starts.join(' or ')} fresh starts, ${least}–${most}× the time of the fastest in each: ${listed(names, DROPPED_SHOWN)}.`;
}
