import type { Cell, MeasuredCell, Tuning, TuningGoal } from '../../model/results.ts';
import type { Decision } from '../../stats/decision.ts';
import { comparisonOf, type ReportGroup, type Tuned } from '../../stats/groups.ts';
import { paybackOf } from '../../stats/trade-off.ts';
import {
  loopDelayText,
  medianText,
  memoryText,
  ms,
  p99Text,
  taskLatencyText,
  duration,
  listed,
  percent,
  plural,
  ratio,
  threeDigits,
} from '../numbers.ts';
import { capital, speedPhrase, configurationName, withPreposition } from '../names.ts';
import { REFERENCE } from '../../model/strategies.ts';

type Setting = Pick<Extract<Decision, { kind: 'setting' }>, 'choice' | 'tuned'>;

/** The clause of a headline: `use 2 worker threads, 4 tasks at once each: 1.82× as fast as the event loop`. */
export function settingClause(group: ReportGroup, { choice, tuned }: Setting): string {
  return `${verb(choice, tuned)}${gain(choice, group, tuned.goal)}`;
}

/** The recommendation. */
function verb(choice: Cell, { tuning }: Tuned): string {
  const isKept = tuning.current === choice.id;
  if (isKept && choice.strategy === REFERENCE) return `stay ${withPreposition(choice)}`;
  return `${isKept ? 'keep' : 'use'} ${configurationName(choice)}`;
}

/** The gain over the baseline. */
function gain(choice: MeasuredCell, group: ReportGroup, goal: TuningGoal): string {
  const { baseline } = group;
  const comparison = comparisonOf(choice, group);
  if (baseline === undefined || comparison === undefined) return ': nothing is significantly better';
  const speed = speedPhrase(comparison, baseline);
  if (goal.for === 'throughput' || baseline.status !== 'ok')
    return comparison.verdict === 'inconclusive' ? `: ${speed}, not significantly` : `: ${speed}`;
  const { name, read } = AIMS[goal.for];
  return `: ${name} ${read(choice)} (${configurationName(baseline)} ${read(baseline)}), ${speed}`;
}

/** Goals other than throughput. */
const AIMS = {
  latency: { name: 'task latency p99', read: p99Text },
  responsiveness: { name: 'event-loop delay p99', read: loopDelayText },
  memory: { name: 'memory', read: memoryText },
} as const satisfies Record<
  Exclude<TuningGoal['for'], 'throughput'>,
  { readonly name: string; readonly read: (cell: MeasuredCell) => string }
>;

/** The reason why there is no recommendation. */
export function noSettingClause({
  reason,
  tuned: { goal },
}: Pick<Extract<Decision, { kind: 'no-setting' }>, 'reason' | 'tuned'>): string {
  switch (reason.kind) {
    case 'none-measured':
      return 'no configuration could be measured';
    case 'over-limits': {
      const { least } = reason;
      const most = goal.maxMemoryMiB === null ? [] : [`${threeDigits(goal.maxMemoryMiB)} MiB`];
      // The limit that would be needed.
      const wanted = most.length === 0 ? '' : `; the smallest needs ${memoryText(least)} (${configurationName(least)})`;
      return `no configuration fits in ${[...most, `at most ${plural(goal.maxPoolSize, 'worker')}`].join(' with ')}${wanted}`;
    }
    case 'only-one':
      return `nothing to choose from: only ${configurationName(reason.cell)} was measured`;
    case 'too-few-blocks':
      return 'no verdict yet: too little was measured to tell the candidates apart';
    case 'interrupted':
      return 'no verdict: interrupted';
    default:
      return reason satisfies never;
  }
}

/** Costs of the choice, compared with the event loop if that was measured. */
export function costLines(group: ReportGroup): readonly string[] {
  const { choice } = group;
  if (choice === undefined) return [];
  const loop = loopOf(group, choice);
  const beside = (read: (cell: MeasuredCell) => string): string =>
    loop === undefined ? read(choice) : `${read(choice)} (the event loop ${read(loop)})`;
  return [
    `memory: ${beside(memoryText)}`,
    `CPU time per task: ${beside(({ summary }) => ms(summary.cpuMsPerTask))}`,
    `main thread: event-loop delay p99 ${beside(loopDelayText)}`,
    `task latency: ${beside(taskLatencyText)}`,
    `startup: ${ms(choice.summary.startupMs)}${payback(choice, loop, group)}`,
  ];
}

/** Number of tasks after which the startup time is saved; empty if nothing is saved. */
function payback(choice: MeasuredCell, loop: MeasuredCell | undefined, group: ReportGroup): string {
  const batches = loop && paybackOf(choice, loop, group);
  return typeof batches === 'number'
    ? `, breaks even after ${plural(Math.ceil(batches * group.workload.tasks), 'task')}`
    : '';
}

/** Where the gain comes from, or where the time goes. */
export function whyLine(group: ReportGroup, cores: number): string | undefined {
  const { choice } = group;
  if (choice === undefined) return undefined;
  const { cpusUsed, tasksInFlight } = choice.summary;
  const loop = loopOf(group, choice);
  const than = loop === undefined ? '' : ` (the event loop ${ratio(loop.summary.cpusUsed)})`;
  return `CPUs used: ${ratio(cpusUsed)} of ${cores}${than}. Tasks in flight: ${ratio(tasksInFlight)}. ${latencySentence(choice)}`;
}

/**
 * `Median task latency 16.9 ms: 0.900 ms running, 15.9 ms queued behind other tasks, 0.100 ms dispatch, 0.0100 ms
 * return.`
 */
function latencySentence(choice: MeasuredCell): string {
  const { queuedMs, dispatchMs, runningMs, returnMs } = choice.summary;
  const total = `Median task latency ${medianText(choice)}`;
  // Earlier results have one figure for all latency but the task itself.
  if (queuedMs === undefined || runningMs === undefined || returnMs === undefined)
    return `${total}, of which ${ms(dispatchMs.p50)} queued, dispatch and return.`;
  return `${total}: ${ms(runningMs.p50)} running, ${ms(queuedMs.p50)} queued behind other tasks, ${ms(dispatchMs.p50)} dispatch, ${ms(returnMs.p50)} return (medians).`;
}

/** The event loop that was measured with the choice, unless it is the choice. */
function loopOf({ cells }: ReportGroup, choice: MeasuredCell): MeasuredCell | undefined {
  return cells.find(
    (cell): cell is MeasuredCell =>
      cell.status === 'ok' && cell.strategy === REFERENCE && cell.uvThreads === undefined && cell !== choice,
  );
}

/** How the configuration was found. */
export function searchLine({ tuning, goal }: Tuned): string {
  const screened = `${plural(tuning.screened, 'candidate')} screened in ${duration(tuning.screeningMs)}`;
  const { length } = tuning.finalists;
  const confirmed =
    length === 0
      ? ''
      : `, ${plural(length, 'finalist')} measured again in ${duration(tuning.durationMs - tuning.screeningMs)}`;
  const aim =
    goal.for === 'throughput'
      ? 'for throughput'
      : `for ${goal.for}, with at least ${percent(goal.minThroughput)} of the best throughput`;
  return `Tuned ${aim}: ${screened}${confirmed}.`;
}

const MOST_NAMED = 6;

const WHY_NOT = {
  failed: 'failed',
  memory: 'needs more memory than allowed',
  'pool-size': 'has more workers than allowed',
} as const satisfies Record<Tuning['leftOut'][number]['because'], string>;

/** Candidates that could not be chosen, by reason. */
export function leftOutLines({ tuning, screened }: Tuned): readonly string[] {
  return Object.entries(WHY_NOT).flatMap(([reason, words]) => {
    const ids = tuning.leftOut
      .filter(({ because }) => because === reason)
      .flatMap(({ cell }) => screened.filter(({ id }) => id === cell).map(configurationName));
    return ids.length === 0 ? [] : [`${capital(words)}: ${listed(ids, MOST_NAMED)}.`];
  });
}
