import type { Timeline } from '../../model/results.ts';
import { barsOf, byLane, type LaneSlices, type Span } from '../../stats/timeline-bars.ts';
import { runningUntil, timelineFacts, type Count } from '../../stats/timeline-facts.ts';
import { present } from '../document.ts';
import type { NamedTimeline, TimelineWords } from './timeline.ts';

/** Narrower steps than this are not seen. */
const NARROWEST_STEP_PX = 2;
/** Nor are gaps narrower than this. */
const INVISIBLE_PX = 0.7;
/** A number takes so much. */
const NUMBER_PX = 9;
const LANES_LIMIT = 16;
/** Tasks under way at the same time in one lane, below each other. */
const TRACKS_LIMIT = 12;
const HEADING_PX = 24;
const LANE_PX = 20;
const TRACK_PX = 13;
const LANE_GAP_PX = 4;
const STRIP_PX = 26;
const BLOCK_GAP_PX = 14;
/** If it changes more often, the strip shows means of equal stretches of time. */
const STRIP_COLUMNS = 240;

/** What is recorded of a batch, and what it is called. */
export interface Recorded {
  readonly name: string;
  /** How long the batch took, and what it stands for; undefined: only when its last task ended. */
  readonly caption?: string | undefined;
  readonly laneLabel: (lane: number) => string;
  readonly slices: Timeline['slices'];
}

/** A task that runs, thick, or is under way, thin. */
export interface Bar extends Pick<Span, 'task' | 'startMs' | 'endMs'> {
  readonly topPx: number;
  readonly heightPx: number;
}

interface Label {
  readonly text: string;
  readonly middlePx: number;
}

/** How many tasks run at once, over time. */
interface Strip {
  readonly counts: readonly Count[];
  readonly topPx: number;
  readonly heightPx: number;
}

/** One strategy: its heading, a row for each lane, its strip. */
interface Block extends NamedTimeline {
  readonly heading: Label;
  readonly runs: readonly Bar[];
  /** From the start of each task to its end. */
  readonly spans: readonly Bar[];
  /** Where each task's number goes, if there is room for it. */
  readonly numbers: readonly { readonly task: number; readonly ms: number; readonly middlePx: number }[];
  readonly labels: readonly Label[];
  readonly strip: Strip;
  readonly bottomPx: number;
  readonly left: readonly string[];
}

/** What a timeline is drawn in. */
export interface Frame {
  /** What the drawing's width stands for; what is later is beyond its edge. */
  readonly scaleMs: number;
  readonly widthPx: number;
  readonly cores: number;
  /** If there is more to draw, it is drawn in steps of time. */
  readonly slicesLimit: number;
  readonly words: TimelineWords;
}

/** @param columns in how many steps of time bars are drawn; undefined: each as it is */
type Drawn = Frame & { readonly columns: number | undefined };

/** Where everything of a timeline goes: in pixels from the top, in milliseconds from the left. */
export function layOut(
  recorded: readonly Recorded[],
  frame: Frame,
): Pick<Drawn, 'columns'> & {
  readonly blocks: readonly Block[];
  /** The count at the top of every strip. */
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
    left: present(
      lanes.length > LANES_LIMIT && `${name}: ${words.lanesDrawn(LANES_LIMIT, lanes.length)}`,
      ...rows.left,
    ),
  };
}

type Rows = Pick<Block, 'runs' | 'spans' | 'numbers' | 'labels' | 'bottomPx' | 'left'>;

/** A row for each lane, and in it a track for each of the tasks that are under way at the same time. */
function rowsOf({ name, laneLabel }: Recorded, lanes: readonly LaneSlices[], topPx: number, frame: Drawn): Rows {
  const { scaleMs, widthPx, columns, words } = frame;
  const pxPerMs = widthPx / scaleMs;
  const view = { endMs: scaleMs, invisibleMs: INVISIBLE_PX / pxPerMs, tracksLimit: TRACKS_LIMIT, columns };
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
      left: tracks.all > tracks.drawn && `${name}: ${words.tasksDrawn(tracks.drawn, tracks.all)}`,
    };
  });
  return {
    runs: rows.flatMap((row) => row.runs),
    spans: rows.flatMap((row) => row.spans),
    numbers: rows.flatMap((row) => row.numbers),
    labels: rows.map(({ label }) => label),
    left: [...new Set(present(...rows.map((row) => row.left)))],
    bottomPx: nextPx,
  };
}

/** In every bar that has room for it; of a task that has none, where it ran or waited longest. */
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

/** Undefined if every slice can be a bar of its own; else so few that there are no more bars than may be. */
function columnsOf(recorded: readonly Recorded[], { scaleMs, widthPx, slicesLimit }: Frame): number | undefined {
  const visible = recorded.map(({ slices }) => slices.filter(({ startMs }) => startMs < scaleMs));
  if (visible.reduce((sum, slices) => sum + slices.length, 0) <= slicesLimit) return undefined;
  const lanes = visible.reduce((sum, slices) => sum + Math.min(LANES_LIMIT, byLane(slices).length), 0);
  return Math.max(1, Math.floor(Math.min(widthPx / NARROWEST_STEP_PX, slicesLimit / lanes)));
}
