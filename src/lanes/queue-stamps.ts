import type { TaskRecord } from '../../workers/contract.ts';

/** A finished task, by its timestamps. */
interface Stamped {
  readonly index: number;
  readonly lane: number;
  readonly startedNs: number;
  readonly digestedNs: number;
}

/**
 * When a worker had room for each task of a batch, by index. A queue does not show it; but a worker has room from the
 * beginning for as many tasks as it runs at once, and for another one when one of them ends. What passes from there to
 * the task's start is the price of the queue.
 */
export function roomForEach(
  records: readonly TaskRecord[],
  batchStartNs: number,
  concurrency: number,
): ReadonlyMap<number, number> {
  const byLane = new Map<number, Stamped[]>();
  for (const { index, reply } of records) {
    if (reply.status !== 'ok') continue;
    const { lane, startedNs, digestedNs } = reply;
    const own = byLane.get(lane) ?? [];
    byLane.set(lane, own);
    own.push({ index, lane, startedNs, digestedNs });
  }
  return new Map(
    [...byLane.values()].flatMap((own) => {
      const ends = own.map(({ digestedNs }) => digestedNs).toSorted((a, b) => a - b);
      return own
        .toSorted((a, b) => a.startedNs - b.startedNs)
        .map(({ index, startedNs }, place): [number, number] => [
          index,
          Math.min(startedNs, ends[place - concurrency] ?? batchStartNs),
        ]);
    }),
  );
}
