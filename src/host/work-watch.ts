/**
 * Whether what a host runs batch after batch is the work: results that are kept from one batch to the next, and work that goes on when the
 * results are there, are seen here and nowhere else.
 */
import { NS_PER_MS } from '../../workers/clock.ts';
import type { LaneActivity } from '../../workers/contract.ts';
import type { Doubt } from '../model/schema/host-reply.ts';

/** A task that was done, by its stamps. */
interface Ran {
  readonly index: number;
  readonly lane: number;
  readonly startedNs: number;
  readonly finishedNs: number;
}

export interface WorkWatch {
  /** Takes note of a batch, in a lane's first of which everything is new to it. */
  readonly note: (records: readonly Ran[]) => void;
  /** Undefined: nothing seen so far speaks for results that are kept. */
  readonly memoised: (areInputsOne: boolean) => Memoised | undefined;
}

type Memoised = Extract<Doubt, { kind: 'memoised' }>;

/** Code that is still being compiled takes several times as long as later; so much longer it does not. */
const TIMES_AS_LONG = 10;
/** What takes less the first time is too little to tell, on a machine that does other things too. */
const SHORTEST_FIRST_MS = 1;
/** The first tasks of a lane load and compile what the others use. */
const COLD_TASKS = 2;

/** Where all inputs are one, only the first task of a lane can have been the work: it must stand out from any start. */
const ALONE = { shortestFirstMs: 5, longestLaterMs: 0.05, timesAsLong: 100 } as const;

export function createWorkWatch(): WorkWatch {
  /** By lane: by task, its first two runs in that lane and its latest one, ms; and how many tasks the lane had run before the first. */
  const lanes = new Map<number, Map<number, Seen>>();

  return {
    note: (records) => {
      for (const { index, lane, startedNs, finishedNs } of alone(records)) {
        const seen = lanes.get(lane) ?? new Map<number, Seen>();
        lanes.set(lane, seen);
        const ms = (finishedNs - startedNs) / NS_PER_MS;
        const before = seen.get(index);
        if (before === undefined) seen.set(index, { firstMs: ms, position: seen.size });
        else {
          before.secondMs ??= ms;
          before.laterMs = ms;
        }
      }
    },
    memoised: (areInputsOne) => {
      const all = [...lanes.values()].map((seen) => [...seen.values()]);
      const repeated = all.flat().filter(isRepeated);
      return areInputsOne ? byFirst(all, repeated) : byInput(repeated);
    },
  };
}

interface Seen {
  readonly firstMs: number;
  readonly position: number;
  secondMs?: number;
  laterMs?: number;
}

type Repeated = Required<Seen>;

function isRepeated(seen: Seen): seen is Repeated {
  return seen.laterMs !== undefined && seen.secondMs !== undefined;
}

/** The same input in the same lane: the first time much longer than later, though the lane was warm. */
function byInput(repeated: readonly Repeated[]): Memoised | undefined {
  const warm = repeated.filter(({ position }) => position >= COLD_TASKS);
  const firstMs = middle(warm.map((seen) => seen.firstMs));
  const laterMs = middle(warm.map((seen) => seen.laterMs));
  // Kept results are there at once; code that is compiled gets faster from run to run.
  const secondMs = middle(warm.map((seen) => seen.secondMs));
  return firstMs >= SHORTEST_FIRST_MS && firstMs >= TIMES_AS_LONG * Math.max(secondMs, laterMs)
    ? { kind: 'memoised', firstMs, laterMs }
    : undefined;
}

/** In every lane its first task was long, and all that follow are next to nothing. */
function byFirst(all: readonly (readonly Seen[])[], repeated: readonly Repeated[]): Memoised | undefined {
  const firstMs = Math.min(...all.map(([first]) => first?.firstMs ?? 0));
  // The first task of a lane itself, too: it may just be the longest.
  const laterMs = Math.max(
    middle(repeated.map((seen) => seen.laterMs)),
    ...repeated.filter(({ position }) => position === 0).map((seen) => seen.laterMs),
  );
  return firstMs >= ALONE.shortestFirstMs && laterMs <= ALONE.longestLaterMs && firstMs >= ALONE.timesAsLong * laterMs
    ? { kind: 'memoised', firstMs, laterMs }
    : undefined;
}

/** Those that ran while no other task of their lane did: what the others took is not in their times. */
function alone(records: readonly Ran[]): readonly Ran[] {
  const inOrder = records.toSorted((a, b) => a.startedNs - b.startedNs);
  const overlapped = new Set<Ran>();
  /** By lane, of those before: the one that ended last. */
  const last = new Map<number, Ran>();
  for (const record of inOrder) {
    const before = last.get(record.lane);
    if (before !== undefined && record.startedNs < before.finishedNs) overlapped.add(record).add(before);
    if (before === undefined || record.finishedNs > before.finishedNs) last.set(record.lane, record);
  }
  return inOrder.filter((record) => !overlapped.has(record));
}

/** Of none: not a number, which no comparison holds for. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export interface Aftermath {
  /** One for each lane, each time: before the batch, when its last result was there, and a moment later. */
  readonly before: readonly LaneActivity[];
  readonly atEnd: readonly LaneActivity[];
  readonly afterwards: readonly LaneActivity[];
  /** Of the batch. */
  readonly tasks: number;
  /** That all of its tasks took together, ms. */
  readonly runningMs: number;
  /** CPU time of the host and all its lanes, ms: in the batch, and in the moment that followed. */
  readonly cpuMs: { readonly batch: number; readonly after: number };
  /** Every output was undefined, so that nothing shows that the work was done. */
  readonly isEmpty: boolean;
}

/** Less than that is timers of Lanewise's own, and tidying up. */
const LEAST_AFTER_MS = 10;
const LEAST_AFTER_SHARE = 0.1;
/** The runtime itself compiles and tidies up in threads of its own for a while; it takes no half of a batch. */
const LEAST_CPU_AFTER_MS = 40;
const LEAST_CPU_AFTER_SHARE = 0.5;
/** Connections that are kept open have a timer or two for all tasks; forgotten work has one for each. */
const PENDING_PER_TASK = 0.25;

/** Work that was begun in a batch and goes on after its last result: its `await` is missing. */
export function unawaited({
  before,
  atEnd,
  afterwards,
  tasks,
  runningMs,
  cpuMs,
  isEmpty,
}: Aftermath): Extract<Doubt, { kind: 'unawaited' }> | undefined {
  const loopMs = afterwards.reduce(
    (sum, { activeMs }, lane) => sum + (activeMs === null ? 0 : activeMs - (atEnd[lane]?.activeMs ?? activeMs)),
    0,
  );
  const pending = pendingAfter(before, atEnd);
  // A loop that is not given a CPU counts as busy, and CPU time alone may be that of the runtime's other threads.
  const isBusy =
    Math.min(loopMs, cpuMs.after) >= Math.max(LEAST_AFTER_MS, LEAST_AFTER_SHARE * runningMs) ||
    cpuMs.after >= Math.max(LEAST_CPU_AFTER_MS, LEAST_CPU_AFTER_SHARE * cpuMs.batch);
  const isLeft = isEmpty && pending >= Math.max(1, PENDING_PER_TASK * tasks);
  return isBusy || isLeft ? { kind: 'unawaited', afterMs: Math.max(loopMs, cpuMs.after), pending, isEmpty } : undefined;
}

/** Requests and timers that a batch has begun and not ended. */
export function pendingAfter(before: readonly LaneActivity[], atEnd: readonly LaneActivity[]): number {
  return atEnd.reduce((sum, { pending }, lane) => sum + Math.max(0, pending - (before[lane]?.pending ?? pending)), 0);
}
