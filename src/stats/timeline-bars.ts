import type { Slice } from '../model/results.ts';
import { groupBy } from './groups.ts';

/** What there was to do in one lane. */
export interface LaneSlices {
  readonly lane: number;
  readonly slices: readonly Slice[];
}

/** Each lane that had anything to do, in their order. */
export function byLane(slices: readonly Slice[]): readonly LaneSlices[] {
  const lanes = groupBy(slices, ({ lane }) => lane);
  return [...lanes].map(([lane, own]) => ({ lane, slices: own })).toSorted((a, b) => a.lane - b.lane);
}

/** From the start of a task to its end, in the row of its lane that it has for itself until then. */
export interface Span extends Omit<Slice, 'kind'> {
  readonly track: number;
}

/** Of one lane: tasks that are under way at the same time get tracks of their own, below each other, as few as will do. */
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

/** The stretches in which tasks of one lane ran; those of a task joined between which it ran no other and no gap can be seen. */
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

/** What is seen of a lane in a stretch of time: the task that ran longest in it, or one that waited. */
type Shown = Pick<Slice, 'task' | 'kind'>;

/** Of one lane, in so many equal columns of time; undefined: nothing was under way. */
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
  const longest = [...ranMs].toSorted(([, a], [, b]) => b - a)[0];
  // A stretch in which code ran for a moment only was spent waiting.
  if (longest !== undefined && longest[1] >= (toMs - fromMs) / 4) return { task: longest[0], kind: 'run' };
  const waiting = inside[0];
  return waiting && { task: waiting.task, kind: 'wait' };
}

/** How closely a lane can be drawn. */
export interface View {
  /** Where the drawing ends. */
  readonly endMs: number;
  /** Shorter gaps are not seen. */
  readonly invisibleMs: number;
  /** Of tasks under way at the same time. */
  readonly tracksLimit: number;
  /** The columns in which many short stretches are drawn; undefined: each is drawn as it is. */
  readonly columns: number | undefined;
}

/** What is drawn of a lane, as far as the drawing goes; the track of each task is its place below the others. */
export interface LaneBars {
  readonly lane: number;
  /** How many tasks are drawn below each other, and how many there are. */
  readonly tracks: { readonly drawn: number; readonly all: number };
  /** From the start of each task to its end. */
  readonly spans: readonly Span[];
  readonly runs: readonly Span[];
  /** Every stretch in which a task ran or waited. */
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

/** Neighbours that are alike are joined. */
function runsInColumns(lane: number, slices: readonly Slice[], endMs: number, columns: number): readonly Slice[] {
  const columnMs = endMs / columns;
  const shown = inColumns(slices, endMs, columns).flatMap((each, column): Slice[] =>
    each?.kind === 'run' ? [{ ...each, lane, startMs: column * columnMs, endMs: (column + 1) * columnMs }] : [],
  );
  return runsOf(shown, columnMs / 2);
}
