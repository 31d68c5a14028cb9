/** Chooses the outputs to digest: digests are Lanewise's own work, and must never decide a comparison. */
import { NS_PER_MS } from '../../workers/clock.ts';

/** `all`: every output. `sample`: every output of untimed batches, and of timed ones as many as the budget allows. */
export type VerifyMode = 'all' | 'sample' | 'off';

/** Share of a timed batch: half of 1%, since a digest can take twice as long as last time. */
const BUDGET = 0.005;
/** Share of a warm-up batch, which can be many times longer than a timed one, that counts until a timed one is known. */
const SHARE_OF_WARM_UP = 0.1;

/** A finished task, with the cost of its digest if one was taken. */
interface Checked {
  readonly index: number;
  readonly lane: number;
  readonly finishedNs: number;
  readonly digestedNs: number;
  readonly digest: string | null;
}

export interface Verification {
  /** Whether to digest the output of a task in an untimed batch. */
  readonly untimed: (task: number) => boolean;
  /** Chooses outputs of the next timed batch, other ones than in the previous batch. */
  readonly timed: () => (task: number) => boolean;
  /** Learns the cost of digests from a batch, and how long it would have taken without them. */
  readonly learn: (records: readonly Checked[], wallMs: number, isTimed: boolean) => void;
}

export function createVerification(mode: VerifyMode, tasks: number): Verification {
  /** Latest cost of each task's digest, ns. */
  const costNs = new Map<number, number>();
  /** The least that the first digest of a batch took: until then, other code had the caches. */
  let firstNs = Infinity;
  let wallNs = 0;
  let next = 0;

  function withinBudget(): (task: number) => boolean {
    const chosen = new Set<number>();
    const first = next;
    // An output that was never digested counts as the most expensive one.
    const unknownNs = [...costNs.values()].reduce((most, cost) => Math.max(most, cost), 0);
    let remainingNs = BUDGET * wallNs;
    for (let turn = 0; turn < tasks && costNs.size > 0; turn++) {
      const task = (first + turn) % tasks;
      const latest = costNs.get(task) ?? unknownNs;
      const cost = chosen.size === 0 ? Math.max(latest, firstNs) : latest;
      if (cost > remainingNs) continue;
      remainingNs -= cost;
      chosen.add(task);
      next = (task + 1) % tasks;
    }
    return (task) => chosen.has(task);
  }

  return {
    untimed: () => mode !== 'off',
    timed: () => (mode === 'sample' ? withinBudget() : () => mode === 'all'),
    learn: (records, wallMs, isTimed) => {
      const byLane = new Map<number, number>();
      let first: Checked | undefined;
      for (const record of records) {
        const { index, lane, finishedNs, digestedNs, digest } = record;
        if (digest === null) continue;
        const cost = digestedNs - finishedNs;
        costNs.set(index, cost);
        byLane.set(lane, (byLane.get(lane) ?? 0) + cost);
        if (first === undefined || finishedNs < first.finishedNs) first = record;
      }
      if (first !== undefined) firstNs = Math.min(firstNs, first.digestedNs - first.finishedNs);
      // A lane digests one output at a time, so without digests the batch is shorter by at most those of the busiest
      // lane.
      const withoutNs = Math.max(0, wallMs * NS_PER_MS - Math.max(0, ...byLane.values()));
      wallNs = isTimed ? withoutNs : withoutNs * SHARE_OF_WARM_UP;
    },
  };
}
