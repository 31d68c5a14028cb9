import { readFile } from 'node:fs/promises';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { LessonsReport, TaughtLesson } from '../../model/lessons.ts';
import { drawTimeline } from '../figures/draw-timeline.ts';
import { lastMs } from '../../stats/timeline-facts.ts';
import { displayableLessons } from './displayable-lessons.ts';
import { Page, type LessonFigure } from './page.tsx';
import { WORDS } from './words.ts';

const SCRIPT = new URL('../../../browser/page.js', import.meta.url);
/** Of one lesson. */
const SLICES_LIMIT = 2000;

/** The lessons as one page that needs nothing else: no network, and no script to be read. */
export async function renderLessonsHtml(raw: LessonsReport): Promise<string> {
  const report = displayableLessons(raw);
  const script = await readFile(SCRIPT, 'utf8');
  const figures = new Map(report.lessons.map((lesson) => [lesson.id, figureOf(lesson, report)]));
  return `<!doctype html>\n${renderToString(h(Page, { report, figures, script }))}\n`;
}

/** All ways of a lesson on one time scale; undefined where nothing was recorded. */
function figureOf(lesson: TaughtLesson, { lang, environment }: LessonsReport): LessonFigure | undefined {
  const words = WORDS[lang];
  const recorded = lesson.ways
    .filter(({ slices }) => slices.length > 0)
    .map(({ way, strategy, slices }) => ({
      name: way,
      laneLabel: (lane: number) => words.lane(strategy, lane),
      slices,
    }));
  if (recorded.length === 0) return undefined;
  return drawTimeline(recorded, {
    id: `timeline-${lesson.id}`,
    title: lesson.title,
    scaleMs: lastMs(recorded),
    cores: environment.cores,
    slicesLimit: SLICES_LIMIT,
    words: words.page.timeline,
  });
}
