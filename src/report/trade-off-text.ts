import type { MeasuredCell } from '../model/results.ts';
import type { GivenUp } from '../stats/decision.ts';
import { loopDelayText, medianText, p99Text } from './cell-text.ts';
import { capital, isMany, wayName, withWay } from './names.ts';
import { confidence, ratio, threeDigits } from './numbers.ts';
import { REFERENCE } from '../model/strategies.ts';

type TradeOff = GivenUp['tradeOff'];

/** For a headline: `no clear difference in throughput, but the event loop blocks the main thread for 199 ms, 2 worker threads for 4.33 ms`. */
export function tradeOffClause({ choice, other, tradeOff }: GivenUp): string {
  return `no clear difference in throughput, but ${tradeOff.loopDelayMs === undefined ? latencyClause(choice, other, tradeOff) : delayClause(choice, other)}`;
}

/** What whoever follows a recommendation gives up, and how to choose by that. */
export function tradeOffSentences({ choice, other, tradeOff }: GivenUp): string {
  const { loopDelayMs: delay } = tradeOff;
  return [
    ...(delay === undefined ? [] : [delaySentence(choice, other, delay, tradeOff)]),
    ...latencySentences(choice, other, tradeOff),
    `To choose by that: ${goalsOf(tradeOff)}.`,
  ].join(' ');
}

/** `the event loop blocks the main thread for 199 ms, 2 worker threads for 4.33 ms` */
function delayClause(choice: MeasuredCell, other: MeasuredCell): string {
  return `${wayName(choice)} ${isMany(choice) ? 'block' : 'blocks'} the main thread for ${loopDelayText(choice)}, ${wayName(other)} for ${loopDelayText(other)}`;
}

/** `a task takes 164 ms (median) on the event loop, 12.1 ms with 2 worker threads` */
function latencyClause(choice: MeasuredCell, other: MeasuredCell, tradeOff: TradeOff): string {
  const { name, of } = latencyOf(tradeOff);
  return `a task takes ${of(choice)} (${name}) ${withWay(choice)}, ${of(other)} ${withWay(other)}`;
}

function delaySentence(
  choice: MeasuredCell,
  other: MeasuredCell,
  delay: TradeOff['speedup'],
  { speedup }: TradeOff,
): string {
  const staying =
    choice.strategy === REFERENCE
      ? `Staying ${withWay(choice)} blocks`
      : `${capital(wayName(choice))} ${isMany(choice) ? 'block' : 'blocks'}`;
  return `${staying} the main thread for ${loopDelayText(choice)} (p99); ${wayName(other)} for ${loopDelayText(other)}, at ${ratio(speedup.estimate)}× the speed (${longer(delay)}).`;
}

function latencySentences(choice: MeasuredCell, other: MeasuredCell, tradeOff: TradeOff): readonly string[] {
  const times = tradeOff.taskP50Ms ?? tradeOff.taskP99Ms;
  if (times === undefined) return [];
  const { name, of } = latencyOf(tradeOff);
  const speed = tradeOff.loopDelayMs === undefined ? `, at ${ratio(tradeOff.speedup.estimate)}× the speed` : '';
  return [
    `A task has its result after ${of(choice)} (${name}) ${withWay(choice)}, after ${of(other)} ${withWay(other)}${speed} (${longer(times)}).`,
  ];
}

function latencyOf({ taskP50Ms }: TradeOff): { readonly name: string; readonly of: (cell: MeasuredCell) => string } {
  return taskP50Ms === undefined ? { name: 'p99', of: p99Text } : { name: 'median', of: medianText };
}

/** `46.0× as long, 97.5% CI 31.2–60.1` */
function longer({ estimate, lo, hi, level }: TradeOff['speedup']): string {
  const [first] = confidence({ lo, hi, level }).split(' CI ');
  return `${threeDigits(estimate)}× as long, ${first} CI ${threeDigits(lo)}–${threeDigits(hi)}`;
}

function goalsOf({ loopDelayMs, taskP50Ms, taskP99Ms }: TradeOff): string {
  const goals = [
    ...(loopDelayMs === undefined ? [] : ['--for responsiveness']),
    ...(taskP50Ms === undefined && taskP99Ms === undefined ? [] : ['--for latency']),
  ];
  return `lanewise tune ${goals.join(' or ')}`;
}
