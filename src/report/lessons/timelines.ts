import type { LessonsReport, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import { lastMs, runningMs } from '../../stats/timeline-facts.ts';
import type { Code, Figures } from '../document.ts';
import { taskRows, timelineRows } from '../timeline-text.ts';
import type { Words } from './words.ts';

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
  const rows = isByLane && runningMs(slices) > RUNNING_SHARE * totalMs ? timelineRows : taskRows;
  const lines = rows(slices, totalMs, (lane) => words.lane(strategy, lane));
  return [{ kind: 'code', language: 'text', title: words.timeline(totalMs), text: lines.join('\n') }];
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
