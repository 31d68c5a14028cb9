import type { LessonsReport, TaughtLesson, TaughtConfiguration } from '../../model/lessons.ts';
import { lastMs, runningMs } from '../../stats/timeline-facts.ts';
import type { Code, Figures } from '../document.ts';
import { taskRows, timelineRows } from '../timeline-text.ts';
import type { Words } from './words.ts';

/** Tasks that run for at least this share of the time are drawn by worker. */
const RUNNING_SHARE = 0.25;
/** Most slices in the picture of one lesson. */
const SLICES_LIMIT = 2000;
/** Enough for all users who wait at once in any lesson. */
const TRACKS_LIMIT = 40;

/** One row per worker; or one per task, from its number on, where tasks do little but wait. */
export function lettersOf(
  { byLane: isByLane, rows: names }: TaughtLesson,
  { strategy, slices }: TaughtConfiguration,
  words: Words,
): readonly Code[] {
  const totalMs = lastMs([{ slices }]);
  if (totalMs === 0) return [];
  const rows = isByLane && runningMs(slices) > RUNNING_SHARE * totalMs ? timelineRows : taskRows;
  const lines = rows(slices, totalMs, (lane) => names?.[lane] ?? words.lane(strategy, lane));
  return [{ kind: 'code', language: 'text', title: words.timeline(totalMs), text: lines.join('\n') }];
}

/** All configurations of a lesson on one time scale. */
export function lessonFigure(
  { id, title, configurations, rows }: TaughtLesson,
  { environment }: LessonsReport,
  words: Words,
): Figures {
  const recorded = configurations
    .filter(({ slices }) => slices.length > 0)
    .map((configuration) => ({
      name: words.configuration(configuration),
      laneLabel: (lane: number) => rows?.[lane] ?? words.lane(configuration.strategy, lane),
      slices: configuration.slices,
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
        tracksLimit: TRACKS_LIMIT,
        words: words.drawing,
      });
      return [figureOf([title], { id: `timeline-${id}`, isWide: true }, () => ({ title, ...drawing }))].filter(
        (figure) => figure !== undefined,
      );
    },
  };
}
