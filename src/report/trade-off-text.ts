import type { MeasuredCell, Recommendation } from '../model/results.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { capital, isMany, wayName } from './names.ts';
import { confidence, ratio, threeDigits } from './numbers.ts';

type TradeOff = NonNullable<Recommendation['tradeOff']>;

/** What whoever follows a recommendation gives up. */
export interface TradeOffText {
  /** Throughput does not tell the two apart: then this comes first. */
  readonly isTie: boolean;
  /** For a headline: `no clear difference in throughput, but the event loop blocks the main thread for 199 ms, 2 worker threads for 4.33 ms`. */
  readonly clause: string;
  readonly sentences: string;
}

export function tradeOffText({ cells, recommendation }: ReportGroup): TradeOffText | undefined {
  const tradeOff = recommendation?.tradeOff;
  const measured = cells.filter((cell): cell is MeasuredCell => cell.status === 'ok');
  const choice = measured.find(({ id }) => id === recommendation?.choose);
  const other = measured.find(({ id }) => id === tradeOff?.cell);
  if (tradeOff === undefined || choice === undefined || other === undefined) return undefined;
  const { loopDelayMs: delay } = tradeOff;
  return {
    isTie: recommendation?.tied.includes(other.id) === true,
    clause: `no clear difference in throughput, but ${delay === undefined ? latencyClause(choice, other, tradeOff) : delayClause(choice, other)}`,
    sentences: [
      ...(delay === undefined ? [] : [delaySentence(choice, other, delay, tradeOff)]),
      ...latencySentences(choice, other, tradeOff),
      `To choose by that: ${goalsOf(tradeOff)}.`,
    ].join(' '),
  };
}

/** `the event loop blocks the main thread for 199 ms, 2 worker threads for 4.33 ms` */
function delayClause(choice: MeasuredCell, other: MeasuredCell): string {
  return `${wayName(choice)} ${isMany(choice) ? 'block' : 'blocks'} the main thread for ${delayOf(choice)}, ${wayName(other)} for ${delayOf(other)}`;
}

/** `a task takes 164 ms (median) on the event loop, 12.1 ms with 2 worker threads` */
function latencyClause(choice: MeasuredCell, other: MeasuredCell, tradeOff: TradeOff): string {
  const { name, of } = latencyOf(tradeOff);
  return `a task takes ${of(choice)} (${name}) ${within(choice)}, ${of(other)} ${within(other)}`;
}

function delaySentence(
  choice: MeasuredCell,
  other: MeasuredCell,
  delay: TradeOff['speedup'],
  { speedup }: TradeOff,
): string {
  const staying =
    choice.strategy === 'event-loop'
      ? 'Staying on the event loop blocks'
      : `${capital(wayName(choice))} ${isMany(choice) ? 'block' : 'blocks'}`;
  return `${staying} the main thread for ${delayOf(choice)} (p99); ${wayName(other)} for ${delayOf(other)}, at ${ratio(speedup.estimate)}× the speed (${longer(delay)}).`;
}

function latencySentences(choice: MeasuredCell, other: MeasuredCell, tradeOff: TradeOff): readonly string[] {
  const times = tradeOff.taskP50Ms ?? tradeOff.taskP99Ms;
  if (times === undefined) return [];
  const { name, of } = latencyOf(tradeOff);
  const speed = tradeOff.loopDelayMs === undefined ? `, at ${ratio(tradeOff.speedup.estimate)}× the speed` : '';
  return [
    `A task has its result after ${of(choice)} (${name}) ${within(choice)}, after ${of(other)} ${within(other)}${speed} (${longer(times)}).`,
  ];
}

function latencyOf({ taskP50Ms }: TradeOff): { readonly name: string; readonly of: (cell: MeasuredCell) => string } {
  return taskP50Ms === undefined
    ? { name: 'p99', of: ({ summary }) => `${threeDigits(summary.taskMs.p99)} ms` }
    : { name: 'median', of: ({ summary }) => `${threeDigits(summary.taskMs.p50)} ms` };
}

function delayOf({ summary }: MeasuredCell): string {
  return `${threeDigits(summary.loopDelayMs.p99)} ms`;
}

function within(cell: MeasuredCell): string {
  return `${cell.strategy === 'event-loop' ? 'on' : 'with'} ${wayName(cell)}`;
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
