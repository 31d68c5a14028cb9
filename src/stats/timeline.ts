import type { Ran } from '../../workers/contract.ts';
import type { Slice } from '../model/results.ts';

/**
 * A task that was away for less was not waiting for anything: going round the event loop takes longer than that, and
 * recording the end of one stretch and the start of the next takes about as long. Without this, half of the slices of an
 * HTTP request are such gaps.
 */
const SHORTEST_WAIT_NS = 10_000;
const NS_PER_US = 1000;
const US_PER_MS = 1000;

/** A task that has ended, well or not, and its lane. */
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

/** When each task of a traced batch ran and when it waited, in milliseconds (to the microsecond) since it was handed over. */
export function toSlices(handedOverNs: number, records: readonly TracedTask[]): Slice[] {
  const runs = joined(records.flatMap(runsOf));
  const sinceStart = (ns: number): number => Math.round((ns - handedOverNs) / NS_PER_US) / US_PER_MS;
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
      // What ran after the result was there is no part of the task.
      .map(([fromNs, to]) => ({ task: index, lane, fromNs, toNs: Math.min(to, finishedNs) }))
  );
}

/** By task: its runs, those joined between which the lane ran nothing else and there was no time to wait for anything. */
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
