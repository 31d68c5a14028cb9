import type { Ran } from '../../workers/contract.ts';
import type { Slice } from '../model/results.ts';

/**
 * A shorter gap in a task is not a wait: a turn of the event loop takes longer, and recording the end of one run and
 * the start of the next takes about as long. Without this, half of the slices of an HTTP request would be such gaps.
 */
const SHORTEST_WAIT_NS = 10_000;
const NS_PER_US = 1000;
const US_PER_MS = 1000;

/** A task that ended, well or not, with its worker. */
export interface TracedTask extends Omit<Ran, 'runs'>, Partial<Pick<Ran, 'runs'>> {
  readonly index: number;
  readonly lane: number;
}

interface Run {
  readonly task: number;
  readonly lane: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Intervals in which each task of a traced batch ran or waited, in ms (to the microsecond) since it began. */
export function toSlices(batchStartNs: number, records: readonly TracedTask[]): Slice[] {
  const runs = joined(records.flatMap(runsOf));
  const sinceStart = (ns: number): number => Math.round((ns - batchStartNs) / NS_PER_US) / US_PER_MS;
  return records.flatMap(({ index, lane, startedNs, finishedNs }): Slice[] => {
    const slices: Slice[] = [];
    const add = (kind: Slice['kind'], fromNs: number, toNs: number): void => {
      const [startMs, endMs] = [sinceStart(fromNs), sinceStart(toNs)];
      if (endMs > startMs) slices.push({ task: index, lane, startMs, endMs, kind });
    };
    let endNs = startedNs;
    for (const { fromNs, toNs } of runs.get(index) ?? []) {
      add('wait', endNs, fromNs);
      add('run', fromNs, toNs);
      endNs = toNs;
    }
    add('wait', endNs, finishedNs);
    return slices;
  });
}

function runsOf({ index, lane, finishedNs, runs = [] }: TracedTask): Run[] {
  return (
    runs
      .filter(([from, to]) => to > from && from < finishedNs)
      // Code that ran after the result is not part of the task.
      .map(([fromNs, to]) => ({ task: index, lane, fromNs, toNs: Math.min(to, finishedNs) }))
  );
}

/** Runs by task, joined where its worker ran nothing else between them and the gap is too short for a wait. */
function joined(runs: readonly Run[]): ReadonlyMap<number, readonly Run[]> {
  const inTurn = runs.toSorted((a, b) => a.lane - b.lane || a.fromNs - b.fromNs);
  const byTask = new Map<number, Run[]>();
  let before: Run | undefined;
  for (const run of inTurn) {
    const own = byTask.get(run.task) ?? [];
    byTask.set(run.task, own);
    const isSame = before?.task === run.task && before.lane === run.lane && run.fromNs - before.toNs < SHORTEST_WAIT_NS;
    before = isSame && before !== undefined ? { ...before, toNs: Math.max(before.toNs, run.toNs) } : run;
    own.splice(isSame ? own.length - 1 : own.length, 1, before);
  }
  return byTask;
}
