import type { LessonsReport, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import { visible } from '../../model/text.ts';
import { shown } from '../displayable.ts';
import {
  note,
  only,
  paragraph,
  present,
  section,
  type Block,
  type Cell,
  type Document,
  type Item,
  type List,
  type Section,
} from '../document.ts';
import { lessonFigure, lettersOf } from './timelines.ts';
import { claimText, WORDS, type Words } from './words.ts';

/**
 * The lessons with what was measured of them: a scoreboard, then each with its code, its claims and its timelines.
 *
 * @param isFull a terminal has all of that; otherwise the scoreboard of all, and what fails
 */
export function lessonsDocument(raw: LessonsReport, { isFull }: { readonly isFull: boolean }): Document {
  const report = displayable(raw);
  const { lang, lessons } = report;
  const words = WORDS[lang];
  const failing = lessons.filter(({ ways }) => ways.some(({ pass }) => !pass));
  const told = lessons.map((lesson) => lessonSection(lesson, report, words));
  const failed = failing.map((lesson) => failureSection(lesson, words));
  return {
    language: lang === 'pt' ? 'pt-BR' : 'en',
    about: words.title,
    title: [verdictOf(report, words)],
    facts: [...words.facts(report), report.startedAt],
    alerts: [],
    blocks: present<Block>(
      (lessons.length > 1 || !isFull) && scoreboard(report, words),
      ...only(['page'], [note(words.howToRead)]),
      ...(isFull ? told : [...only(['markdown', 'page'], told), ...only(['terminal'], failed)]),
    ),
    madeBy: 'Lanewise',
    footer: words.footer,
  };
}

/** For people to look at: a changed copy of a lesson may give and throw what it likes. Code is shown whole. */
function displayable({ lessons, ...report }: LessonsReport): LessonsReport {
  return {
    ...shown(report),
    lessons: lessons.map(({ code, ways, ...lesson }) => ({
      ...shown(lesson),
      code: code.map(({ file, text }) => ({ file: visible(file), text: visible(text) })),
      ways: ways.map(({ slices, ...way }) => ({ ...shown(way), slices })),
    })),
  };
}

/** Whether the claims hold, in one sentence. */
function verdictOf({ lessons, complete }: LessonsReport, words: Words): string {
  const ways = lessons.flatMap((lesson) => lesson.ways);
  const { held, all } = scoreOf(ways);
  const broken = ways.filter(({ error }) => error !== undefined).map(({ way }) => way);
  return present(
    !complete && words.incomplete,
    held < all && words.someFail(all - held, all),
    held === all && all > 0 && broken.length === 0 && words.allHold(lessons.length, all),
    broken.length > 0 && `${broken.join(', ')}: ${words.notPerformed}.`,
  ).join(' ');
}

function scoreOf(ways: readonly TaughtWay[]): { readonly held: number; readonly all: number } {
  const claims = ways.flatMap((way) => way.claims);
  return { held: claims.filter(({ pass }) => pass).length, all: claims.length };
}

/** The columns after the names of a lesson. */
const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'] as const;

function scoreboard({ lessons }: LessonsReport, words: Words): Section {
  const rows = lessons.map(({ id, title, origin, ways }) => ({
    cells: [
      { text: [{ text: title, to: id }], short: id },
      { text: origin, short: origin.replace(/:.*/, '') },
      ...STRATEGIES.map((strategy) => scoreCell(ways.filter((way) => way.strategy === strategy))),
    ],
  }));
  const columns = words.columns.map((title) => ({ title }));
  return section(words.scoreboard, [{ kind: 'table', label: words.scoreboard, columns, rows }]);
}

/** `✓ 2/2`, and one beside the other where a strategy is there in several ways. */
function scoreCell(ways: readonly TaughtWay[]): Cell {
  if (ways.length === 0) return { text: '' };
  const scores = ways.map((way) => {
    const { held, all } = scoreOf([way]);
    return `${way.pass ? '✓' : '✗'} ${held}/${all}`;
  });
  return {
    text: scores.join(' · '),
    short: scores.join(' '),
    tone: ways.every(({ pass }) => pass) ? 'good' : 'bad',
  };
}

function lessonSection(lesson: TaughtLesson, report: LessonsReport, words: Words): Section {
  const { id, title, origin, idea, tutorial, differs, code, ways } = lesson;
  const drawn = (way: TaughtWay): readonly Block[] => only(['terminal', 'markdown'], lettersOf(lesson, way, words));
  const blocks = present<Block>(
    note([{ text: id, as: 'code' }, ` · ${origin}`]),
    paragraph(idea),
    ...code.map(({ file, text }): Block => ({ kind: 'code', language: 'ts', title: file, text })),
    remark(words.tutorialSays, tutorial),
    differs !== undefined && remark(words.otherwise, differs),
    { kind: 'beside', label: title, blocks: ways.map((way) => waySection(way, words, drawn(way))) },
    lessonFigure(lesson, report, words),
  );
  return { ...section(title, blocks), id };
}

function remark(name: string, text: string): Block {
  return paragraph([{ text: `${name}:`, as: 'strong' }, ` ${text}`]);
}

function waySection(way: TaughtWay, words: Words, drawn: readonly Block[] = []): Section {
  const heading = way.attempts > 1 ? `${way.way} (${words.measuredAgain(way.attempts)})` : way.way;
  return section(heading, [claimsOf(way, words), ...drawn]);
}

function claimsOf({ error, claims, notMeasured }: TaughtWay, words: Words): List {
  const items = present<Item>(
    error !== undefined && { text: `${words.notPerformed}: ${error}`, tone: 'bad' },
    ...claims.map((claim): Item => ({ text: claimText(claim, words), tone: claim.pass ? 'good' : 'bad' })),
    ...notMeasured.map((text) => ({ text })),
  );
  return { kind: 'list', items };
}

function failureSection({ id, title, ways }: TaughtLesson, words: Words): Section {
  const failing = ways.filter(({ pass }) => !pass);
  return section(
    `${id}: ${title}`,
    failing.map((way) => waySection(way, words)),
  );
}
