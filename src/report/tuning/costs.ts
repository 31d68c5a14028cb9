import type { MeasuredCell } from '../../model/results.ts';
import { REFERENCE } from '../../model/strategies.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { paybackOf } from '../../stats/trade-off.ts';
import { loopDelayText, medianText, memoryText, ms, plural, ratio, taskLatencyText } from '../numbers.ts';

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

/** The event loop that was measured with the choice, unless that is one. */
function loopOf({ cells }: ReportGroup, choice: MeasuredCell): MeasuredCell | undefined {
  if (choice.strategy === REFERENCE) return undefined;
  return cells.find(
    (cell): cell is MeasuredCell => cell.status === 'ok' && cell.strategy === REFERENCE && cell.uvThreads === undefined,
  );
}
