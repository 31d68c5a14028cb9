import type { shortId } from '../model/cell-id.ts';
import type { MeasuredCell, ChosenFor } from '../model/results.ts';
import { REFERENCE } from '../model/strategies.ts';
import type { GivenUp } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { capital, isMany, wayName, withWay } from './names.ts';
import { loopDelayText, medianText, p99Text, confidence, ratio, threeDigits } from './numbers.ts';

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

const REASONS: Readonly<Record<Exclude<ChosenFor, 'only'>, string>> = {
  'near-best': 'the only one that looks close to the best',
  'beats-baseline': 'the only one shown to be faster than the baseline',
  'fewest-workers': 'fewest workers',
  'libuv-threads': 'fewest libuv threads',
  kept: 'your current setting; nothing as good needs fewer workers',
  'looks-best': 'looks best of those with as few workers',
  'least-cpu': 'least CPU time per task',
  'least-memory': 'least memory',
  baseline: 'as few workers as any, and the baseline',
  first: 'as few workers as any; nothing else tells them apart',
};

/** What could not be told from the choice; empty if nothing. */
export interface Tie {
  readonly names: readonly string[];
  /** Why the choice was chosen among them: `fewest workers`; undefined in results of before that was kept. */
  readonly chosenFor: string | undefined;
}

export function tieOf({ recommendation, tied }: ReportGroup, name: typeof wayName | typeof shortId = wayName): Tie {
  const { chosenFor } = recommendation ?? {};
  return {
    names: tied.map((cell) => name(cell)),
    chosenFor: chosenFor === undefined || chosenFor === 'only' ? undefined : REASONS[chosenFor],
  };
}

const SHOWN = 3;

/** `Tied with: 4 worker threads (chosen: fewest workers).`; undefined where nothing is tied. */
export function tieSentence(group: ReportGroup): string | undefined {
  const { names, chosenFor } = tieOf(group);
  if (names.length === 0) return undefined;
  const shown =
    names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', ');
  return `Tied with: ${shown}${chosenFor === undefined ? '' : ` (chosen: ${chosenFor})`}.`;
}
