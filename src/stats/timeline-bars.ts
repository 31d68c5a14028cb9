import type { Slice } from '../model/results.ts';
import { groupBy } from './groups.ts';

/** Slices of one worker. */
export interface LaneSlices {
  readonly lane: number;
  readonly slices: readonly Slice[];
}

/** Workers that had anything to do, in order. */
export function byLane(slices: readonly Slice[]): readonly LaneSlices[] {
  const lanes = groupBy(slices, ({ lane }) => lane);
  return [...lanes].map(([lane, own]) => ({ lane, slices: own })).toSorted((a, b) => a.lane - b.lane);
}

/** A task from start to end, in a row (track) of its worker that it has to itself meanwhile. */
export interface Span extends Omit<Slice, 'kind'> {
  readonly track: number;
}

/** Assigns the tasks of one worker to as few tracks as possible: tasks in flight at the same time get separate ones. */
export function spansOf(slices: readonly Slice[]): readonly Span[] {
  const ends = new Map<number, Omit<Slice, 'kind'>>();
  for (const { task, lane, startMs, endMs } of slices) {
    const span = ends.get(task) ?? { startMs, endMs };
    ends.set(task, { task, lane, startMs: Math.min(startMs, span.startMs), endMs: Math.max(endMs, span.endMs) });
  }
  const freeFromMs: number[] = [];
  return [...ends.values()]
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((span) => {
      const free = freeFromMs.findIndex((ms) => ms <= span.startMs);
      const track = free === -1 ? freeFromMs.length : free;
      freeFromMs[track] = span.endMs;
      return { ...span, track };
    });
}

/** Runs of the tasks of one worker, joined where no other task ran between them and the gap would be invisible. */
export function runsOf(slices: readonly Slice[], invisibleMs: number): readonly Slice[] {
  const runs = slices.filter(({ kind }) => kind === 'run').toSorted((a, b) => a.startMs - b.startMs);
  const bars: Slice[] = [];
  for (const run of runs) {
    const last = bars.at(-1);
    if (last?.task === run.task && run.startMs - last.endMs < invisibleMs)
      bars[bars.length - 1] = { ...last, endMs: Math.max(last.endMs, run.endMs) };
    else bars.push(run);
  }
  return bars;
}

/** The visible state of a worker in an interval: the task that ran longest in it, or one that waited. */
type Shown = Pick<Slice, 'task' | 'kind'>;

/** One worker in equal columns of time; undefined: no task in flight. */
export function inColumns(slices: readonly Slice[], endMs: number, columns: number): readonly (Shown | undefined)[] {
  const columnMs = endMs / columns;
  return Array.from({ length: columns }, (_, column) =>
    longestRunning(slices, column * columnMs, (column + 1) * columnMs),
  );
}

function longestRunning(slices: readonly Slice[], fromMs: number, toMs: number): Shown | undefined {
  const inside = slices.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
  const ranMs = new Map<number, number>();
  for (const { task, startMs, endMs, kind } of inside) {
    if (kind === 'run') ranMs.set(task, (ranMs.get(task) ?? 0) + Math.min(endMs, toMs) - Math.max(startMs, fromMs));
  }
  const [longest] = [...ranMs].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const allRanMs = [...ranMs.values()].reduce((sum, ms) => sum + ms, 0);
  const waiting = inside.find(({ kind }) => kind === 'wait');
  // An interval in which code ran only for a moment counts as waiting, if any task waited.
  if (longest !== undefined && (waiting === undefined || allRanMs >= (toMs - fromMs) / 4))
    return { task: longest, kind: 'run' };
  return waiting && { task: waiting.task, kind: 'wait' };
}

/** Resolution of the drawing of a worker. */
export interface View {
  /** End of the drawing. */
  readonly endMs: number;
  /** Shorter gaps are invisible. */
  readonly invisibleMs: number;
  /** Most tasks in flight to draw below each other. */
  readonly tracksLimit: number;
  /** Columns that merge many short intervals; undefined: each is drawn as it is. */
  readonly columns: number | undefined;
}

/** Bars of one worker up to the end of the drawing; the track of a task is its row. */
export interface LaneBars {
  readonly lane: number;
  /** Number of tracks drawn, and of all tracks. */
  readonly tracks: { readonly drawn: number; readonly all: number };
  /** Each task from start to end. */
  readonly spans: readonly Span[];
  readonly runs: readonly Span[];
  /** Every interval in which a task ran or waited. */
  readonly stretches: readonly Span[];
}

export function barsOf({ lane, slices }: LaneSlices, { endMs, invisibleMs, tracksLimit, columns }: View): LaneBars {
  const tasks = spansOf(slices);
  const all = tasks.reduce((most, { track }) => Math.max(most, track + 1), 0);
  const drawn = Math.min(tracksLimit, all);
  const spans = tasks.filter(({ track, startMs }) => track < drawn && startMs < endMs);
  const trackOf = new Map(spans.map(({ task, track }) => [task, track]));
  const seen = slices.filter(({ task, startMs }) => trackOf.has(task) && startMs < endMs);
  const runs = columns === undefined ? runsOf(seen, invisibleMs) : runsInColumns(lane, seen, endMs, columns);
  const inside = ({ task, startMs, endMs: untilMs }: Omit<Span, 'track'>): Span => ({
    task,
    lane,
    startMs,
    endMs: Math.min(untilMs, endMs),
    track: trackOf.get(task) ?? 0,
  });
  return {
    lane,
    tracks: { drawn, all },
    spans: spans.map(inside),
    runs: runs.map(inside),
    stretches: seen.map(inside),
  };
}

/** Joins equal neighbours. */
function runsInColumns(lane: number, slices: readonly Slice[], endMs: number, columns: number): readonly Slice[] {
  const columnMs = endMs / columns;
  const shown = inColumns(slices, endMs, columns).flatMap((each, column): Slice[] =>
    each?.kind === 'run' ? [{ ...each, lane, startMs: column * columnMs, endMs: (column + 1) * columnMs }] : [],
  );
  return runsOf(shown, columnMs / 2);
}
