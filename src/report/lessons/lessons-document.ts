import type { LessonsReport, TaughtClaim, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import { shown, visible } from '../displayable.ts';
import {
  only,
  type Block,
  type Cell,
  type Document,
  type Item,
  type List,
  type Section,
  type Table,
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
  return {
    language: lang === 'pt' ? 'pt-BR' : 'en',
    about: words.title,
    title: [verdictOf(report, words)],
    facts: factsOf(report, words),
    alerts: [],
    blocks: [
      ...(lessons.length > 1 || !isFull ? [scoreboard(report, words)] : []),
      ...only(['page'], [{ kind: 'paragraph', text: words.howToRead, isNote: true }]),
      ...(isFull ? told : only(['markdown', 'page'], told)),
      ...(isFull
        ? []
        : only(
            ['terminal'],
            failing.map((lesson) => failureSection(lesson, words)),
          )),
    ],
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
  return [
    ...(complete ? [] : [words.incomplete]),
    ...(held < all ? [words.someFail(all - held, all)] : []),
    ...(held === all && all > 0 && broken.length === 0 ? [words.allHold(lessons.length, all)] : []),
    ...(broken.length > 0 ? [`${broken.join(', ')}: ${words.notPerformed}.`] : []),
  ].join(' ');
}

function factsOf({ unitMs, seed, environment, durationMs, startedAt }: LessonsReport, words: Words): readonly string[] {
  const { cores, node } = environment;
  return [...words.facts({ unitMs, seed, cores, node, seconds: durationMs / 1000 }), startedAt];
}

function scoreOf(ways: readonly TaughtWay[]): { readonly held: number; readonly all: number } {
  const claims = ways.flatMap((way) => way.claims);
  return { held: claims.filter(({ pass }) => pass).length, all: claims.length };
}

/** The columns after the names of a lesson. */
const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'] as const;

function scoreboard({ lessons }: LessonsReport, words: Words): Section {
  const table: Table = {
    kind: 'table',
    label: words.scoreboard,
    columns: words.columns.map((title) => ({ title, align: 'left' })),
    rows: lessons.map(({ id, title, origin, ways }) => ({
      cells: [
        { text: [{ text: title, to: id }], short: id },
        { text: origin, short: origin.replace(/:.*/, '') },
        ...STRATEGIES.map((strategy) => scoreCell(ways.filter((way) => way.strategy === strategy))),
      ],
    })),
  };
  return { kind: 'section', heading: words.scoreboard, blocks: [table] };
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
  return {
    kind: 'section',
    heading: title,
    id,
    blocks: [
      { kind: 'paragraph', text: [{ text: id, as: 'code' }, ` · ${origin}`], isNote: true },
      { kind: 'paragraph', text: idea },
      ...code.map(({ file, text }): Block => ({ kind: 'code', language: 'ts', title: file, text })),
      remark(words.tutorialSays, tutorial),
      ...(differs === undefined ? [] : [remark(words.otherwise, differs)]),
      {
        kind: 'beside',
        label: title,
        blocks: ways.map((way) => ({
          kind: 'section',
          heading: headingOf(way, words),
          blocks: [claimsOf(way, words), ...only(['terminal', 'markdown'], lettersOf(lesson, way, words))],
        })),
      },
      lessonFigure(lesson, report, words),
    ],
  };
}

function remark(name: string, text: string): Block {
  return { kind: 'paragraph', text: [{ text: `${name}:`, as: 'strong' }, ` ${text}`] };
}

function headingOf({ way, attempts }: TaughtWay, words: Words): string {
  return attempts > 1 ? `${way} (${words.measuredAgain(attempts)})` : way;
}

function claimsOf({ error, claims, notMeasured }: TaughtWay, words: Words): List {
  const items: readonly Item[] = [
    ...(error === undefined ? [] : [{ text: `${words.notPerformed}: ${error}`, tone: 'bad' } as const]),
    ...claims.map((claim) => claimItem(claim, words)),
    ...notMeasured.map((text) => ({ text })),
  ];
  return { kind: 'list', items };
}

function claimItem(claim: TaughtClaim, words: Words): Item {
  return { text: claimText(claim, words), tone: claim.pass ? 'good' : 'bad' };
}

function failureSection({ id, title, ways }: TaughtLesson, words: Words): Section {
  const failing = ways.filter(({ pass }) => !pass);
  return {
    kind: 'section',
    heading: `${id}: ${title}`,
    blocks: failing.map((way) => ({ kind: 'section', heading: headingOf(way, words), blocks: [claimsOf(way, words)] })),
  };
}
