import type { Cell, Comparison } from '../model/results.ts';
import { decide, givenUp, type Decision, type Example, type Rival, type VersionCounts } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { capital, isMany, wayName, withWay, workName } from './names.ts';
import { confidence, plural, ratio } from './numbers.ts';
import { tieSentence } from './tie-text.ts';
import { tradeOffSentences } from './trade-off-text.ts';
import { noSettingClause, settingSentence } from './tuning/words.ts';

/** What to do with one workload, and how sure that is, in a sentence or two. */
export function verdictSentence(group: ReportGroup): string {
  return `${group.title} (${workName(group.workload)}): ${verdictParts(group).join(' ')}`;
}

/** What is said of throughput, and of what else tells the choice from others: that first, where throughput does not. */
export function verdictParts(group: ReportGroup): readonly string[] {
  const lost = givenUp(group);
  const verdict = throughputVerdict(group);
  if (lost === undefined) return [verdict];
  const sentences = tradeOffSentences(lost);
  return lost.comesFirst ? [uncapital(sentences), `By throughput: ${verdict}`] : [verdict, sentences];
}

function uncapital(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function throughputVerdict(group: ReportGroup): string {
  const decision = decide(group);
  const withTie = (text: string): string => [text, tieSentence(group) ?? []].flat().join(' ');
  switch (decision.kind) {
    case 'setting':
      return settingSentence(group, decision);
    case 'no-setting':
      return `${noSettingClause(decision)}.`;
    case 'not-reached':
      return 'not measured: the run ended before it was reached.';
    case 'all-failed':
      return 'no verdict: every configuration failed.';
    case 'withheld':
      return 'no verdict: what was timed is not the work, or not the work alone (see the warning above).';
    case 'versions':
      return versionsSentence(decision.counts, decision.example);
    case 'alone':
      return `nothing to compare: only ${wayName(decision.cell)} was measured.`;
    case 'too-few-blocks':
      return `no verdict yet: too few blocks were measured to tell ${decision.cells} configurations apart.`;
    case 'not-compared':
      return `no verdict: ${wayName(decision.choice)} could not be compared with ${decision.baseline === undefined ? 'a baseline' : wayName(decision.baseline)}.`;
    case 'stay':
      return withTie(staying(decision.choice, decision.closest, group));
    case 'open':
      return withTie(open(decision));
    case 'choose':
      return withTie(chosen(decision));
    default:
      return decision satisfies never;
  }
}

/** `stay on the event loop`, or with whatever else the baseline is. */
export function stayPhrase(cell: Cell): string {
  return `stay ${withWay(cell)}`;
}

/** What the newer of two versions gains or loses, and an example. */
function versionsSentence(counts: VersionCounts, example: Example | undefined): string {
  if (counts.all === 0) return 'no verdict: no configuration could be measured in both versions.';
  if (example === undefined) return `${versionsPhrase(counts)}.`;
  const { cell, comparison, baseline } = example;
  return `${versionsPhrase(counts)}. ${capital(wayName(cell))} ${isMany(cell) ? 'are' : 'is'} ${speedupPhrase(comparison, baseline)}.${decisive(comparison)}`;
}

const VERSION_WORDS = [
  ['slower', 'slower'],
  ['faster', 'faster'],
  ['inconclusive', 'too close to call'],
  ['same', 'as fast'],
] as const;

/** `of 3 configurations, the new version is slower on 1, faster on 2` */
export function versionsPhrase(counts: VersionCounts): string {
  if (counts.all === 0) return 'no configuration could be measured in both versions';
  const told = VERSION_WORDS.filter(([verdict]) => counts[verdict] > 0).map(
    ([verdict, word]) => `${word} on ${counts[verdict]}`,
  );
  return `of ${plural(counts.all, 'configuration')}, the new version is ${told.join(', ')}`;
}

/** `1.65× as fast as the event loop (99.3% CI 1.57–1.94)`. */
function speedupPhrase({ speedup }: Comparison, baseline: Cell): string {
  return `${ratio(speedup.estimate)}× as fast as ${wayName(baseline)} (${confidence(speedup)})`;
}

/** `2 worker threads, 1.04× as fast (95% CI 0.98–1.11)`. */
function rivalPhrase({ cell, comparison: { speedup } }: Rival): string {
  return `${wayName(cell)}, ${ratio(speedup.estimate)}× as fast (${confidence(speedup)})`;
}

function open({ choice, baseline, rival }: Extract<Decision, { kind: 'open' }>): string {
  const said =
    choice === baseline
      ? `${stayPhrase(choice)} until more is known. Closest: ${rivalPhrase(rival)}`
      : `${wayName(choice)}, ${speedupPhrase(rival.comparison, baseline)}`;
  return `too close to call: ${said}.${decisive(rival.comparison)}`;
}

function chosen({ choice, baseline, comparison, verdict }: Extract<Decision, { kind: 'choose' }>): string {
  const use = `use ${wayName(choice)}`;
  const claim = speedupPhrase(comparison, baseline);
  const costs = isMany(choice) ? 'they cost less' : 'it costs less';
  switch (verdict) {
    case 'faster':
      return `${use}, ${claim}.`;
    case 'same':
      return `${use}: equally fast, and ${costs}; ${claim}.`;
    case 'slower':
      return `${use}: slower by less than the minimum effect, and ${costs}; ${claim}.`;
    default:
      return verdict satisfies never;
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
