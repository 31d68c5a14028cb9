/** Which outputs of a batch have their digest taken: a digest is Lanewise's own work, and must never decide a comparison. */
import { NS_PER_MS } from '../../workers/clock.ts';

/** `sample`: all outputs in batches that are not timed, and in timed ones as many as the budget allows. `all`: in timed ones too. */
export type VerifyMode = 'all' | 'sample' | 'off';

/** Of a timed batch. Half of the 1% that it stays under, since a digest can take twice as long as the last time. */
const BUDGET = 0.005;
/** A batch that warms up can take many times as long as a timed one: until one of those is known, so much of it counts. */
const SHARE_OF_WARM_UP = 0.1;

/** A task that was done: what its digest cost, if one was taken. */
interface Checked {
  readonly index: number;
  readonly lane: number;
  readonly finishedNs: number;
  readonly digestedNs: number;
  readonly digest: string | null;
}

export interface Verification {
  /** Whether the output of a task is to be digested, in a batch that is not timed. */
  readonly untimed: (task: number) => boolean;
  /** Those to be digested in the next timed batch: others than in the one before. */
  readonly timed: () => (task: number) => boolean;
  /** What a batch has shown of the cost of digests, and how long it would have taken without them. */
  readonly learn: (records: readonly Checked[], wallMs: number, isTimed: boolean) => void;
}

export function createVerification(mode: VerifyMode, tasks: number): Verification {
  /** Of one digest, by task, ns: the last time that it was taken. */
  const costNs = new Map<number, number>();
  let wallNs = 0;
  let next = 0;

  function withinBudget(): (task: number) => boolean {
    const chosen = new Set<number>();
    const first = next;
    // A task whose output was never digested here is taken for as costly as the costliest.
    const unknownNs = [...costNs.values()].reduce((most, cost) => Math.max(most, cost), 0);
    let leftNs = BUDGET * wallNs;
    for (let turn = 0; turn < tasks && costNs.size > 0; turn++) {
      const task = (first + turn) % tasks;
      const cost = costNs.get(task) ?? unknownNs;
      if (cost > leftNs) continue;
      leftNs -= cost;
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
      for (const { index, lane, finishedNs, digestedNs, digest } of records) {
        if (digest === null) continue;
        const cost = digestedNs - finishedNs;
        costNs.set(index, cost);
        byLane.set(lane, (byLane.get(lane) ?? 0) + cost);
      }
      // A lane digests one output at a time: without digests the batch is shorter by what they take in the busiest lane, at most.
      const withoutNs = Math.max(0, wallMs * NS_PER_MS - Math.max(0, ...byLane.values()));
      wallNs = isTimed ? withoutNs : withoutNs * SHARE_OF_WARM_UP;
    },
  };
}
