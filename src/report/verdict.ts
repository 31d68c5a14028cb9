import type { Cell, Comparison } from '../model/results.ts';
import { decide, type Rival } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { capital, isMany, wayName, workName } from './names.ts';
import { confidence, plural, ratio } from './numbers.ts';
import { tieSentence } from './tie-text.ts';
import { tradeOffText } from './trade-off-text.ts';
import { settingSentence } from './tuning/words.ts';

/** What to do with one workload, and how sure that is, in a sentence or two. */
export function verdictSentence(group: ReportGroup): string {
  return `${group.title} (${workName(group.workload)}): ${verdictText(group)}`;
}

/** The same where it is clear what it is about. */
function verdictText(group: ReportGroup): string {
  return verdictParts(group).join(' ');
}

/** What is said of throughput, and of what else tells the choice from others: that first, where throughput does not. */
export function verdictParts(group: ReportGroup): readonly string[] {
  const tradeOff = tradeOffText(group);
  const verdict = throughputVerdict(group);
  if (tradeOff === undefined) return [verdict];
  return tradeOff.isTie && group.tuned === undefined
    ? [uncapital(tradeOff.sentences), `By throughput: ${verdict}`]
    : [verdict, tradeOff.sentences];
}

function uncapital(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function throughputVerdict(group: ReportGroup): string {
  const decision = decide(group);
  switch (decision.kind) {
    case 'tuned':
      return settingSentence(group, decision.tuned);
    case 'not-reached':
      return 'not measured: the run ended before it was reached.';
    case 'all-failed':
      return 'no verdict: every configuration failed.';
    case 'withheld':
      return 'no verdict: what was timed is not the work, or not the work alone (see the warning above).';
    case 'versions':
      return versusSentence(group);
    case 'alone':
      return `nothing to compare: only ${wayName(decision.cell)} was measured.`;
    case 'too-few-blocks':
      return `no verdict yet: too few blocks were measured to tell ${decision.cells} configurations apart.`;
    case 'not-compared':
      return `no verdict: ${wayName(decision.choice)} could not be compared with ${decision.baseline === undefined ? 'a baseline' : wayName(decision.baseline)}.`;
    case 'stay':
      return joined(staying(decision.choice, decision.closest, group), tieSentence(group));
    case 'open': {
      const { choice, closest } = decision;
      return joined(
        `too close to call: ${stayPhrase(choice)} until more is known. Closest: ${rivalPhrase(closest)}.${decisive(closest.comparison)}`,
        tieSentence(group),
      );
    }
    case 'choose':
      return joined(chosen(decision.choice, decision.baseline, decision.comparison), tieSentence(group));
    default:
      return decision satisfies never;
  }
}

function joined(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}

/** `stay on the event loop`, or with whatever else the baseline is. */
export function stayPhrase(cell: Cell): string {
  return cell.strategy === 'event-loop' ? `stay on ${wayName(cell)}` : `stay with ${wayName(cell)}`;
}

function bySpeed(comparisons: readonly Comparison[]): readonly Comparison[] {
  return comparisons.toSorted((a, b) => a.speedup.estimate - b.speedup.estimate);
}

/** What the newer of two versions gains or loses, on how many configurations. */
function versusSentence({ comparisons, cells }: ReportGroup): string {
  if (comparisons.length === 0) return 'no verdict: no configuration could be measured in both versions.';
  const having = (verdict: Comparison['verdict']): readonly Comparison[] =>
    comparisons.filter((comparison) => comparison.verdict === verdict);
  const shown = bySpeed(having('slower'))[0] ?? bySpeed(having('faster')).at(-1) ?? bySpeed(comparisons).at(-1);
  const cell = cells.find(({ id }) => id === shown?.contender);
  const baseline = cells.find(({ id }) => id === shown?.baseline);
  const example =
    shown === undefined || cell === undefined || baseline === undefined
      ? ''
      : ` ${capital(wayName(cell))} ${isMany(cell) ? 'are' : 'is'} ${speedupPhrase(shown, baseline)}.${decisive(shown)}`;
  return `of ${plural(comparisons.length, 'configuration')}, the new version is ${versionCounts(comparisons)}.${example}`;
}

const VERSION_WORDS = {
  slower: 'slower',
  faster: 'faster',
  inconclusive: 'too close to call',
  same: 'as fast',
} as const satisfies Record<Comparison['verdict'], string>;

/** `slower on 1, faster on 2` configurations, of two versions. */
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

/** `1.65× as fast as the event loop (99.3% CI 1.57–1.94)`. */
function speedupPhrase({ speedup }: Comparison, baseline: Cell): string {
  return `${ratio(speedup.estimate)}× as fast as ${wayName(baseline)} (${confidence(speedup)})`;
}

/** `2 worker threads, 1.04× as fast (95% CI 0.98–1.11)`. */
function rivalPhrase({ cell, comparison: { speedup } }: Rival): string {
  return `${wayName(cell)}, ${ratio(speedup.estimate)}× as fast (${confidence(speedup)})`;
}

function chosen(choice: Cell, baseline: Cell, comparison: Comparison): string {
  const claim = speedupPhrase(comparison, baseline);
  const costs = isMany(choice) ? 'they cost less' : 'it costs less';
  switch (comparison.verdict) {
    case 'faster':
      return `use ${wayName(choice)}, ${claim}.`;
    case 'same':
      return `use ${wayName(choice)}: equally fast, and ${costs}; ${claim}.`;
    case 'slower':
      return `use ${wayName(choice)}: slower by less than the minimum effect, and ${costs}; ${claim}.`;
    case 'inconclusive':
      return `too close to call: ${wayName(choice)}, ${claim}.${decisive(comparison)}`;
    default:
      return comparison.verdict satisfies never;
  }
}

function decisive({ blocks, blocksToDecide }: Comparison): string {
  if (blocksToDecide === undefined) return '';
  return ` --blocks ${blocksToDecide} would likely decide it (${blocks} measured).`;
}

/** Stay, and why that is right: the rival that came nearest, or is faster by too little. */
function staying(choice: Cell, closest: Rival | undefined, { minEffect }: ReportGroup): string {
  const stay = stayPhrase(choice);
  if (closest === undefined) return `${stay}.`;
  const { comparison } = closest;
  const rival = rivalPhrase(closest);
  switch (comparison.verdict) {
    case 'slower':
      return `${stay}. Every other configuration is slower. Closest: ${rival}.`;
    case 'same':
      return `${stay}. No configuration is faster. Closest: ${rival}.`;
    case 'inconclusive':
      return `${stay}. No configuration is significantly faster. Closest: ${rival}.${decisive(comparison)}`;
    case 'faster':
      return `${stay}. Closest: ${rival}: not enough beyond the minimum effect (${Number((minEffect * 100).toFixed(1))}%) to pay for its workers.`;
    default:
      return comparison.verdict satisfies never;
  }
}
