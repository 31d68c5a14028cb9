import type { MeasuredCell } from '../model/results.ts';
import { threeDigits } from './numbers.ts';

/** `Median task latency 16.9 ms: 0.900 ms running, 15.9 ms queued behind other tasks, 0.100 ms dispatch, 0.0100 ms return.` */
export function latencySentence({ summary }: MeasuredCell): string {
  const { taskMs, queuedMs, dispatchMs, runningMs, returnMs } = summary;
  const total = `Median task latency ${threeDigits(taskMs.p50)} ms`;
  // Earlier results have one figure for all that is not the task itself.
  if (queuedMs === undefined || runningMs === undefined || returnMs === undefined)
    return `${total}, of which ${threeDigits(dispatchMs.p50)} ms queued, dispatch and return.`;
  return `${total}: ${threeDigits(runningMs.p50)} ms running, ${threeDigits(queuedMs.p50)} ms queued behind other tasks, ${threeDigits(dispatchMs.p50)} ms dispatch, ${threeDigits(returnMs.p50)} ms return (medians).`;
}
