import type { Change, Difference, NotComparable, RunComparison } from '../model/comparison.ts';
import { shownVerdict, type ShownVerdict } from '../stats/compare.ts';
import { shown } from './displayable.ts';
import { listOf, paragraph, present, type Block, type Document, type Table } from './document.ts';
import { percent, plural, ratio, verdictWords } from './numbers.ts';
import { VERDICT_TONES } from './dress/tones.ts';

const REASONS: Readonly<Record<NotComparable, string>> = {
  'only-old': 'only in the old run',
  'only-new': 'only in the new run',
  'failed-before': 'it failed in the old run',
  'failed-now': 'it fails now',
  withheld: 'one of the runs has no verdict on it; see its warnings',
  'other-batch': 'the batches differ in size; give both runs the same --tasks',
  'too-few-blocks': 'too few blocks for so many configurations',
};

/** Changes between two runs: a summary, a table of the cells, and how far it can be trusted. */
export function comparisonDocument(raw: RunComparison): Document {
  const comparison = shown(raw);
  const notes = notesOn(comparison);
  return {
    language: 'en',
    about: 'Lanewise: what changed?',
    title: summary(comparison),
    facts: [],
    alerts: [],
    blocks: present<Block>(
      comparison.differences.length > 0 && paragraph(environments(comparison.differences), 'unsure'),
      comparison.changes.length > 0 && changesTable(comparison),
      notes.length > 0 && listOf(notes),
      paragraph(trust(comparison)),
    ),
    madeBy: 'Lanewise',
    footer: 'Made by Lanewise from two saved runs.',
  };
}

/** Stated before any number: a change may come from the environment, not from the code. */
function environments(differences: readonly Difference[]): string {
  const shownDifferences = differences.map(
    ({ what, old, new: current }) => `${what}: ${old ?? 'not set'}, now ${current ?? 'not set'}`,
  );
  return `The environments differ, which may explain any change: ${shownDifferences.join('; ')}.`;
}

/** Counts of the verdicts, and the cell that slowed down most. */
function summary({ changes, minEffect }: RunComparison): readonly string[] {
  if (changes.length === 0) return ['Nothing could be compared.'];
  const having = (wanted: ShownVerdict): readonly Change[] =>
    changes.filter((change) => shownVerdict(change, minEffect) === wanted);
  const counts = (['slower', 'slightly slower', 'faster', 'slightly faster', 'inconclusive', 'same'] as const)
    .filter((verdict) => having(verdict).length > 0)
    .map((verdict) => `${having(verdict).length} ${verdict}`);
  const [worst] = having('slower').toSorted((a, b) => a.speedup.estimate - b.speedup.estimate);
  return present(
    `Of ${plural(changes.length, 'configuration')} in both runs: ${counts.join(', ')}.`,
    worst &&
      `Slowest: ${worst.cell} takes ${ratio(1 / worst.speedup.estimate)}× as long (${percent(worst.speedup.level)} CI ${ratio(1 / worst.speedup.hi)}–${ratio(1 / worst.speedup.lo)}).`,
  );
}

function changesTable({ changes, minEffect }: RunComparison): Table {
  return {
    kind: 'table',
    label: 'What changed',
    isSortable: true,
    columns: [
      { title: 'configuration' },
      { title: 'speedup (CI)' },
      { title: 'verdict' },
      { title: 'blocks', align: 'right' },
    ],
    rows: changes.map((change) => {
      const { cell, speedup, blocks } = change;
      const verdict = shownVerdict(change, minEffect);
      return {
        cells: [
          { text: cell },
          { text: `${ratio(speedup.estimate)}× (${ratio(speedup.lo)}–${ratio(speedup.hi)})` },
          { text: verdict, tone: VERDICT_TONES[verdict] },
          { text: `${blocks.old}, ${blocks.new}` },
        ],
      };
    }),
  };
}

/** Cells missing from the table, and oddities of the runs. */
function notesOn({ notComparable, changes, old, new: current }: RunComparison): readonly string[] {
  return present(
    ...notComparable.map(({ cell, because }) => `${cell} is not compared: ${REASONS[because]}.`),
    ...changes.map(
      ({ cell, otherResults }) =>
        otherResults && `${cell}: same seed, but different outputs than in the old run. Is it still the same work?`,
    ),
    old.complete === false && 'The old run was interrupted: what it did not reach is not compared.',
    current.complete === false && 'The new run was interrupted: what it did not reach is not compared.',
  );
}

function trust({ changes, minEffect, old, new: current }: RunComparison): string {
  const drifts = changes.map(({ drift }) => drift).filter((drift) => drift !== null);
  const drift =
    drifts.length === 0
      ? 'The drift of the machine between them was not measured, so no verdict is possible.'
      : `The machine drifted by up to ${percent(Math.max(...drifts) - 1)} between them (fixed work timed in both); the CIs are widened by that on both sides.`;
  return `The runs (${old.startedAt}, Node ${old.node}; ${current.startedAt}, Node ${current.node}) share no blocks, so this is weaker than a comparison within one run (lanewise run old.js new.js --versus). ${drift} ${verdictWords(minEffect)}`;
}
