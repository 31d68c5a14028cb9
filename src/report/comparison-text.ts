import Table from 'cli-table3';
import type { Change, Difference, NotComparable, RunComparison } from '../model/comparison.ts';
import { BORDERLESS } from './borderless.ts';
import { percent, plural, ratio } from './numbers.ts';
import type { Paint } from './paint.ts';
import { STYLES } from './dress/tones.ts';
import { VERDICT_TONES } from './verdict-tones.ts';
import { wrap } from './wrap.ts';

const REASONS: Readonly<Record<NotComparable, string>> = {
  'only-old': 'only in the old run',
  'only-new': 'only in the new run',
  'failed-before': 'it failed in the old run',
  'failed-now': 'it fails now',
  withheld: 'what one of the runs timed was not the work; its warnings say why',
  'other-batch': 'its batches have another number of tasks; give both runs the same --tasks',
  'too-few-blocks': 'too few blocks for so many cells',
};

/** What changed, for a terminal: a sentence, the cells in a table, and how far it can be trusted. */
export function renderComparison(comparison: RunComparison, paint: Paint): string {
  const parts = [
    wrap(paint('bold', summary(comparison))),
    ...differenceLines(comparison.differences).map((line) => wrap(line)),
    renderTable(comparison, paint),
    [...leftOut(comparison), ...otherResults(comparison), ...interrupted(comparison)]
      .map((line) => wrap(`- ${line}`))
      .join('\n'),
    wrap(trust(comparison)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Before any number: what changed may be that, and no code. */
function differenceLines(differences: readonly Difference[]): readonly string[] {
  if (differences.length === 0) return [];
  const told = differences.map(
    ({ what, old, new: current }) => `${what}: ${valueText(old)}, now ${valueText(current)}`,
  );
  return [`The two runs had different environments, which may be all that has changed: ${told.join('; ')}.`];
}

function valueText(value: Difference['old']): string {
  return value === null ? 'not set' : String(value);
}

function summary({ changes }: RunComparison): string {
  const count = (verdict: Change['verdict']): number => changes.filter((change) => change.verdict === verdict).length;
  const told = (['slower', 'faster', 'inconclusive', 'same'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  const worst = changes
    .filter(({ verdict }) => verdict === 'slower')
    .toSorted((a, b) => a.speedup.estimate - b.speedup.estimate)[0];
  const example =
    worst !== undefined
      ? ` The most: ${worst.cell} takes ${ratio(1 / worst.speedup.estimate)} times as long (${percent(worst.speedup.level)} interval ${ratio(1 / worst.speedup.hi)} to ${ratio(1 / worst.speedup.lo)}).`
      : '';
  if (changes.length === 0) return 'Nothing could be compared.';
  return `Of ${plural(changes.length, 'cell')} in both runs: ${told.join(', ')}.${example}`;
}

function renderTable({ changes }: RunComparison, paint: Paint): string {
  const table = new Table({
    ...BORDERLESS,
    head: ['cell', 'times as fast now', 'verdict', 'blocks'].map((name) => paint('dim', name)),
    colAligns: ['left', 'left', 'left', 'right'],
  });
  for (const { cell, speedup, verdict, blocks } of changes) {
    table.push([
      cell,
      `${ratio(speedup.estimate)} (${ratio(speedup.lo)}–${ratio(speedup.hi)})`,
      paint(STYLES[VERDICT_TONES[verdict]], verdict),
      `${blocks.old}, ${blocks.new}`,
    ]);
  }
  return table.toString().replaceAll(/ +$/gm, '');
}

function leftOut({ notComparable }: RunComparison): readonly string[] {
  return notComparable.map(({ cell, because }) => `${cell} is not compared: ${REASONS[because]}.`);
}

function otherResults({ changes }: RunComparison): readonly string[] {
  return changes
    .filter((change) => change.otherResults)
    .map(
      ({ cell }) =>
        `${cell}: with the same seed, the results of its tasks are not those of the old run; is it still the same work?`,
    );
}

function interrupted({ old, new: current }: RunComparison): readonly string[] {
  return [
    ...(old.complete === false ? ['The old run was interrupted: what it did not reach is not compared.'] : []),
    ...(current.complete === false ? ['The new run was interrupted: what it did not reach is not compared.'] : []),
  ];
}

function trust({ changes, minEffect, old, new: current }: RunComparison): string {
  const drifts = changes.map(({ drift }) => drift).filter((drift) => drift !== null);
  const drift =
    drifts.length === 0
      ? 'How much the machine itself has changed between them was not measured, so that nothing can be called slower or faster code.'
      : `The same fixed work took up to ${percent(Math.max(...drifts) - 1)} longer or shorter in one of them; intervals are wider by that on both sides.`;
  return `The runs (${old.startedAt}, Node ${old.node}; ${current.startedAt}, Node ${current.node}) have no block in common, which is weaker than a comparison within one run. ${drift} To compare two versions of a workload in the same blocks: lanewise run old.js new.js --versus. Differences under ${percent(minEffect)} count as the same.`;
}
