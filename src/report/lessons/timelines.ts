import type { LessonsReport, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import { byLane, spansOf, type LaneSlices } from '../../stats/timeline-bars.ts';
import { lastMs, runningMs } from '../../stats/timeline-facts.ts';
import type { Code, Figures } from '../document.ts';
import { digitOf, LANE_LABEL_WIDTH, timelineRows } from '../timeline-text.ts';
import type { Words } from './words.ts';

/** What fits a terminal of 80 columns beside the name of a lane. */
const WIDTH = 60;
/** Of all the time, tasks that run at least so much are told by lane. */
const RUNNING_SHARE = 0.25;
/** Of the drawing of one lesson. */
const SLICES_LIMIT = 2000;

/** By lane who runs; or, where nearly all that tasks do is wait, each task below the other, from its number on. */
export function lettersOf(
  { byLane: isByLane }: TaughtLesson,
  { strategy, slices }: TaughtWay,
  words: Words,
): readonly Code[] {
  const totalMs = lastMs([{ slices }]);
  if (totalMs === 0) return [];
  const rows =
    isByLane && runningMs(slices) > RUNNING_SHARE * totalMs
      ? timelineRows({ slices }, totalMs, WIDTH).map(({ lane, line }) => ({ lane, lines: [line] }))
      : byLane(slices).map((own) => ({ lane: own.lane, lines: linesOf(own, totalMs) }));
  const lines = rows.flatMap((row) =>
    row.lines.map(
      (line, index) => `${(index === 0 ? words.lane(strategy, row.lane) : '').padEnd(LANE_LABEL_WIDTH)}${line}`,
    ),
  );
  return [{ kind: 'code', language: 'text', title: words.timeline(totalMs), text: lines.join('\n') }];
}

/** Of one lane: tasks that are under way at once have lines of their own. */
function linesOf({ slices }: LaneSlices, totalMs: number): readonly string[] {
  const spans = spansOf(slices);
  const tracks = Math.max(...spans.map(({ track }) => track)) + 1;
  return Array.from({ length: tracks }, (_, track) => {
    const own = spans.filter((span) => span.track === track);
    const tasks = new Set(own.map(({ task }) => task));
    const [row] = timelineRows({ slices: slices.filter(({ task }) => tasks.has(task)) }, totalMs, WIDTH);
    let line = row?.line ?? '';
    // A task that does nothing but wait would have no number.
    for (const { task, startMs } of own) {
      const column = Math.min(WIDTH - 1, Math.floor((startMs / totalMs) * WIDTH));
      line = `${line.slice(0, column).padEnd(column)}${digitOf(task)}${line.slice(column + 1)}`;
    }
    return line;
  });
}

/** All ways of a lesson on one time scale. */
export function lessonFigure({ id, title, ways }: TaughtLesson, { environment }: LessonsReport, words: Words): Figures {
  const recorded = ways
    .filter(({ slices }) => slices.length > 0)
    .map(({ way, strategy, slices }) => ({
      name: way,
      laneLabel: (lane: number) => words.lane(strategy, lane),
      slices,
    }));
  return {
    kind: 'figures',
    on: ['page'],
    draw: async () => {
      if (recorded.length === 0) return [];
      const [{ timelineDrawing }, { figureOf }] = await Promise.all([
        import('../figures/draw-timeline.ts'),
        import('../figures/figure.ts'),
      ]);
      const drawing = timelineDrawing(recorded, {
        scaleMs: lastMs(recorded),
        cores: environment.cores,
        slicesLimit: SLICES_LIMIT,
        words: words.drawing,
      });
      return [figureOf([title], { id: `timeline-${id}`, isWide: true }, () => ({ title, ...drawing }))].filter(
        (figure) => figure !== undefined,
      );
    },
  };
}
