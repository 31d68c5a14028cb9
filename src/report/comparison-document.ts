import type { Change, Difference, NotComparable, RunComparison } from '../model/comparison.ts';
import { shownVerdict, type ShownVerdict } from '../stats/compare.ts';
import { LEAST_RUNS } from '../stats/compare-runs.ts';
import { shown } from './displayable.ts';
import { withPreposition } from './names.ts';
import { identityOf, ratioText, verdictCell, verdictSaid, VERDICTS, withLevel } from './columns.ts';
import { listOf, paragraph, present, section } from './document.ts';
import type { Block, Cell, Document, Section, Table } from './document.ts';
import { listed, percent, plural, ratio, verdictWords } from './numbers.ts';

const REASONS: Readonly<Record<NotComparable, string>> = {
  'only-old': 'only in the old run',
  'only-new': 'only in the new run',
  'failed-before': 'failed in the old run',
  'failed-now': 'failed in the new run',
  withheld: 'no verdict in one of the runs; see its warnings',
  'other-batch': 'the batches differ in size; give both runs the same --tasks',
  'other-load':
    'other tasks arrived; give both runs the same --arrivals, --window, --via, --objective and limits of waiting',
  overloaded: 'tasks piled up, or too many had no result, in one of the runs',
  'driver-limited': 'requests were sent too late in too many windows of one of the runs',
  beyond: 'the rate held lies beyond those measured, in too many blocks of one of the runs',
  'too-few-blocks': 'too few blocks; give both runs more with --blocks',
};

/** Changes between two runs: a summary, a table of the cells, and how far it can be trusted. */
export function comparisonDocument(raw: RunComparison): Document {
  const given = shown(raw);
  const comparison = inWords(given);
  const notes = notesOn(comparison);
  return {
    language: 'en',
    about: 'Lanewise: what changed?',
    title: summary(comparison),
    facts: [runsText(comparison)],
    alerts: [],
    blocks: present<Block>(
      comparison.differences.length > 0 && paragraph(environments(comparison.differences), 'unsure'),
      ...changesTables(given),
      notes.length > 0 && listOf(notes),
      paragraph(trust(comparison)),
    ),
    madeBy: 'Lanewise',
    footer: `Made by Lanewise from ${given.olds.length + 1} saved runs.`,
  };
}

/** Configurations that cannot be compared, in words. */
export function whyNotCompared(comparison: RunComparison): readonly string[] {
  return notComparedSentences(inWords(shown(comparison)).notComparable);
}

const NAMED = 4;

/** `primes on the event loop is not compared: it fails now.`; one sentence for each reason. */
function notComparedSentences(notComparable: RunComparison['notComparable']): readonly string[] {
  const reasons = new Set(notComparable.map(({ because }) => because));
  return [...reasons].map((reason) => {
    const names = notComparable.filter(({ because }) => because === reason).map(({ cell }) => cell);
    return `${listed(names, NAMED)} ${names.length === 1 ? 'is' : 'are'} not compared: ${REASONS[reason]}.`;
  });
}

/** Names configurations in words instead of ids. */
function inWords({ changes, notComparable, configurations, ...rest }: RunComparison): RunComparison {
  const names = new Map(configurations.map((each) => [each.cell, `${each.title} ${withPreposition(each)}`]));
  const named = <Item extends { readonly cell: string }>(item: Item): Item => ({
    ...item,
    cell: names.get(item.cell) ?? item.cell,
  });
  return { ...rest, configurations, changes: changes.map(named), notComparable: notComparable.map(named) };
}

/** Stated before any number: a change may come from the environment, not from the code. */
function environments(differences: readonly Difference[]): string {
  const shownDifferences = differences.map(
    ({ what, old, new: current }) => `${what}: ${old ?? 'not set'}, now ${current ?? 'not set'}`,
  );
  return `The environments differ, which may explain any change: ${shownDifferences.join('; ')}.`;
}

/** Counts of the verdicts, and the cell that slowed down most. */
function summary({ changes, minEffect, of }: RunComparison): readonly string[] {
  if (changes.length === 0) return ['Nothing could be compared.'];
  const having = (wanted: ShownVerdict, looking: boolean): readonly Change[] =>
    changes.filter((change) => lookOf(change, minEffect) === wanted && looking === (change.looks !== undefined));
  const verdicts = ['slower', 'slightly slower', 'faster', 'slightly faster', 'inconclusive', 'same'] as const;
  const counts = [false, true].flatMap((looking) =>
    verdicts.flatMap((verdict) => {
      const { length } = having(verdict, looking);
      const word = looking ? `${length === 1 ? 'looks' : 'look'} ${verdictSaid(verdict)}` : VERDICTS[verdict];
      return length === 0 ? [] : [`${length} ${word}`];
    }),
  );
  const [worst] = [...having('slower', false), ...having('slower', true)].toSorted(
    (a, b) => a.speedup.estimate - b.speedup.estimate,
  );
  return present(
    of === 'load'
      ? `Of ${plural(changes.length, 'value')} in both load measurements: ${counts.join(', ')}.`
      : `Of ${plural(changes.length, 'configuration')} in both runs: ${counts.join(', ')}.`,
    // A rate that is held takes no time.
    worst &&
      (of === 'load'
        ? `Largest loss: ${worst.cell}, ${ratioText(worst.speedup)} of before (${percent(worst.speedup.level)} CI).`
        : `Slowest: ${worst.cell} takes ${ratio(1 / worst.speedup.estimate)}× as long (${percent(worst.speedup.level)} CI ${ratio(1 / worst.speedup.hi)}–${ratio(1 / worst.speedup.lo)}).`),
  );
}

/** The verdict, or what it looks like. */
function lookOf(change: Change, minEffect: number): ShownVerdict {
  return shownVerdict({ ...change, verdict: change.looks ?? change.verdict }, minEffect);
}

/** A table per workload, with the columns of a run’s. */
function changesTables({ changes, configurations, minEffect }: RunComparison): readonly Section[] {
  const titles = new Set(configurations.map(({ title }) => title));
  return [...titles].flatMap((title) => {
    const rows = configurations.flatMap((configuration) => {
      const change = changes.find(({ cell }) => cell === configuration.cell);
      return change === undefined || configuration.title !== title ? [] : [{ configuration, change }];
    });
    return rows.length === 0 ? [] : [section(title, [changesTable(title, rows, minEffect)])];
  });
}

interface Compared {
  readonly configuration: RunComparison['configurations'][number];
  readonly change: Change;
}

function changesTable(title: string, rows: readonly Compared[], minEffect: number): Table {
  const identity = identityOf(rows.map(({ configuration }) => configuration));
  // There, old is also the name of a version.
  const hasVersions = rows.some(({ configuration }) => configuration.version !== undefined);
  return {
    kind: 'table',
    label: `What changed: ${title}`,
    columns: [
      ...identity,
      withLevel(
        { title: hasVersions ? 'speedup over old run' : 'speedup over old' },
        rows.map(({ change }) => change),
      ),
      { title: 'verdict', isWordy: true },
      { title: 'blocks: old, new', short: 'blocks', align: 'right', spare: 1 },
    ],
    rows: rows.map(({ configuration, change }) => ({
      cells: [
        ...identity.map(({ of }) => of(configuration)),
        {
          text: ratioText(change.speedup),
          range: { ...change.speedup, hasNoVerdict: change.verdict === 'inconclusive' },
        },
        lookCell(change, minEffect),
        { text: `${change.blocks.old}, ${change.blocks.new}` },
      ],
    })),
  };
}

function lookCell(change: Change, minEffect: number): Cell {
  const verdict = lookOf(change, minEffect);
  const cell = verdictCell(verdict);
  if (change.looks === undefined) return cell;
  const { short = verdictSaid(verdict) } = cell;
  return { text: `looks ${verdictSaid(verdict)}`, short: `looks ${short}`, tone: 'unsure' };
}

/** Cells missing from the table, and oddities of the runs. */
function notesOn({ notComparable, changes, olds, new: current }: RunComparison): readonly string[] {
  return present(
    ...notComparedSentences(notComparable),
    ...changes.map(
      ({ cell, otherResults }) =>
        otherResults && `${cell}: same seed, but different outputs than in the old run. Is it still the same work?`,
    ),
    ...changes.map(
      ({ cell, otherCpus }) =>
        otherCpus &&
        `${cell} has no verdict: other programs used ${ratio(otherCpus.old)} CPUs${otherCpus.machine === undefined ? '' : ` of machine ${otherCpus.machine}`} in the old run and ${ratio(otherCpus.new)} in the new one.`,
    ),
    olds.some(({ complete }) => complete === false) &&
      'The old run was interrupted: what it did not reach is not compared.',
    current.complete === false && 'The new run was interrupted: what it did not reach is not compared.',
  );
}

/** `old: 2026-11-26 04:47 UTC, Node v20.20.2 · new: …` */
function runsText({ olds, new: current }: RunComparison): string {
  return `old: ${olds.map(runText).join('; ')} · new: ${runText(current)}`;
}

function runText({ startedAt, node }: RunComparison['new']): string {
  return `${startedAt.slice(0, 16).replace('T', ' ')} UTC, Node ${node}`;
}

function trust(comparison: RunComparison): string {
  return `${precision(comparison)} The runs share no blocks, so this is weaker than a comparison within one run${comparison.of === 'load' ? '' : ' (lanewise run old.js new.js --versus)'}. ${verdictWords(comparison.minEffect)}`;
}

/** Reason for the width of the CIs, and the runs that a verdict would need. */
function precision({ changes }: RunComparison): string {
  const shownBy = changes.filter(({ oldRuns }) => oldRuns >= LEAST_RUNS);
  const others = changes.filter((change) => !shownBy.includes(change));
  const counts = new Set(shownBy.map(({ oldRuns }) => oldRuns));
  const which = others.length > 0 ? ` of what ${LEAST_RUNS} earlier runs have measured` : '';
  const runs = counts.size === 1 ? `the ${[...counts].join('')} earlier runs` : 'the earlier runs';
  return present(
    shownBy.length > 0 && `The CIs${which} are as wide as ${runs} differ among themselves (Student's t).`,
    (others.length > 0 || shownBy.length === 0) &&
      `${shownBy.length > 0 ? 'Of the rest, nothing' : 'Nothing'} ${notShown(others)}`,
  ).join(' ');
}

/** Why nothing is shown by fewer runs, and how far the machine has changed. */
function notShown(changes: readonly Change[]): string {
  const drifts = changes.map(({ drift }) => drift).filter((drift) => drift !== null);
  const drift =
    drifts.length === 0
      ? 'The drift of the machine between the runs was not measured.'
      : `The machine drifted by up to ${percent(Math.max(...drifts) - 1)} between the runs (fixed work timed in both); the CIs are widened by that on both sides.`;
  return `is shown to be slower or faster: give ${LEAST_RUNS} or more earlier runs (lanewise compare OLD1 OLD2 OLD3 NEW), since how much runs of the same code differ is unknown with fewer. ${drift}`;
}
