/** Extra batches of a cell that show where its time goes: first with counters, then with profiles. */
import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { LaneId, LaneReading, ReadingKind, Task } from '../../workers/contract.ts';
import { record } from '../../workers/lane-recording.ts';
import type { BatchStrategy } from '../lanes/strategy.ts';
import type { ReplyOf } from '../model/schema/host-reply.ts';
import { timeParts, within, type Span } from '../stats/time-parts.ts';

/** Each recording takes this long, and at least a batch: with two samples a millisecond, enough for shares. */
const RECORDED_MS = 500;
/** Time limit of a recording, since making inputs may take longer than their batches. */
const RECORDING_LIMIT_MS = 2000;

type Profiled = ReplyOf<'profiled'>;

/** The main thread, and then each lane that is none. */
const MAIN: LaneId = { kind: 'main', index: 0 };

/**
 * Runs the batches.
 *
 * @param run runs one batch @throws TaskFailure
 * @returns no workers where the lanes cannot be recorded, or the runtime has no profiler
 */
export async function profileBatches(
  strategy: BatchStrategy,
  makeTasks: () => Promise<readonly Task[]>,
  run: (tasks: readonly Task[]) => Promise<unknown>,
): Promise<Profiled> {
  const isRecordable = strategy.laneKind === 'main' || (strategy.recorder !== undefined && strategy.keepsLanes);
  const counted = isRecordable ? await recorded('counters', strategy, makeTasks, run) : undefined;
  const profiled = counted && (await recorded('profile', strategy, makeTasks, run));
  if (counted === undefined || profiled === undefined) return NOTHING;
  const isTool = isInTool();
  const lanes = profiled.readings.map((_, index): LaneId =>
    index === 0 ? MAIN : { kind: strategy.laneKind, index: index - 1 },
  );
  return {
    kind: 'profiled',
    workers: lanes.map((lane, index) => ({
      lane,
      parts: partsIn(profiled.readings[index], profiled.spans, isTool),
      ...countersIn(counted.readings[index], counted, index === 0),
    })),
    profiledMs: lengthOf(profiled.spans),
    countedMs: lengthOf(counted.spans),
    files: lanes.flatMap((lane, index) => {
      const reading = profiled.readings[index];
      return reading?.kind === 'profile' ? [{ lane, content: reading.profile }] : [];
    }),
  };
}

const NOTHING: Profiled = { kind: 'profiled', workers: [], profiledMs: 0, countedMs: 0, files: [] };

interface Recorded {
  /** When the batches ran; in between, inputs were made. */
  readonly spans: readonly Span[];
  /** Busy time of the main thread's event loop in the batches alone. */
  readonly mainActiveMs: number;
  /** The main thread's first. */
  readonly readings: readonly LaneReading[];
}

/** @returns undefined where the runtime has no profiler */
async function recorded(
  kind: ReadingKind,
  { recorder, laneKind }: BatchStrategy,
  makeTasks: () => Promise<readonly Task[]>,
  run: (tasks: readonly Task[]) => Promise<unknown>,
): Promise<Recorded | undefined> {
  const lanes = laneKind === 'main' ? undefined : recorder;
  const started = await Promise.allSettled([record(kind, false), lanes?.start(kind)]);
  const [main, others] = started;
  if (main.status === 'rejected' || others.status === 'rejected') return undefined;
  const spans: Span[] = [];
  let mainActiveMs = 0;
  const untilNs = nowNs() + RECORDING_LIMIT_MS * NS_PER_MS;
  while (spans.length === 0 || (lengthOf(spans) < RECORDED_MS && nowNs() < untilNs)) {
    const tasks = await makeTasks();
    const loop = performance.eventLoopUtilization();
    const fromNs = nowNs();
    await run(tasks);
    spans.push([fromNs, nowNs()]);
    mainActiveMs += performance.eventLoopUtilization(loop).active;
  }
  return { spans, mainActiveMs, readings: [await main.value(), ...((await lanes?.end()) ?? [])] };
}

function partsIn(
  reading: LaneReading | undefined,
  spans: readonly Span[],
  isTool: (url: string) => boolean,
): Profiled['workers'][number]['parts'] {
  return (reading?.kind === 'profile' ? timeParts(reading, spans, isTool) : undefined) ?? null;
}

/** Lanes wait between two batches, so all of their busy time is in the batches. */
function countersIn(
  reading: LaneReading | undefined,
  { spans, mainActiveMs }: Recorded,
  isMain: boolean,
): Pick<Profiled['workers'][number], 'loopUtilization' | 'gcShare'> {
  if (reading?.kind !== 'counters') return { loopUtilization: null, gcShare: null };
  const totalMs = lengthOf(spans);
  const activeMs = isMain ? mainActiveMs : reading.loopActiveMs;
  const gcNs = reading.pauses.reduce((sum, [fromNs, toNs]) => sum + within(spans, fromNs, toNs), 0);
  return {
    loopUtilization: activeMs === null ? null : Math.min(1, activeMs / totalMs),
    gcShare: Math.min(1, gcNs / NS_PER_MS / totalMs),
  };
}

/** Length of all spans, ms. */
function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, [fromNs, toNs]) => sum + (toNs - fromNs) / NS_PER_MS, 0);
}

/** Lanewise's own files, without the built-in workloads, which are what is measured. */
function isInTool(): (url: string) => boolean {
  const folders = ['../../src/', '../../workers/'].map((path) => new URL(path, import.meta.url).href);
  const all = [...folders, ...folders.map((url) => fileURLToPath(url))];
  return (url) => all.some((folder) => url.startsWith(folder));
}
