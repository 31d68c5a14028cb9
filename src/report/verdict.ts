import type { Cell, Comparison, MeasuredCell } from '../model.ts';
import { comparisonOf, type ReportGroup } from './groups.ts';
import { capital, isMany, wayName, workName } from './names.ts';
import { percent, plural, ratio } from './numbers.ts';
import { settingSentence } from './tuning/words.ts';

/** What to do with one workload, and how sure that is, in a sentence or two. */
export function verdictSentence(group: ReportGroup): string {
  return `${group.title} (${workName(group.workload.bound)}): ${verdictText(group)}`;
}

/** The same where it is clear what it is about. */
export function verdictText(group: ReportGroup): string {
  const { workload, recommendation, cells, baseline } = group;
  const ok = measured(cells);
  if (group.tuned !== undefined) return settingSentence(group, group.tuned);
  if (workload.newerSource !== undefined && ok.length > 0) return versusSentence(group);
  const choice = ok.find((cell) => cell.id === recommendation?.choose);
  if (ok.length === 0) return 'no verdict, since no way of running it could be measured.';
  if (choice === undefined)
    return `no verdict yet, since too few blocks were measured to tell ${ok.length} ways apart.`;
  if (ok.length === 1 || baseline === undefined)
    return `nothing to compare, since only ${wayName(choice)} was measured.`;
  if (choice.id === baseline.id) return staying(group, choice);
  const comparison = comparisonOf(choice, group);
  if (comparison === undefined)
    return `no verdict, since ${wayName(choice)} could not be compared with ${wayName(baseline)}.`;
  return `${chosen(choice, baseline, comparison)}${ties(group)}`;
}

function bySpeed(comparisons: readonly Comparison[]): readonly Comparison[] {
  return comparisons.toSorted((a, b) => a.speedup.estimate - b.speedup.estimate);
}

/** What the newer of two versions gains or loses, on how many ways. */
function versusSentence({ comparisons, cells }: ReportGroup): string {
  if (comparisons.length === 0) return 'no verdict, since no way could be measured in both versions.';
  const having = (verdict: Comparison['verdict']): readonly Comparison[] =>
    comparisons.filter((comparison) => comparison.verdict === verdict);
  const told = bySpeed(having('slower'))[0] ?? bySpeed(having('faster')).at(-1) ?? bySpeed(comparisons).at(-1);
  const cell = cells.find(({ id }) => id === told?.contender);
  const baseline = cells.find(({ id }) => id === told?.baseline);
  const example =
    told === undefined || cell === undefined || baseline === undefined
      ? ''
      : ` ${capital(wayName(cell))} ${isMany(cell) ? 'are' : 'is'} ${speedupPhrase(told, baseline)}${told.verdict === 'inconclusive' ? decisive(told) : ''}.`;
  return `of ${plural(comparisons.length, 'way')}, the new version is ${versionCounts(comparisons)}.${example}`;
}

const VERSION_WORDS = {
  slower: 'slower',
  faster: 'faster',
  inconclusive: 'too close to call',
  same: 'as fast',
} as const satisfies Record<Comparison['verdict'], string>;

/** Of two versions: `slower on 1, faster on 2` ways. */
export function versionCounts(comparisons: readonly Comparison[]): string {
  return Object.entries(VERSION_WORDS)
    .map(([verdict, word]) => ({
      word,
      count: comparisons.filter((comparison) => comparison.verdict === verdict).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${word} on ${count}`)
    .join(', ');
}

/** The cells that were not shown to be slower than the choice, besides itself. */
function tiedCells({ recommendation, cells }: ReportGroup): readonly Cell[] {
  return cells.filter((cell) => cell.id !== recommendation?.choose && recommendation?.tied.includes(cell.id));
}

/** `1.65 times as fast as the event loop (99.3 % interval 1.57 to 1.94)`. */
function speedupPhrase({ speedup }: Comparison, baseline: Cell): string {
  const { estimate, lo, hi, level } = speedup;
  return `${ratio(estimate)} times as fast as ${wayName(baseline)} (${percent(level)} interval ${ratio(lo)} to ${ratio(hi)})`;
}

function measured(cells: readonly Cell[]): readonly MeasuredCell[] {
  return cells.filter((cell) => cell.status === 'ok');
}

function stay(cell: Cell): string {
  return cell.strategy === 'event-loop' ? 'stay on the event loop' : `stay with ${wayName(cell)}`;
}

function chosen(choice: Cell, baseline: Cell, comparison: Comparison): string {
  const claim = speedupPhrase(comparison, baseline);
  switch (comparison.verdict) {
    case 'faster':
      return `choose ${wayName(choice)}: ${claim}.`;
    case 'same':
      return `choose ${wayName(choice)}: as fast as ${wayName(baseline)}, and cheaper; ${claim}.`;
    case 'slower':
      return `choose ${wayName(choice)}: ${claim}, within the margin, and cheaper.`;
    case 'inconclusive':
      return `too close to call. ${capital(wayName(choice))} ${isMany(choice) ? 'are' : 'is'} ${claim}${decisive(comparison)}.`;
    default:
      return comparison.verdict satisfies never;
  }
}

function decisive({ blocks, blocksToDecide }: Comparison): string {
  if (blocksToDecide === undefined) return '';
  return `; about ${plural(blocksToDecide, 'block')} would likely decide, ${blocks} were measured`;
}

/** Stay, and why that is right: the rival that came nearest, or looked better and could not be shown to be. */
function staying(group: ReportGroup, choice: Cell): string {
  const { cells, comparisons, baseline, minEffect } = group;
  const best = comparisons.toSorted((a, b) => b.speedup.estimate - a.speedup.estimate)[0];
  const rival = cells.find((cell) => cell.id === best?.contender);
  if (best === undefined || rival === undefined || baseline === undefined) return `${stay(choice)}.`;
  const claim = `${wayName(rival)}, ${isMany(rival) ? 'are' : 'is'} ${speedupPhrase(best, baseline)}`;
  switch (best.verdict) {
    case 'slower':
      return `${stay(choice)}. Every other way was shown to be slower; the nearest, ${claim}.`;
    case 'same':
      return `${stay(choice)}. Nothing is faster: the best rival, ${claim}.`;
    case 'inconclusive':
      return best.speedup.estimate > 1 + minEffect
        ? `too close to call; ${stay(choice)} until more is known. The best rival, ${claim}${decisive(best)}.`
        : `${stay(choice)}. Nothing was shown to be faster: the best rival, ${claim}${decisive(best)}.`;
    case 'faster':
      return `${stay(choice)}. The best rival, ${claim}: not enough beyond the margin to pay for its lanes.`;
    default:
      return best.verdict satisfies never;
  }
}

function ties(group: ReportGroup): string {
  const names = tiedCells(group).map(wayName);
  if (names.length === 0) return '';
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return ` Not shown to be slower: ${shown}.`;
}
