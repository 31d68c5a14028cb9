import type { Cell, Comparison, WithholdingWarning } from '../model/results.ts';
import { decide, givenUp, type Decision, type Example, type Compared, type VersionCounts } from '../stats/decision.ts';
import { isFaster, isSlower, shownVerdict } from '../stats/compare.ts';
import { comparisonOf, type ReportGroup } from '../stats/groups.ts';
import { isSameProgram } from '../stats/same-program.ts';
import { isAboutFree } from '../stats/taken-cpus.ts';
import { costsLess } from '../stats/trade-off.ts';
import { present } from './document.ts';
import {
  allFailedClause,
  capital,
  configurationName,
  isMany,
  machineText,
  speedPhrase,
  withPreposition,
} from './names.ts';
import { confidence, inPercent, plural, ratio } from './numbers.ts';
import { openTieSentence, tieSentence, tradeOffClause, tradeOffSentences } from './trade-off-text.ts';
import { noSettingClause, settingClause } from './tuning/setting-clause.ts';

/** The verdict on one workload. */
export interface VerdictText {
  /** The recommendation, for a headline. */
  readonly clause: string;
  /** Why, what would decide it, what the choice is tied with, what it gives up. */
  readonly details: readonly string[];
}

export function verdictOf(group: ReportGroup): VerdictText {
  const verdict = ofThroughput(decide(group), group);
  const lost = givenUp(group);
  if (lost === undefined) return verdict;
  const tradeOff = tradeOffSentences(lost);
  if (!lost.comesFirst) return { ...verdict, details: [...verdict.details, ...tradeOff] };
  return {
    clause: tradeOffClause(lost),
    details: [...tradeOff, `By throughput: ${verdict.clause}.`, ...verdict.details],
  };
}

function ofThroughput(decision: Decision, group: ReportGroup): VerdictText {
  switch (decision.kind) {
    case 'setting':
      return said(
        settingClause(group, decision),
        notSignificant(group, decision.choice),
        tieSentence(group) ?? othersAreWorse(group, decision),
      );
    case 'no-setting':
      return said(noSettingClause(decision));
    case 'not-reached':
      return said('not measured', 'The run ended before it was reached.');
    case 'interrupted':
      return said(
        'no verdict: interrupted',
        group.cells.some(({ status }) => status === 'ok')
          ? 'What was measured is an estimate: a verdict needs all planned blocks.'
          : 'All that was reached has failed.',
      );
    case 'all-failed':
      return said(allFailedClause(group.cells));
    case 'withheld':
      return said(withheldClause(decision.by), 'See the warning above the verdict.');
    case 'versions':
      return ofVersions(decision.counts, decision.example);
    case 'twins':
      return ofTwins(decision.counts, decision.example);
    case 'alone':
      return said(`only ${configurationName(decision.cell)} ${isMany(decision.cell) ? 'were' : 'was'} measured`);
    case 'one-program':
      return said(
        `nothing to choose: ${group.cells.every(({ status }) => status === 'ok') ? 'all configurations' : 'those that did not fail'} are the same program`,
      );
    case 'too-few-blocks':
      return said('no verdict yet', `Too few blocks were measured to compare ${decision.cells} configurations.`);
    case 'not-compared': {
      const baseline = decision.baseline === undefined ? 'a baseline' : configurationName(decision.baseline);
      return said(
        'no verdict',
        `${capital(configurationName(decision.choice))} could not be compared with ${baseline}.`,
      );
    }
    case 'stay':
      return staying(decision, group);
    case 'undecided':
      return undecided(decision.baseline, decision.closest, group);
    case 'choose':
      return said(chosen(decision), tieSentence(group));
    default:
      return decision satisfies never;
  }
}

function said(clause: string, ...details: readonly (string | undefined)[]): VerdictText {
  return { clause, details: present(...details) };
}

/** `no verdict: this machine had 1.2 of 2 CPUs free; measure again` */
export function withheldClause(by: WithholdingWarning): string {
  if (by.kind !== 'taken-cpus') return 'no verdict: what was timed is probably not the work';
  const { machine, freeCpus, cores } = by;
  return freeCpus === null || !isAboutFree(by)
    ? 'no verdict: other programs took its CPU time; measure again'
    : `no verdict: ${machineText(machine)} had ${ratio(freeCpus)} of ${plural(cores, 'CPU')} free; measure again`;
}

/** Gains and losses of the newer of two versions, and an example. */
function ofVersions(counts: VersionCounts, example: Example | undefined): VerdictText {
  const clause = versionsPhrase(counts);
  if (counts.all === 0) return said(`no verdict: ${clause}`);
  if (example === undefined) return said(clause);
  const { cell, comparison, baseline } = example;
  return said(clause, `${capital(claim({ cell, comparison }, baseline))}.`, decisive(comparison));
}

/** Configurations that differ from themselves, with the largest difference: false alarms, since nothing differs. */
function ofTwins(counts: VersionCounts, example: Example | undefined): VerdictText {
  const isWrong = differing(counts) > 0;
  return said(
    twinsPhrase(counts),
    isWrong && example !== undefined ? `${capital(claim(example, example.baseline))}.` : undefined,
    isWrong ? 'Twins run the same program: what differs here is a false alarm.' : undefined,
    counts.same > 0 ? `Differing by less than the minimum effect: ${counts.same}.` : undefined,
  );
}

function differing(counts: VersionCounts): number {
  return counts.faster + counts.slower + counts['slightly faster'] + counts['slightly slower'];
}

/** `of 3 configurations, 1 differs significantly from its twin (A/A test)` */
export function twinsPhrase(counts: VersionCounts): string {
  if (counts.all === 0) return 'no configuration could be compared with its twin';
  const count = differing(counts);
  const many =
    count > 1
      ? `${count} differ significantly from their twins`
      : `${count === 0 ? 'none' : '1'} differs significantly from its twin`;
  return `of ${plural(counts.all, 'configuration')}, ${many} (A/A test)`;
}

const VERSION_WORDS = [
  ['slower', 'slower'],
  ['slightly slower', 'slightly slower'],
  ['faster', 'faster'],
  ['slightly faster', 'slightly faster'],
  ['inconclusive', 'not significantly different'],
  ['same', 'as fast'],
] as const;

/** `of 3 configurations, the new version is slower on 1, faster on 2` */
export function versionsPhrase(counts: VersionCounts): string {
  if (counts.all === 0) return 'no configuration could be measured in both versions';
  const found = VERSION_WORDS.filter(([verdict]) => counts[verdict] > 0);
  if (counts.all === 1) return `the new version is ${found.map(([, word]) => word).join()}`;
  const counted = found.map(([verdict, word]) => `${word} on ${counts[verdict]}`);
  return `of ${plural(counts.all, 'configuration')}, the new version is ${counted.join(', ')}`;
}

/** The speedup with its CI: `1.65× as fast as the event loop (99.3% CI 1.57–1.94)`. */
function speedupPhrase(comparison: Comparison, baseline: Cell): string {
  return `${speedPhrase(comparison, baseline)} (${confidence(comparison.speedup)})`;
}

/** `2 worker threads are 1.65× as fast as the event loop (99.3% CI 1.57–1.94)`. */
function claim({ cell, comparison }: Compared, baseline: Cell): string {
  return `${configurationName(cell)} ${isMany(cell) ? 'are' : 'is'} ${speedupPhrase(comparison, baseline)}`;
}

/** The configuration that looks best is not significantly faster than the baseline; others may be. */
function undecided(baseline: Cell, { cell, comparison }: Compared, group: ReportGroup): VerdictText {
  const isBest = group.comparisons.every(({ speedup }) => speedup.estimate <= comparison.speedup.estimate);
  return said(
    significantlyFaster(baseline, group, isBest ? undefined : configurationName(cell)),
    `Closest: ${configurationName(cell)}, ${ratio(comparison.speedup.estimate)}× as fast (${confidence(comparison.speedup)}).`,
    decisive(comparison),
    group.choice?.id === baseline.id ? tieSentence(group) : openTieSentence(group),
  );
}

function significantlyFaster(
  baseline: Cell,
  { comparisons, minEffect }: ReportGroup,
  except = 'the one that looks best',
): string {
  const faster = comparisons.filter((comparison) => isFaster(comparison, minEffect)).length;
  const than = `significantly faster than ${configurationName(baseline)}`;
  return faster === 0
    ? `no configuration is ${than}`
    : `${plural(faster, 'configuration')} ${faster === 1 ? 'is' : 'are'} ${than}, but not ${except}`;
}

/** That the other finalists that could have been chosen are worse; undefined: there are none. */
function othersAreWorse(
  { cells }: ReportGroup,
  { choice, tuned: { tuning } }: Extract<Decision, { kind: 'setting' }>,
): string | undefined {
  const others = cells.filter(({ id }) => id !== choice.id && tuning.finalists.includes(id));
  const within = others.filter(({ id, status }) => status === 'ok' && tuning.leftOut.every(({ cell }) => cell !== id));
  const which = others.some((cell) => cell.status === 'ok' && !within.includes(cell)) ? ' within the limits' : '';
  const ran = others.some(({ status }) => status === 'failed') ? ' that could be measured' : '';
  return within.length === 0 ? undefined : `Every other finalist${which}${ran} is worse.`;
}

/** For a tuning for throughput whose choice is not significantly faster: that, and what would decide it. */
function notSignificant(group: ReportGroup, choice: Cell): string | undefined {
  const { baseline, tuned } = group;
  const comparison = comparisonOf(choice, group);
  const isOpen = tuned?.goal.for === 'throughput' && comparison?.verdict === 'inconclusive';
  if (baseline === undefined || comparison === undefined || !isOpen) return undefined;
  return present(`${capital(significantlyFaster(baseline, group, 'the chosen one'))}.`, decisive(comparison)).join(' ');
}

function chosen({ choice, baseline, comparison, verdict }: Extract<Decision, { kind: 'choose' }>): string {
  const use = `use ${configurationName(choice)}`;
  if (verdict === 'faster') return `${use}, ${speedPhrase(comparison, baseline)}`;
  const speed =
    verdict === 'same'
      ? `as fast as ${configurationName(baseline)}`
      : `${verdict} than ${configurationName(baseline)} (${ratio(comparison.speedup.estimate)}×)`;
  if (!costsLess(choice, baseline)) return `${use}, ${speed}`;
  return `${use}: ${speed}, and ${isMany(choice) ? 'they cost' : 'it costs'} less`;
}

/** Four times the blocks of `--preset rigorous`, as many as `--until-decided` has at its last look. */
const SENSIBLE_BLOCKS = 96;

/** The number of blocks to measure; more than is sensible are no advice. */
function decisive({ blocks, blocksToDecide }: Comparison): string | undefined {
  if (blocksToDecide === undefined) return undefined;
  const most = Math.max(SENSIBLE_BLOCKS, 2 * blocks);
  return blocksToDecide > most
    ? `The difference is too small for the noise here: to decide it would take more than ${most} blocks (${blocks} measured).`
    : `--blocks ${blocksToDecide} would likely decide it (${blocks} measured).`;
}

const NONE_FASTER = 'No configuration is significantly faster.';

/** Why to stay with the baseline: nothing is faster, or not by enough. */
function staying({ choice, closest }: Extract<Decision, { kind: 'stay' }>, group: ReportGroup): VerdictText {
  const clause = group.isBaselineReplaced ? `use ${configurationName(choice)}` : `stay ${withPreposition(choice)}`;
  return said(clause, reasonToStay({ choice, closest }, group), tieSentence(group));
}

function isTied({ cell }: Compared, { tied }: ReportGroup): boolean {
  return tied.some(({ id }) => id === cell.id);
}

function reasonToStay(
  { choice, closest }: Pick<Extract<Decision, { kind: 'stay' }>, 'choice' | 'closest'>,
  group: ReportGroup,
): string | undefined {
  const { minEffect, cells } = group;
  if (closest === undefined) return isRaceDecided(cells) ? noneFaster(group) : undefined;
  const { cell, comparison } = closest;
  const verdict = shownVerdict(comparison, minEffect);
  const name = configurationName(cell);
  switch (verdict) {
    case 'slower':
      return noneFaster(group);
    case 'slightly faster':
    case 'slightly slower':
      // Not called slower and as good in one breath: the ties say why they were not chosen.
      return verdict === 'slightly slower' && isTied(closest, group)
        ? undefined
        : `Closest: ${name}, ${verdict} (${ratio(comparison.speedup.estimate)}×, ${confidence(comparison.speedup)}).`;
    case 'same':
    case 'inconclusive':
      return group.comparisons.some((one) => isFaster(one, minEffect))
        ? `${capital(significantlyFaster(choice, group))}.`
        : NONE_FASTER;
    case 'faster':
      return `${capital(name)} ${isMany(cell) ? 'gain' : 'gains'} too little beyond the minimum effect (${inPercent(minEffect)}%) to pay for ${isMany(cell) ? 'their' : 'its'} workers.`;
    default:
      return verdict satisfies never;
  }
}

/** Where the one with the highest speedup is slower, the others may be unclear, have failed or been dropped. */
function noneFaster(group: ReportGroup): string {
  const { cells, baseline, minEffect } = group;
  const same = cells.filter((cell) => isSameProgram(cell, group));
  const others = cells.filter((cell) => cell.id !== baseline?.id && !same.includes(cell));
  const ran = others.filter(({ status }) => status === 'ok');
  const areSlower = ran.every((cell) => {
    const comparison = comparisonOf(cell, group);
    return cell.dropped?.isSlower ?? (comparison !== undefined && isSlower(comparison, minEffect));
  });
  if (!areSlower) return NONE_FASTER;
  const which = `${same.length > 0 ? 'configuration with workers' : 'other configuration'}${ran.length < others.length ? ' that could be measured' : ''}`;
  return `Every ${which} is slower.`;
}

/** Whether every configuration that a race has dropped for its time was that far behind the baseline, too. */
function isRaceDecided(cells: readonly Cell[]): boolean {
  const dropped = cells.flatMap(({ dropped: out }) => (out === undefined || out.isSameProgram ? [] : [out]));
  return dropped.length > 0 && dropped.every((out) => out.isSlower);
}
