import type { Timeline } from '../model.ts';
import type { Finished } from './sample.ts';

type Slice = Timeline['slices'][number];

const NS_PER_MS = 1e6;

/** When each task of a traced batch ran and when it waited, in milliseconds since the batch was handed over. */
export function toSlices(handedOverNs: number, records: readonly Finished[]): Slice[] {
  const sinceStart = (ns: number): number => (ns - handedOverNs) / NS_PER_MS;
  return records.flatMap((record): Slice[] => {
    const bounds = (record.runs ?? []).filter(([from, to]) => to > from && from < record.finishedNs);
    const place = { task: record.index, lane: record.lane };
    const own: Slice[] = [];
    let endNs = record.startedNs;
    for (const [from, until] of bounds) {
      // What ran after the result was there is no part of the task.
      const to = Math.min(until, record.finishedNs);
      if (from > endNs) own.push({ ...place, startMs: sinceStart(endNs), endMs: sinceStart(from), kind: 'wait' });
      own.push({ ...place, startMs: sinceStart(from), endMs: sinceStart(to), kind: 'run' });
      endNs = to;
    }
    if (record.finishedNs > endNs)
      own.push({ ...place, startMs: sinceStart(endNs), endMs: sinceStart(record.finishedNs), kind: 'wait' });
    return own;
  });
}
