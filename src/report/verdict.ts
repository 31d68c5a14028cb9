import type { Cell, Comparison } from '../model/results.ts';
import { decide, givenUp, type Decision, type Example, type Rival, type VersionCounts } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { present } from './document.ts';
import { capital, isMany, speedPhrase, wayName, withWay } from './names.ts';
import { confidence, inPercent, plural, ratio } from './numbers.ts';
import { tieSentence, tradeOffClause, tradeOffSentences } from './trade-off-text.ts';
import { noSettingClause, settingClause, settingSentence } from './tuning/words.ts';

/** What is said of one workload. */
export interface VerdictText {
  /** For a headline: what to do. */
  readonly clause: string;
  /** How sure that is, and what else tells the choice from others: that first, where throughput does not. */
  readonly sentences: readonly string[];
}

export function verdictOf(group: ReportGroup): VerdictText {
  const { clause, sentence } = ofThroughput(decide(group), group);
  const lost = givenUp(group);
  if (lost === undefined) return { clause, sentences: [sentence] };
  const tradeOff = tradeOffSentences(lost);
  return lost.comesFirst
    ? { clause: tradeOffClause(lost), sentences: [uncapital(tradeOff), `By throughput: ${sentence}`] }
    : { clause, sentences: [sentence, tradeOff] };
}

function uncapital(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

interface Said {
  readonly clause: string;
  readonly sentence: string;
}

function ofThroughput(decision: Decision, group: ReportGroup): Said {
  switch (decision.kind) {
    case 'setting':
      return { clause: settingClause(group, decision), sentence: settingSentence(group, decision) };
    case 'no-setting':
      return said(noSettingClause(decision));
    case 'not-reached':
      return said('not reached', 'not measured: the run ended before it was reached');
    case 'all-failed':
      return said('every configuration failed', 'no verdict: every configuration failed');
    case 'withheld':
      return said(
        'no verdict, since what was timed is not the work',
        'no verdict: what was timed is not the work, or not the work alone (see the warning above)',
      );
    case 'versions':
      return ofVersions(decision.counts, decision.example);
    case 'alone': {
      const only = `only ${wayName(decision.cell)} was measured`;
      return said(only, `nothing to compare: ${only}`);
    }
    case 'too-few-blocks':
      return said(
        'no verdict yet',
        `no verdict yet: too few blocks were measured to tell ${decision.cells} configurations apart`,
      );
    case 'not-compared': {
      const baseline = decision.baseline === undefined ? 'a baseline' : wayName(decision.baseline);
      return said('no verdict yet', `no verdict: ${wayName(decision.choice)} could not be compared with ${baseline}`);
    }
    case 'stay':
      return withTie(staying(decision.choice, decision.closest, group), group);
    case 'open':
      return withTie(open(decision), group);
    case 'choose':
      return withTie(chosen(decision), group);
    default:
      return decision satisfies never;
  }
}

function said(clause: string, sentence = clause): Said {
  return { clause, sentence: `${sentence}.` };
}

function withTie({ clause, sentence }: Said, group: ReportGroup): Said {
  return { clause, sentence: present(sentence, tieSentence(group)).join(' ') };
}

/** What the newer of two versions gains or loses, and an example. */
function ofVersions(counts: VersionCounts, example: Example | undefined): Said {
  const clause = versionsPhrase(counts);
  if (counts.all === 0) return said(clause, `no verdict: ${clause}`);
  if (example === undefined) return said(clause);
  const { cell, comparison, baseline } = example;
  return { clause, sentence: `${clause}. ${capital(claim({ cell, comparison }, baseline))}.${decisive(comparison)}` };
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

/** The same with how sure it is: `1.65× as fast as the event loop (99.3% CI 1.57–1.94)`. */
function speedupPhrase(comparison: Comparison, baseline: Cell): string {
  return `${speedPhrase(comparison, baseline)} (${confidence(comparison.speedup)})`;
}

/** `2 worker threads are 1.65× as fast as the event loop (99.3% CI 1.57–1.94)`. */
function claim({ cell, comparison }: Rival, baseline: Cell): string {
  return `${wayName(cell)} ${isMany(cell) ? 'are' : 'is'} ${speedupPhrase(comparison, baseline)}`;
}

/** `2 worker threads, 1.04× as fast (95% CI 0.98–1.11)`. */
function rivalPhrase({ cell, comparison: { speedup } }: Rival): string {
  return `${wayName(cell)}, ${ratio(speedup.estimate)}× as fast (${confidence(speedup)})`;
}

function open({ choice, baseline, rival }: Extract<Decision, { kind: 'open' }>): Said {
  const { comparison } = rival;
  const told =
    choice === baseline
      ? `stay ${withWay(choice)} until more is known. Closest: ${rivalPhrase(rival)}`
      : `${wayName(choice)}, ${speedupPhrase(comparison, baseline)}`;
  return {
    clause: `too close to call: ${claim(rival, baseline)}`,
    sentence: `too close to call: ${told}.${decisive(comparison)}`,
  };
}

function chosen({ choice, baseline, comparison, verdict }: Extract<Decision, { kind: 'choose' }>): Said {
  const use = `use ${wayName(choice)}`;
  const sure = speedupPhrase(comparison, baseline);
  if (verdict === 'faster') return said(`${use}, ${speedPhrase(comparison, baseline)}`, `${use}, ${sure}`);
  const costs = isMany(choice) ? 'they cost less' : 'it costs less';
  const how = verdict === 'same' ? 'equally fast' : 'slower by less than the minimum effect';
  return said(
    `${use}: as fast as ${wayName(baseline)} within the minimum effect, and ${costs}`,
    `${use}: ${how}, and ${costs}; ${sure}`,
  );
}

function decisive({ blocks, blocksToDecide }: Comparison): string {
  if (blocksToDecide === undefined) return '';
  return ` --blocks ${blocksToDecide} would likely decide it (${blocks} measured).`;
}

/** Stay, and why that is right: the rival that came nearest, or is faster by too little. */
function staying(choice: Cell, closest: Rival | undefined, { minEffect }: ReportGroup): Said {
  const stay = `stay ${withWay(choice)}`;
  if (closest === undefined) return said(stay);
  const { comparison } = closest;
  const rival = rivalPhrase(closest);
  switch (comparison.verdict) {
    case 'slower':
      return said(stay, `${stay}. Every other configuration is slower. Closest: ${rival}`);
    case 'same':
      return said(stay, `${stay}. No configuration is faster. Closest: ${rival}`);
    case 'inconclusive':
      return {
        clause: stay,
        sentence: `${stay}. No configuration is significantly faster. Closest: ${rival}.${decisive(comparison)}`,
      };
    case 'faster': {
      const why = `not enough beyond the minimum effect (${inPercent(minEffect)}%) to pay for its workers`;
      return said(stay, `${stay}. Closest: ${rival}: ${why}`);
    }
    default:
      return comparison.verdict satisfies never;
  }
}
