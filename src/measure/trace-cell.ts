import type { Timeline } from '../model/results.ts';
import type { Contestant, GroupContext } from './contestants.ts';

/** So many batches are traced to find one that is like those that were measured. */
const MOST_TRACES = 3;
/** As near to the median batch, in logarithms, as batches are to each other. */
const NEAR = Math.log(1.05);
/** Slow batches are not traced again and again. */
const TRACING_LIMIT_MS = 2000;

/**
 * The timeline of one batch. Tracing slows some work down, and single batches are slow by chance: of a few, the one is kept
 * whose time is nearest to the median of those that were measured, so that no winner is drawn slower than its rival.
 */
export async function traceCell({ group, equalWork }: GroupContext, { log, host }: Contestant): Promise<Timeline> {
  const batchTasks = group.workload.tasks;
  const median = medianOf(log.samples.map(({ wallMs }) => wallMs));
  let best: { readonly timeline: Timeline; readonly off: number } | undefined;
  let spentMs = 0;
  for (let traces = 0; traces < MOST_TRACES; traces++) {
    const { kind: _kind, memoryBytes, digests, ...traced } = await host.trace();
    equalWork.check(log.cell.id, digests);
    if (memoryBytes !== undefined) log.memoryBytes.push(memoryBytes);
    const { batchMs = 0, tasks = batchTasks } = traced;
    const off = Math.abs(Math.log(batchMs / (median * Math.min(1, tasks / batchTasks))));
    if (best === undefined || off < best.off) best = { timeline: { cell: log.cell.id, ...traced }, off };
    spentMs += batchMs;
    if (best.off < NEAR || spentMs > TRACING_LIMIT_MS) break;
  }
  if (best === undefined) throw new RangeError('nothing was traced');
  return best.timeline;
}

function medianOf(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  const middle = inOrder.length / 2;
  return ((inOrder[Math.floor(middle)] ?? 0) + (inOrder[Math.ceil(middle) - 1] ?? 0)) / 2;
}
