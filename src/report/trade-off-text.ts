import type { MeasuredCell, ChosenFor } from '../model/results.ts';
import { SHORTEST_DELAY_MS } from '../stats/compare.ts';
import type { GivenUp } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { chosenAmong, costsLess } from '../stats/trade-off.ts';
import { present } from './document.ts';
import { capital, configurationName, isMany, poolName, withPreposition } from './names.ts';
import { confidence, inPercent, listed, loopDelayText, medianText, p99Text, ratio, threeDigits } from './numbers.ts';

/**
 * For a headline: `no significant difference in throughput; main thread blocked for 199 ms on the event loop, 4.33 ms
 * with 2 worker threads`.
 */
export function tradeOffClause(lost: GivenUp): string {
  const clause = lost.tradeOff.loopDelayMs === undefined ? latencyClause(lost) : delayClause(lost);
  const { lo, hi } = lost.tradeOff.speedup;
  const throughput = lo <= 1 && hi >= 1 ? 'no significant difference in throughput' : 'tied in throughput';
  return `${throughput}; ${clause}`;
}

/** Costs of following the recommendation, and how to choose by that instead. */
export function tradeOffSentences(lost: GivenUp): readonly string[] {
  const { loopDelayMs: delay, taskP50Ms, taskP99Ms } = lost.tradeOff;
  const times = taskP50Ms ?? taskP99Ms;
  const goals = present(delay && '--for responsiveness', times && '--for latency');
  return present(
    delay && `${delaySentence(lost)}, ${atSpeed(lost)} (${longer(lost, delay)}${countedAs(lost)}).`,
    times && `${latencySentence(lost)}${delay === undefined ? `, ${atSpeed(lost)}` : ''} (${longer(lost, times)}).`,
    `To choose by that: lanewise tune ${goals.join(' or ')}.`,
  );
}

/** `main thread blocked for 199 ms on the event loop, 4.33 ms with 2 worker threads` */
function delayClause({ choice, other }: GivenUp): string {
  return `main thread blocked for ${loopDelayText(choice)} ${withPreposition(choice)}, ${loopDelayText(other)} ${withPreposition(other)}`;
}

/** `a task takes 164 ms (median) on the event loop, 12.1 ms with 2 worker threads` */
function latencyClause({ choice, other, tradeOff }: GivenUp): string {
  const { name, of } = latencyOf(tradeOff);
  return `a task takes ${of(choice)} (${name}) ${withPreposition(choice)}, ${of(other)} ${withPreposition(other)}`;
}

function delaySentence({ choice, other }: GivenUp): string {
  return `Event-loop delay p99: ${loopDelayText(choice)} ${withPreposition(choice)}, ${loopDelayText(other)} ${withPreposition(other)}`;
}

/** The ratio is not that of the two delays if one is too short to matter. */
function countedAs({ other }: GivenUp): string {
  return other.summary.loopDelayMs.p99 < SHORTEST_DELAY_MS
    ? `; a delay under ${SHORTEST_DELAY_MS} ms counts as ${SHORTEST_DELAY_MS} ms`
    : '';
}

function latencySentence({ choice, other, tradeOff }: GivenUp): string {
  const { name, of } = latencyOf(tradeOff);
  return `Task latency (${name}): ${of(choice)} ${withPreposition(choice)}, ${of(other)} ${withPreposition(other)}`;
}

function atSpeed({ tradeOff: { speedup } }: GivenUp): string {
  return `at ${ratio(speedup.estimate)}× the speed`;
}

function latencyOf({ taskP50Ms }: GivenUp['tradeOff']): {
  readonly name: string;
  readonly of: (cell: MeasuredCell) => string;
} {
  return taskP50Ms === undefined ? { name: 'p99', of: p99Text } : { name: 'median', of: medianText };
}

/** `46.0× as long on the event loop, 97.5% CI 31.2–60.1` */
function longer({ choice }: GivenUp, times: GivenUp['tradeOff']['speedup']): string {
  return `${threeDigits(times.estimate)}× as long ${withPreposition(choice)}, ${confidence(times, threeDigits)}`;
}

/**
 * Why one of the tied ones was chosen; and in other words, if a tied one that looks worse by more than half of the
 * minimum effect, and so was not chosen from, costs less.
 */
const REASONS: Readonly<Record<Exclude<ChosenFor, 'only' | 'near-best'>, readonly [reason: string, among?: string]>> = {
  'beats-baseline': ['the only one of these shown to be faster than the baseline'],
  'no-server': ['the others need a server', 'the others that look as good need a server'],
  'fewest-workers': ['fewest workers', 'fewest workers of those that look as good'],
  'libuv-threads': ['fewest libuv threads', 'fewest libuv threads of those that look as good'],
  kept: ['the baseline; none as good needs fewer workers'],
  plainest: ['the simplest of those with as few workers'],
  'looks-best': ['the best of those with as few workers'],
  'least-cpu': ['least CPU time per task', 'least CPU time per task of those that look as good'],
  'least-memory': ['least memory', 'least memory of those that look as good'],
  baseline: [
    'the baseline; none costs less in workers, CPU time or memory',
    'the baseline; none that looks as good costs less in workers, CPU time or memory',
  ],
  first: [
    'none needs fewer workers, less CPU time or less memory',
    'none that looks as good needs fewer workers, less CPU time or less memory',
  ],
};

function isForThroughput(tuned: ReportGroup['tuned']): boolean {
  return tuned === undefined || tuned.goal.for === 'throughput';
}

/** Why the choice was chosen among the tied ones: `fewest workers`; undefined for earlier results. */
function chosenForOf({ recommendation, tuned, minEffect, choice, tied }: ReportGroup): string | undefined {
  const { chosenFor, shown } = recommendation ?? {};
  const left = tied.filter(({ id }) => shown?.includes(id) ?? true);
  const those = choice === undefined ? '' : chosenAmong([choice, ...tied], [choice, ...left]);
  const hasCheaper = choice !== undefined && left.some((cell) => cell.status === 'ok' && costsLess(cell, choice));
  if (chosenFor === 'kept' && tuned?.tuning.current !== undefined)
    return 'your current configuration; none as good needs fewer workers';
  // The CI of a tied one may leave 1 out, but not the minimum effect.
  if (chosenFor === 'near-best')
    return `${those}the others look ${isForThroughput(tuned) ? 'slower' : 'worse'}, though not surely by ${inPercent(minEffect)}%`;
  if (chosenFor === undefined || chosenFor === 'only') return undefined;
  const [reason, among = reason] = REASONS[chosenFor];
  return `${those}${hasCheaper ? among : reason}`;
}

const SHOWN = 3;

/** `Tied with: 4 worker threads. 2 worker threads were chosen: fewest workers.`; undefined if nothing is tied. */
export function tieSentence(group: ReportGroup): string | undefined {
  const tied = tiedText(group);
  if (tied === undefined) return undefined;
  const { choice } = group;
  const reasons = reasonsText(group);
  if (choice === undefined || reasons === '') return tied;
  return `${tied} ${capital(configurationName(choice))} ${isMany(choice) ? 'were' : 'was'} chosen: ${reasons}.`;
}

/** `To choose now, take 2 worker threads: fewest workers. Tied with: …`, where nothing is significantly faster. */
export function openTieSentence(group: ReportGroup): string | undefined {
  const tied = tiedText(group);
  const { choice } = group;
  if (tied === undefined || choice === undefined) return tied;
  const reasons = reasonsText(group);
  return `To choose now, take ${configurationName(choice)}${reasons === '' ? '' : `: ${reasons}`}. ${tied}`;
}

function tiedText(group: ReportGroup): string | undefined {
  const names = tiedNames(group);
  return names.length === 0 ? undefined : `Tied with: ${listed(names, SHOWN)}.`;
}

function reasonsText(group: ReportGroup): string {
  return present(chosenForOf(group), bestText(group)).join('; ');
}

/** The tied ones; those that are the choice but for its concurrency first: `the same at concurrency 4 or all`. */
function tiedNames({ choice, tied }: ReportGroup): readonly string[] {
  const same = tied.filter((cell) => choice !== undefined && poolName(cell) === poolName(choice));
  const others = tied.filter((cell) => !same.includes(cell)).map(configurationName);
  if (same.length === 0) return others;
  return [`the same at concurrency ${same.map(({ concurrency }) => String(concurrency)).join(' or ')}`, ...others];
}

/** From here on a percentage misleads: 1100% slower is 12 times as slow. */
const AS_TIMES = 1;

/** `the choice is at most 3.1% slower than the best`; undefined if it is shown to be the best, and for earlier results. */
function bestText({ recommendation, choice, tuned, cells }: ReportGroup): string | undefined {
  const { withinBest } = recommendation ?? {};
  if (choice === undefined || withinBest === undefined || inPercent(withinBest) === 0) return undefined;
  const share =
    withinBest < AS_TIMES ? `${inPercent(withinBest)}% slower than` : `${ratio(1 + withinBest)}× as slow as`;
  const isLimited = tuned?.tuning.leftOut.some(
    ({ cell, because }) => because !== 'failed' && cells.some(({ id }) => id === cell),
  );
  return `the choice is at most ${share} the best${isLimited === true ? ' within the limits' : ''}`;
}
