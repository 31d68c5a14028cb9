import type { Timeline } from '../../model/results.ts';
import {
  meansOf,
  runningAtOnce,
  runningMs,
  runsInSteps,
  runsOf,
  spansOf,
  type Count,
  type Slice,
  type Span,
} from '../../stats/timeline-bars.ts';
import type { TimelineFacts, TimelineWords } from './timeline-words.ts';

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
export interface Bar extends Pick<Slice, 'task' | 'startMs' | 'endMs'> {
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
interface Block extends TimelineFacts {
  readonly heading: Label;
  readonly runs: readonly Bar[];
  /** From the start of each task to its end. */
  readonly spans: readonly Bar[];
  /** Where each task's number goes, if there is room for it. */
  readonly numbers: readonly { readonly task: number; readonly ms: number; readonly middlePx: number }[];
  readonly labels: readonly Label[];
  /** None where nothing is to be seen of the batch. */
  readonly strip: Strip | undefined;
  readonly bottomPx: number;
  readonly left: readonly string[];
}

export interface Layout {
  readonly blocks: readonly Block[];
  /** The count at the top of every strip. */
  readonly most: number;
  readonly heightPx: number;
  /** Set if the bars are drawn in steps: how much time each stands for. */
  readonly stepMs: number | undefined;
}

interface Frame {
  /** What the drawing's width stands for; what is later is beyond its edge. */
  readonly scaleMs: number;
  readonly widthPx: number;
  readonly cores: number;
  /** If there is more to draw, it is drawn in steps of time. */
  readonly slicesLimit: number;
  readonly words: TimelineWords;
}

interface Drawn {
  readonly words: TimelineWords;
  readonly scaleMs: number;
  readonly pxPerMs: number;
  readonly stepMs: number | undefined;
}

/** Where everything of a timeline goes: in pixels from the top, in milliseconds from the left. */
export function layOut(recorded: readonly Recorded[], frame: Frame): Layout {
  const { scaleMs, widthPx, cores, words } = frame;
  const stepMs = stepOf(recorded, frame);
  const blocks: Block[] = [];
  for (const each of recorded)
    blocks.push(blockOf(each, blocks.at(-1)?.bottomPx ?? 0, { scaleMs, pxPerMs: widthPx / scaleMs, stepMs, words }));
  return {
    blocks,
    most: blocks.reduce((most, { peak }) => Math.max(most, peak), cores),
    heightPx: blocks.at(-1)?.bottomPx ?? 0,
    stepMs,
  };
}

function blockOf(recorded: Recorded, topPx: number, frame: Drawn): Block {
  const { name, slices } = recorded;
  const { words } = frame;
  const lanes = lanesOf(slices);
  const endMs = slices.reduce((last, slice) => Math.max(last, slice.endMs), 0);
  const startMs = slices.reduce((first, slice) => Math.min(first, slice.startMs), Number.POSITIVE_INFINITY);
  const counts = runningAtOnce(slices);
  const isSeen = startMs < frame.scaleMs;
  const rows = isSeen ? rowsOf(recorded, lanes.slice(0, LANES_LIMIT), topPx + HEADING_PX, frame) : undefined;
  const stripPx = rows?.bottomPx ?? topPx + HEADING_PX;
  return {
    name,
    heading: {
      text: `${name} · ${recorded.caption ?? words.ms(endMs)}${beyond(startMs, endMs, frame)}`,
      middlePx: topPx + HEADING_PX / 2,
    },
    runs: rows?.runs ?? [],
    spans: rows?.spans ?? [],
    numbers: rows?.numbers ?? [],
    labels: rows === undefined ? [] : [...rows.labels, { text: words.runningAtOnce, middlePx: stripPx + STRIP_PX / 2 }],
    strip: rows && {
      counts: until(
        counts.length > STRIP_COLUMNS ? meansOf(counts, frame.scaleMs, STRIP_COLUMNS) : counts,
        frame.scaleMs,
      ),
      topPx: stripPx,
      heightPx: STRIP_PX,
    },
    endMs,
    lanes: lanes.length,
    tasks: new Set(slices.map(({ task }) => task)).size,
    peak: counts.reduce((most, { count }) => Math.max(most, count), 0),
    meanRunning: endMs === 0 ? 0 : runningMs(slices) / endMs,
    bottomPx: stripPx + (rows === undefined ? 0 : STRIP_PX) + BLOCK_GAP_PX,
    left: [
      ...(lanes.length > LANES_LIMIT ? [`${name}: ${words.lanesDrawn(LANES_LIMIT, lanes.length)}`] : []),
      ...(rows?.left ?? []),
    ],
  };
}

function beyond(startMs: number, endMs: number, { scaleMs, words }: Drawn): string {
  if (startMs >= scaleMs) return words.startsBeyond(startMs);
  return endMs > scaleMs ? words.endsBeyond : '';
}

type Rows = Pick<Block, 'runs' | 'spans' | 'numbers' | 'labels' | 'bottomPx' | 'left'>;

/** A row for each lane, and in it a track for each of the tasks that are under way at the same time. */
function rowsOf({ name, laneLabel, slices }: Recorded, lanes: readonly number[], topPx: number, frame: Drawn): Rows {
  const { scaleMs, pxPerMs, stepMs, words } = frame;
  const left: string[] = [];
  const rows = {
    runs: [] as Bar[],
    spans: [] as Bar[],
    numbers: [] as Block['numbers'][number][],
    labels: [] as Label[],
  };
  let nextPx = topPx;
  for (const lane of lanes) {
    const own = slices.filter((slice) => slice.lane === lane);
    const all = spansOf(own);
    const tracks = all.reduce((most, { track }) => Math.max(most, track + 1), 0);
    const drawn = Math.min(TRACKS_LIMIT, tracks);
    if (tracks > drawn) left.push(`${name}: ${words.tasksDrawn(drawn, tracks)}`);
    const trackPx = drawn > 1 ? TRACK_PX : LANE_PX;
    const lanePx = nextPx;
    const spans = all.filter(({ track, startMs }) => track < drawn && startMs < scaleMs);
    const trackOf = new Map(spans.map(({ task, track }) => [task, track]));
    const placed = ({ task, startMs, endMs }: Omit<Span, 'track' | 'lane'>): Bar => ({
      task,
      startMs,
      endMs: Math.min(endMs, scaleMs),
      topPx: lanePx + (trackOf.get(task) ?? 0) * trackPx + 1,
      heightPx: trackPx - 2,
    });
    const visible = own.filter(({ task, startMs }) => trackOf.has(task) && startMs < scaleMs);
    const runs = (
      stepMs === undefined ? runsOf(visible, INVISIBLE_PX / pxPerMs) : runsInSteps(visible, stepMs, scaleMs)
    ).map(placed);
    rows.runs.push(...runs);
    rows.spans.push(...spans.map(placed));
    rows.numbers.push(...numbersOf(runs, visible.map(placed), pxPerMs));
    rows.labels.push({ text: laneLabel(lane), middlePx: lanePx + (drawn * trackPx) / 2 });
    nextPx = lanePx + drawn * trackPx + LANE_GAP_PX;
  }
  return { ...rows, bottomPx: nextPx, left: [...new Set(left)] };
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

function lanesOf(slices: readonly Slice[]): readonly number[] {
  return [...new Set(slices.map(({ lane }) => lane))].toSorted((a, b) => a - b);
}

/** As far as it is drawn, up to the very edge. */
function until(counts: readonly Count[], scaleMs: number): readonly Count[] {
  const inside = counts.filter(({ ms }) => ms < scaleMs);
  return [...inside, { ms: scaleMs, count: inside.at(-1)?.count ?? 0 }];
}

/** Undefined if every slice can be a bar of its own; else so long that there are no more bars than may be. */
function stepOf(recorded: readonly Recorded[], { scaleMs, widthPx, slicesLimit }: Frame): number | undefined {
  const visible = recorded.map(({ slices }) => slices.filter(({ startMs }) => startMs < scaleMs));
  if (visible.reduce((sum, slices) => sum + slices.length, 0) <= slicesLimit) return undefined;
  const lanes = visible.reduce((sum, slices) => sum + Math.min(LANES_LIMIT, lanesOf(slices).length), 0);
  return scaleMs / Math.max(1, Math.min(widthPx / NARROWEST_STEP_PX, Math.floor(slicesLimit / lanes)));
}
