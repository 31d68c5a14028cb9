import Table from 'cli-table3';
import type { Language } from '../../model/lessons.ts';
import type { LessonsReport, TaughtClaim, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import { BORDERLESS } from '../borderless.ts';
import type { Paint } from '../paint.ts';
import { byLane, spansOf, type LaneSlices } from '../../stats/timeline-bars.ts';
import { lastMs, runningMs } from '../../stats/timeline-facts.ts';
import { timelineRows } from '../timeline-text.ts';
import { wrap } from '../wrap.ts';
import { displayableLessons } from './displayable-lessons.ts';
import { allWays, scoreboard, scoreOf } from './scores.ts';
import { claimText, WORDS } from './words.ts';

const TIMELINE_WIDTH = 60;
const LABEL_WIDTH = 17;

/**
 * The lessons in a terminal: `isFull` tells each of them, with its code and its timelines; otherwise there is a scoreboard of all,
 * and what fails.
 */
export function renderLessons(
  raw: LessonsReport,
  { isFull, paint }: { readonly isFull: boolean; readonly paint: Paint },
): string {
  const report = displayableLessons(raw);
  const { lessons, lang } = report;
  const failing = lessons.filter(({ ways }) => ways.some(({ pass }) => !pass));
  const parts = [
    ...(isFull ? lessons.map((lesson) => renderLesson(lesson, lang, paint)) : []),
    ...(lessons.length > (isFull ? 1 : 0) ? [renderScoreboard(report, paint)] : []),
    ...(isFull ? [] : failing.map((lesson) => renderFailure(lesson, lang, paint))),
    renderSummary(report, paint),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderLesson(lesson: TaughtLesson, lang: Language, paint: Paint): string {
  const { id, title, origin, idea, tutorial, differs, code, ways } = lesson;
  const words = WORDS[lang];
  return [
    paint('bold', title),
    paint('dim', `${id} · ${origin}`),
    '',
    wrap(idea),
    '',
    ...code.flatMap(({ file, text }) => [
      paint('dim', `  ${file}`),
      ...text.split('\n').map((line) => `  ${line}`.trimEnd()),
      '',
    ]),
    wrap(`${words.tutorialSays}: ${tutorial}`),
    ...(differs === undefined ? [] : ['', wrap(`${words.otherwise}: ${differs}`)]),
    ...ways.flatMap((way) => ['', renderWay(lesson, way, lang, paint)]),
  ].join('\n');
}

function renderWay(lesson: TaughtLesson, way: TaughtWay, lang: Language, paint: Paint): string {
  return [renderClaims(way, lang, paint), ...renderTimeline(lesson, way, lang)].join('\n');
}

function renderClaims(way: TaughtWay, lang: Language, paint: Paint): string {
  const words = WORDS[lang];
  const again = way.attempts > 1 ? ` (${words.measuredAgain(way.attempts)})` : '';
  return [
    paint('bold', way.way) + again,
    ...(way.error === undefined ? [] : [paint('red', wrap(`✗ ${words.notPerformed}: ${way.error}`, '  '))]),
    ...way.claims.map((claim) => renderClaim(claim, lang, paint)),
    ...way.notMeasured.map((reason) => wrap(`– ${reason}`, '  ')),
  ].join('\n');
}

function renderClaim(claim: TaughtClaim, lang: Language, paint: Paint): string {
  const { pass } = claim;
  const [first = '', ...rest] = wrap(claimText(claim, lang), '    ').split('\n');
  const mark = pass ? paint('green', '✓') : paint('red', '✗');
  return [`  ${mark} ${first.trimStart()}`, ...rest].join('\n');
}

/** Of all the time, tasks that run at least so much are told by lane. */
const RUNNING_SHARE = 0.25;

/** By lane who runs; or, where nearly all that tasks do is wait, each task below the other, from its number on. */
function renderTimeline(lesson: TaughtLesson, { strategy, slices }: TaughtWay, lang: Language): readonly string[] {
  const words = WORDS[lang];
  const totalMs = lastMs([{ slices }]);
  if (totalMs === 0) return [];
  const rows =
    lesson.byLane && runningMs(slices) > RUNNING_SHARE * totalMs
      ? timelineRows({ cell: '', slices }, totalMs, TIMELINE_WIDTH).map(({ lane, line }) => ({ lane, lines: [line] }))
      : byLane(slices).map(({ lane, slices: own }) => ({ lane, lines: linesOf(own, totalMs) }));
  return [
    wrap(words.timeline(totalMs), '  '),
    ...rows.flatMap(({ lane, lines }) =>
      lines.map((line, index) => `  ${(index === 0 ? words.lane(strategy, lane) : '').padEnd(LABEL_WIDTH)}${line}`),
    ),
  ];
}

const DIGITS = '123456789abcdefghijklmnopqrstuvwxyz';

/** Of one lane: tasks that are under way at once have lines of their own. */
function linesOf(slices: LaneSlices['slices'], totalMs: number): readonly string[] {
  const spans = spansOf(slices);
  const tracks = Math.max(...spans.map(({ track }) => track)) + 1;
  return Array.from({ length: tracks }, (_, track) => {
    const own = spans.filter((span) => span.track === track);
    const tasks = new Set(own.map(({ task }) => task));
    const [row] = timelineRows(
      { cell: '', slices: slices.filter(({ task }) => tasks.has(task)) },
      totalMs,
      TIMELINE_WIDTH,
    );
    let line = row?.line ?? '';
    // A task that does nothing but wait would have no number.
    for (const { task, startMs } of own) {
      const column = Math.min(TIMELINE_WIDTH - 1, Math.floor((startMs / totalMs) * TIMELINE_WIDTH));
      line = `${line.slice(0, column).padEnd(column)}${DIGITS.charAt(task % DIGITS.length)}${line.slice(column + 1)}`;
    }
    return line;
  });
}

function renderScoreboard(report: LessonsReport, paint: Paint): string {
  const words = WORDS[report.lang];
  const table = new Table({ ...BORDERLESS, head: words.columns.map((name) => paint('dim', name)) });
  for (const { lesson, ways } of scoreboard(report)) {
    table.push([lesson.id, lesson.origin.replace(/:.*/, ''), ...ways.map((each) => scores(each, paint))]);
  }
  return table.toString().replaceAll(/ +$/gm, '');
}

/** `✓ 2/2`, and one beside the other where a strategy is there in several ways. */
function scores(ways: readonly TaughtWay[], paint: Paint): string {
  return ways
    .map((way) => {
      const { held, all, isFailed } = scoreOf([way]);
      return `${isFailed ? paint('red', '✗') : paint('green', '✓')} ${held}/${all}`;
    })
    .join(' ');
}

function renderFailure({ id, title, ways }: TaughtLesson, lang: Language, paint: Paint): string {
  const failing = ways.filter(({ pass }) => !pass);
  return [paint('bold', `${id}: ${title}`), ...failing.map((way) => renderClaims(way, lang, paint))].join('\n');
}

function renderSummary(report: LessonsReport, paint: Paint): string {
  return [
    paint(scoreOf(allWays(report)).isFailed ? 'red' : 'green', verdictOf(report)),
    wrap(factsOf(report).join(' · ')),
  ].join('\n');
}

/** Whether the claims hold, in one sentence. */
export function verdictOf(report: LessonsReport): string {
  const words = WORDS[report.lang];
  const ways = allWays(report);
  const { held, all } = scoreOf(ways);
  const broken = ways.filter(({ error }) => error !== undefined).map(({ way }) => way);
  return [
    ...(report.complete ? [] : [words.incomplete]),
    ...(held < all ? [words.someFail(all - held, all)] : []),
    ...(held === all && all > 0 && broken.length === 0 ? [words.allHold(report.lessons.length, all)] : []),
    ...(broken.length > 0 ? [`${broken.join(', ')}: ${words.notPerformed}.`] : []),
  ].join(' ');
}

export function factsOf({ lang, unitMs, seed, environment, durationMs }: LessonsReport): readonly string[] {
  const { cores, node } = environment;
  return WORDS[lang].facts({ unitMs, seed, cores, node, seconds: durationMs / 1000 });
}
