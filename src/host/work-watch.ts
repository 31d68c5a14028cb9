/**
 * Checks that batches do the work: results cached from one batch to the next, and work that continues after the
 * results, are only detected here.
 */
import { NS_PER_MS } from '../../workers/clock.ts';
import type { LaneActivity } from '../../workers/contract.ts';
import type { Doubt } from '../model/schema/host-reply.ts';

/** A finished task, by its timestamps. */
interface Ran {
  readonly index: number;
  readonly lane: number;
  readonly startedNs: number;
  readonly finishedNs: number;
}

export interface WorkWatch {
  /** Records a batch; in the first one of a lane, every input is new to it. */
  readonly note: (records: readonly Ran[]) => void;
  /** Undefined: no sign of cached results so far. */
  readonly memoised: (areInputsOne: boolean) => Memoised | undefined;
}

type Memoised = Extract<Doubt, { kind: 'memoised' }>;

/**
 * Uncompiled code is several times slower, and so is memory that a system hands out for the first time (up to 17 times,
 * by tasks that moved 5 MB each), but not by this factor.
 */
const TIMES_AS_LONG = 30;
/** Share of the inputs to which this has to apply: results are cached for all, fresh memory is used by some. */
const MOST_INPUTS = 0.75;
/** Shorter first runs prove nothing on a machine with other work. */
const SHORTEST_FIRST_MS = 1;
/** The first tasks of a lane load and compile code for the others. */
const COLD_TASKS = 2;

/** If all inputs are equal, only a lane's first task can have been the work, and must stand out from any cold start. */
const ALONE = { shortestFirstMs: 5, longestLaterMs: 0.05, timesAsLong: 100 } as const;

export function createWorkWatch(): WorkWatch {
  /**
   * By lane, then by task: its first two runs and its latest one, ms, and how many tasks the lane ran before the first.
   */
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

/** The same input in the same lane took much longer the first time, although the lane was warm. */
function byInput(repeated: readonly Repeated[]): Memoised | undefined {
  const warm = repeated.filter(({ position }) => position >= COLD_TASKS);
  const firstMs = median(warm.map((seen) => seen.firstMs));
  const laterMs = median(warm.map((seen) => seen.laterMs));
  // Cached results are fast at once; code being compiled gets faster from run to run.
  const secondMs = median(warm.map((seen) => seen.secondMs));
  const long = warm.filter((seen) => seen.firstMs >= SHORTEST_FIRST_MS);
  const cached = long.filter((seen) => isMuchLonger(seen.firstMs, seen));
  return firstMs >= SHORTEST_FIRST_MS &&
    isMuchLonger(firstMs, { secondMs, laterMs }) &&
    cached.length >= MOST_INPUTS * long.length
    ? { kind: 'memoised', firstMs, laterMs }
    : undefined;
}

function isMuchLonger(firstMs: number, { secondMs, laterMs }: Pick<Repeated, 'secondMs' | 'laterMs'>): boolean {
  return firstMs >= TIMES_AS_LONG * Math.max(secondMs, laterMs);
}

/** In every lane the first task was long, and all later ones take next to no time. */
function byFirst(all: readonly (readonly Seen[])[], repeated: readonly Repeated[]): Memoised | undefined {
  const firstMs = Math.min(...all.map(([first]) => first?.firstMs ?? 0));
  // Including the first task of a lane, which may just be the longest.
  const laterMs = Math.max(
    median(repeated.map((seen) => seen.laterMs)),
    ...repeated.filter(({ position }) => position === 0).map((seen) => seen.laterMs),
  );
  return firstMs >= ALONE.shortestFirstMs && laterMs <= ALONE.longestLaterMs && firstMs >= ALONE.timesAsLong * laterMs
    ? { kind: 'memoised', firstMs, laterMs }
    : undefined;
}

/** Tasks that ran alone in their lane, so their times include no other task. */
function alone(records: readonly Ran[]): readonly Ran[] {
  const inOrder = records.toSorted((a, b) => a.startedNs - b.startedNs);
  const overlapped = new Set<Ran>();
  /** By lane: of the previous tasks, the one that ended last. */
  const last = new Map<number, Ran>();
  for (const record of inOrder) {
    const before = last.get(record.lane);
    if (before !== undefined && record.startedNs < before.finishedNs) overlapped.add(record).add(before);
    if (before === undefined || record.finishedNs > before.finishedNs) last.set(record.lane, record);
  }
  return inOrder.filter((record) => !overlapped.has(record));
}

/** NaN for an empty list, so that every comparison is false. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export interface Aftermath {
  /** One per lane: before the batch, at its last result, and a moment later. */
  readonly before: readonly LaneActivity[];
  readonly atEnd: readonly LaneActivity[];
  readonly afterwards: readonly LaneActivity[];
  /** Number of tasks of the batch. */
  readonly tasks: number;
  /** Running time of all its tasks, ms. */
  readonly runningMs: number;
  /** CPU time of the lanes, with the host if it runs them, ms: during the batch, and in the moment after. */
  readonly cpuMs: { readonly batch: number; readonly after: number };
  /** Every output was `undefined`, `null`, `[]` or `{}`, so nothing proves that the work was done. */
  readonly isEmpty: boolean;
}

/** Shorter activity is Lanewise's own timers and cleanup. */
const LEAST_AFTER_MS = 10;
/** CPU time that a look takes in each of many lanes, and what their runtimes do meanwhile, at most (docs/method.md). */
const LOOK_MS = 8;
/** Longer than that takes, so that even one CPU could show that all lanes work on. */
export const MOMENT_PER_LANE_MS = 12;
const LEAST_AFTER_SHARE = 0.1;
/** Memory of a batch that the runtime frees after it, for each task: 0.3 to 1.3 µs of a busy machine were seen. */
const FREED_PER_TASK_MS = 0.002;
/** Longer than that takes, too. */
export const MOMENT_PER_TASK_MS = 0.003;
/** The runtime compiles and collects garbage in its own threads for a while, up to this long. */
const LEAST_CPU_AFTER_MS = 40;
const LEAST_CPU_AFTER_SHARE = 0.5;
/** Keep-alive connections have a timer or two for all tasks; forgotten work has one per task. */
const PENDING_PER_TASK = 0.25;

/** Detects work that continues after the last result of its batch, because an `await` is missing. */
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
  const lookMs = LOOK_MS * afterwards.length;
  const freedMs = FREED_PER_TASK_MS * tasks;
  // A loop that gets no CPU counts as busy, and CPU time alone may be that of the runtime's other threads.
  const isBusy =
    Math.min(loopMs, cpuMs.after) >= Math.max(LEAST_AFTER_MS, lookMs, freedMs, LEAST_AFTER_SHARE * runningMs) ||
    cpuMs.after >= Math.max(LEAST_CPU_AFTER_MS, lookMs, freedMs, LEAST_CPU_AFTER_SHARE * cpuMs.batch);
  const isPending = isEmpty && pending >= Math.max(1, PENDING_PER_TASK * tasks);
  return isBusy || isPending
    ? { kind: 'unawaited', afterMs: Math.max(loopMs, cpuMs.after), pending, isEmpty }
    : undefined;
}

/** Whether so much CPU time was used in the moment after a batch that a longer one may show work. */
export function mayWorkOn({ lanes, tasks, cpuMs }: Readonly<Record<'lanes' | 'tasks' | 'cpuMs', number>>): boolean {
  return cpuMs >= Math.max(LEAST_AFTER_MS, LOOK_MS * lanes, FREED_PER_TASK_MS * tasks);
}

/** Number of requests and timers that a batch started and did not end. */
export function pendingAfter(before: readonly LaneActivity[], atEnd: readonly LaneActivity[]): number {
  return atEnd.reduce((sum, { pending }, lane) => sum + Math.max(0, pending - (before[lane]?.pending ?? pending)), 0);
}
