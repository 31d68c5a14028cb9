import type { MeasuredCell, ChosenFor } from '../model/results.ts';
import { REFERENCE } from '../model/strategies.ts';
import type { GivenUp } from '../stats/decision.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { present } from './document.ts';
import { capital, isMany, wayName, withWay } from './names.ts';
import { confidence, listed, loopDelayText, medianText, p99Text, ratio, threeDigits } from './numbers.ts';

/** For a headline: `no clear difference in throughput, but the event loop blocks the main thread for 199 ms, 2 worker threads for 4.33 ms`. */
export function tradeOffClause(lost: GivenUp): string {
  const clause = lost.tradeOff.loopDelayMs === undefined ? latencyClause(lost) : delayClause(lost);
  return `no clear difference in throughput, but ${clause}`;
}

/** What whoever follows a recommendation gives up, and how to choose by that. */
export function tradeOffSentences(lost: GivenUp): string {
  const { loopDelayMs: delay, taskP50Ms, taskP99Ms } = lost.tradeOff;
  const times = taskP50Ms ?? taskP99Ms;
  const goals = present(delay && '--for responsiveness', times && '--for latency');
  return present(
    delay && `${delaySentence(lost)}, ${atSpeed(lost)} (${longer(delay)}).`,
    times && `${latencySentence(lost)}${delay === undefined ? `, ${atSpeed(lost)}` : ''} (${longer(times)}).`,
    `To choose by that: lanewise tune ${goals.join(' or ')}.`,
  ).join(' ');
}

/** `the event loop blocks the main thread for 199 ms, 2 worker threads for 4.33 ms` */
function delayClause({ choice, other }: GivenUp): string {
  return `${wayName(choice)} ${isMany(choice) ? 'block' : 'blocks'} the main thread for ${loopDelayText(choice)}, ${wayName(other)} for ${loopDelayText(other)}`;
}

/** `a task takes 164 ms (median) on the event loop, 12.1 ms with 2 worker threads` */
function latencyClause({ choice, other, tradeOff }: GivenUp): string {
  const { name, of } = latencyOf(tradeOff);
  return `a task takes ${of(choice)} (${name}) ${withWay(choice)}, ${of(other)} ${withWay(other)}`;
}

function delaySentence({ choice, other }: GivenUp): string {
  const staying =
    choice.strategy === REFERENCE
      ? `Staying ${withWay(choice)} blocks`
      : `${capital(wayName(choice))} ${isMany(choice) ? 'block' : 'blocks'}`;
  return `${staying} the main thread for ${loopDelayText(choice)} (p99); ${wayName(other)} for ${loopDelayText(other)}`;
}

function latencySentence({ choice, other, tradeOff }: GivenUp): string {
  const { name, of } = latencyOf(tradeOff);
  return `A task has its result after ${of(choice)} (${name}) ${withWay(choice)}, after ${of(other)} ${withWay(other)}`;
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

/** `46.0× as long, 97.5% CI 31.2–60.1` */
function longer(times: GivenUp['tradeOff']['speedup']): string {
  return `${threeDigits(times.estimate)}× as long, ${confidence(times, threeDigits)}`;
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

/** Why the choice was chosen among those that are tied: `fewest workers`; undefined in results of before that was kept. */
export function chosenForOf({ recommendation }: ReportGroup): string | undefined {
  const { chosenFor } = recommendation ?? {};
  return chosenFor === undefined || chosenFor === 'only' ? undefined : REASONS[chosenFor];
}

const SHOWN = 3;

/** `Tied with: 4 worker threads (chosen: fewest workers).`; undefined where nothing is tied. */
export function tieSentence(group: ReportGroup): string | undefined {
  const names = group.tied.map(wayName);
  const chosenFor = chosenForOf(group);
  if (names.length === 0) return undefined;
  return `Tied with: ${listed(names, SHOWN)}${chosenFor === undefined ? '' : ` (chosen: ${chosenFor})`}.`;
}
