import type { Timeline } from '../../model/results.ts';
import { barsOf, byLane, type LaneSlices, type Span } from '../../stats/timeline-bars.ts';
import { runningUntil, timelineFacts, type Count } from '../../stats/timeline-facts.ts';
import { present } from '../document.ts';
import type { NamedTimeline, TimelineWords } from './timeline.ts';

/** Narrower steps are invisible. */
const NARROWEST_STEP_PX = 2;
/** Narrower gaps are invisible. */
const INVISIBLE_PX = 0.7;
/** Width of a task number with one digit. */
const NUMBER_PX = 9;
const LANES_LIMIT = 16;
/** Most tasks in flight drawn in one lane, below each other, unless its frame has room for more. */
const TRACKS_LIMIT = 12;
const HEADING_PX = 24;
const LANE_PX = 20;
const TRACK_PX = 13;
const LANE_GAP_PX = 4;
const STRIP_PX = 26;
const BLOCK_GAP_PX = 14;
/** With more changes than this, the strip shows means of equal intervals. */
const STRIP_COLUMNS = 240;

/** A recorded batch. */
export interface Recorded {
  readonly name: string;
  /** Duration of the batch, in words; undefined for earlier results, which have only the end of the last task. */
  readonly caption?: string | undefined;
  readonly laneLabel: (lane: number) => string;
  readonly slices: Timeline['slices'];
}

/** A bar: thick for a running task, thin for one in flight. */
export interface Bar extends Pick<Span, 'task' | 'startMs' | 'endMs'> {
  readonly topPx: number;
  readonly heightPx: number;
}

interface Label {
  readonly text: string;
  readonly middlePx: number;
}

/** Number of running tasks over time. */
interface Strip {
  readonly counts: readonly Count[];
  readonly topPx: number;
  readonly heightPx: number;
}

/** One configuration: its heading, a row per lane, its strip. */
interface Block extends NamedTimeline {
  readonly heading: Label;
  readonly runs: readonly Bar[];
  /** One bar per task, from its start to its end. */
  readonly spans: readonly Bar[];
  /** Place of each task's number, if there is room. */
  readonly numbers: readonly { readonly task: number; readonly ms: number; readonly middlePx: number }[];
  readonly labels: readonly Label[];
  readonly strip: Strip;
  readonly bottomPx: number;
  readonly omitted: readonly string[];
}

/** The frame in which a timeline is drawn. */
export interface Frame {
  /** The time that the width stands for; later events are beyond the edge. */
  readonly scaleMs: number;
  readonly widthPx: number;
  readonly cores: number;
  /** With more slices, the timeline is drawn in steps of time. */
  readonly slicesLimit: number;
  readonly tracksLimit?: number;
  readonly words: TimelineWords;
}

/** @param columns number of time steps; undefined: every slice is drawn */
type Drawn = Frame & { readonly columns: number | undefined };

/** Lays out a timeline: in pixels from the top, in milliseconds from the left. */
export function layOut(
  recorded: readonly Recorded[],
  frame: Frame,
): Pick<Drawn, 'columns'> & {
  readonly blocks: readonly Block[];
  /** The count at the top of each strip. */
  readonly most: number;
  readonly heightPx: number;
} {
  const columns = columnsOf(recorded, frame);
  const blocks: Block[] = [];
  for (const each of recorded) blocks.push(blockOf(each, blocks.at(-1)?.bottomPx ?? 0, { ...frame, columns }));
  return {
    blocks,
    most: blocks.reduce((most, { peak }) => Math.max(most, peak), frame.cores),
    heightPx: blocks.at(-1)?.bottomPx ?? 0,
    columns,
  };
}

function blockOf(recorded: Recorded, topPx: number, frame: Drawn): Block {
  const { name, slices } = recorded;
  const { words, scaleMs } = frame;
  const facts = timelineFacts(slices);
  const lanes = byLane(slices);
  const rows = rowsOf(recorded, lanes.slice(0, LANES_LIMIT), topPx + HEADING_PX, frame);
  const stripPx = rows.bottomPx;
  return {
    ...facts,
    ...rows,
    name,
    heading: {
      text: `${name} · ${recorded.caption ?? words.ms(facts.endMs)}${facts.endMs > scaleMs ? words.endsBeyond : ''}`,
      middlePx: topPx + HEADING_PX / 2,
    },
    labels: [...rows.labels, { text: words.runningAtOnce, middlePx: stripPx + STRIP_PX / 2 }],
    strip: { counts: runningUntil(slices, scaleMs, STRIP_COLUMNS), topPx: stripPx, heightPx: STRIP_PX },
    bottomPx: stripPx + STRIP_PX + BLOCK_GAP_PX,
    omitted: present(
      lanes.length > LANES_LIMIT && `${name}: ${words.lanesDrawn(LANES_LIMIT, lanes.length)}`,
      ...rows.omitted,
    ),
  };
}

type Rows = Pick<Block, 'runs' | 'spans' | 'numbers' | 'labels' | 'bottomPx' | 'omitted'>;

/** Lays out one row per lane, with one track for each task in flight at the same time. */
function rowsOf({ name, laneLabel }: Recorded, lanes: readonly LaneSlices[], topPx: number, frame: Drawn): Rows {
  const { scaleMs, widthPx, columns, words, tracksLimit = TRACKS_LIMIT } = frame;
  const pxPerMs = widthPx / scaleMs;
  const view = { endMs: scaleMs, invisibleMs: INVISIBLE_PX / pxPerMs, tracksLimit, columns };
  let nextPx = topPx;
  const rows = lanes.map((each) => {
    const { lane, tracks, spans, runs, stretches } = barsOf(each, view);
    const lanePx = nextPx;
    const trackPx = tracks.drawn > 1 ? TRACK_PX : LANE_PX;
    nextPx = lanePx + tracks.drawn * trackPx + LANE_GAP_PX;
    const placed = ({ task, startMs, endMs, track }: Span): Bar => ({
      task,
      startMs,
      endMs,
      topPx: lanePx + track * trackPx + 1,
      heightPx: trackPx - 2,
    });
    const bars = runs.map(placed);
    return {
      runs: bars,
      spans: spans.map(placed),
      numbers: numbersOf(bars, stretches.map(placed), pxPerMs),
      label: { text: laneLabel(lane), middlePx: lanePx + (tracks.drawn * trackPx) / 2 },
      omitted: tracks.all > tracks.drawn && `${name}: ${words.tasksDrawn(tracks.drawn, tracks.all)}`,
    };
  });
  return {
    runs: rows.flatMap((row) => row.runs),
    spans: rows.flatMap((row) => row.spans),
    numbers: rows.flatMap((row) => row.numbers),
    labels: rows.map(({ label }) => label),
    omitted: [...new Set(present(...rows.map((row) => row.omitted)))],
    bottomPx: nextPx,
  };
}

/** Numbers every bar with room; a task without such a bar, where it ran or waited longest. */
function numbersOf(runs: readonly Bar[], slices: readonly Bar[], pxPerMs: number): Block['numbers'] {
  const fits = ({ task, startMs, endMs }: Bar): boolean =>
    (endMs - startMs) * pxPerMs >= NUMBER_PX + (task >= 9 ? 6 : 0);
  const inBars = runs.filter(fits);
  const numbered = new Set(inBars.map(({ task }) => task));
  const longest = new Map<number, Bar>();
  for (const slice of slices) {
    const { startMs = 0, endMs = 0 } = longest.get(slice.task) ?? {};
    if (slice.endMs - slice.startMs > endMs - startMs) longest.set(slice.task, slice);
  }
  const beside = [...longest.values()].filter((slice) => !numbered.has(slice.task) && fits(slice));
  return [...inBars, ...beside].map(({ task, startMs, endMs, topPx, heightPx }) => ({
    task,
    ms: (startMs + endMs) / 2,
    middlePx: topPx + heightPx / 2,
  }));
}

/** Number of time steps that keeps the bars within the limit; undefined if every slice can be drawn. */
function columnsOf(recorded: readonly Recorded[], { scaleMs, widthPx, slicesLimit }: Frame): number | undefined {
  const visible = recorded.map(({ slices }) => slices.filter(({ startMs }) => startMs < scaleMs));
  if (visible.reduce((sum, slices) => sum + slices.length, 0) <= slicesLimit) return undefined;
  const lanes = visible.reduce((sum, slices) => sum + Math.min(LANES_LIMIT, byLane(slices).length), 0);
  return Math.max(1, Math.floor(Math.min(widthPx / NARROWEST_STEP_PX, slicesLimit / lanes)));
}
