import type { LessonsReport, TaughtLesson, TaughtConfiguration } from '../../model/lessons.ts';
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
 * A scoreboard, then each lesson with its code, its claims and its timelines.
 *
 * @param isFull show all of that in a terminal; otherwise only the scoreboard and the claims that fail
 */
export function lessonsDocument(raw: LessonsReport, { isFull }: { readonly isFull: boolean }): Document {
  const report = displayable(raw);
  const { lang, lessons } = report;
  const words = WORDS[lang];
  const failing = lessons.filter(({ configurations }) => configurations.some(({ pass }) => !pass));
  const all = lessons.map((lesson) => lessonSection(lesson, report, words));
  const failed = failing.map((lesson) => failureSection(lesson, words));
  return {
    language: lang === 'pt' ? 'pt-BR' : 'en',
    about: words.title,
    title: [verdictOf(report, words)],
    facts: [...words.facts(report), report.startedAt],
    alerts: [],
    blocks: present<Block>(
      (lessons.length > 1 || !isFull) && scoreboard(report, words),
      note(words.source),
      ...only(['page'], [note(words.howToRead)]),
      ...(isFull ? all : [...only(['markdown', 'page'], all), ...only(['terminal'], failed)]),
    ),
    madeBy: 'Lanewise',
    footer: words.footer,
  };
}

/** Safe to show: a modified copy of a lesson may return and throw anything. Code is shown whole. */
function displayable({ lessons, ...report }: LessonsReport): LessonsReport {
  return {
    ...shown(report),
    lessons: lessons.map(({ code, configurations, ...lesson }) => ({
      ...shown(lesson),
      code: code.map(({ file, text }) => ({ file: visible(file), text: visible(text) })),
      configurations: configurations.map(({ slices, ...configuration }) => ({ ...shown(configuration), slices })),
    })),
  };
}

/** The outcome of all claims in one sentence. */
function verdictOf({ lessons, complete }: LessonsReport, words: Words): string {
  const configurations = lessons.flatMap((lesson) => lesson.configurations);
  const { held, all } = scoreOf(configurations);
  const broken = configurations.filter(({ error }) => error !== undefined).map(words.configuration);
  return present(
    !complete && words.incomplete,
    held < all && words.someFail(all - held, all),
    held === all && all > 0 && broken.length === 0 && words.allHold(lessons.length, all),
    broken.length > 0 && `${broken.join(', ')}: ${words.notRun}.`,
  ).join(' ');
}

function scoreOf(configurations: readonly TaughtConfiguration[]): { readonly held: number; readonly all: number } {
  const claims = configurations.flatMap((configuration) => configuration.claims);
  return { held: claims.filter(({ pass }) => pass).length, all: claims.length };
}

/** Columns after those that name the lesson. */
const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'] as const;

function scoreboard({ lessons }: LessonsReport, words: Words): Section {
  const rows = lessons.map(({ id, title, origin, configurations }) => ({
    cells: [
      { text: [{ text: title, to: id }], short: id },
      { text: origin, short: origin.replace(/:.*/, '') },
      ...STRATEGIES.map((strategy) =>
        scoreCell(configurations.filter((configuration) => configuration.strategy === strategy)),
      ),
    ],
  }));
  const columns = words.columns.map((title) => ({ title }));
  return section(words.scoreboard, [{ kind: 'table', label: words.scoreboard, columns, rows }]);
}

/** `✓ 2/2`, side by side for each configuration of the strategy. */
function scoreCell(configurations: readonly TaughtConfiguration[]): Cell {
  if (configurations.length === 0) return { text: '' };
  const scores = configurations.map((configuration) => {
    const { held, all } = scoreOf([configuration]);
    return `${configuration.pass ? '✓' : '✗'} ${held}/${all}`;
  });
  return {
    text: scores.join(' · '),
    short: scores.join(' '),
    tone: configurations.every(({ pass }) => pass) ? 'good' : 'bad',
  };
}

function lessonSection(lesson: TaughtLesson, report: LessonsReport, words: Words): Section {
  const { id, title, origin, idea, tutorial, differs, modifiedCopy, code, configurations } = lesson;
  const drawn = (configuration: TaughtConfiguration): readonly Block[] =>
    only(['terminal', 'markdown'], lettersOf(lesson, configuration, words));
  const blocks = present<Block>(
    note([{ text: id, as: 'code' }, ` · ${origin}`]),
    modifiedCopy !== undefined && note(words.modifiedCopy(id, modifiedCopy)),
    paragraph(idea),
    ...code.map(({ file, text }): Block => ({ kind: 'code', language: 'ts', title: file, text })),
    remark(words.tutorialSays, tutorial),
    differs !== undefined && remark(words.differs, differs),
    {
      kind: 'beside',
      label: title,
      blocks: configurations.map((configuration) => configurationSection(configuration, words, drawn(configuration))),
    },
    lessonFigure(lesson, report, words),
  );
  return { ...section(title, blocks), id };
}

function remark(name: string, text: string): Block {
  return paragraph([{ text: `${name}:`, as: 'strong' }, ` ${text}`]);
}

function configurationSection(configuration: TaughtConfiguration, words: Words, drawn: readonly Block[] = []): Section {
  const name = words.configuration(configuration);
  const heading = configuration.attempts > 1 ? `${name} (${words.measuredAgain(configuration.attempts)})` : name;
  return section(heading, [claimsOf(configuration, words), ...drawn]);
}

function claimsOf({ error, claims, notMeasured }: TaughtConfiguration, words: Words): List {
  const items = present<Item>(
    error !== undefined && { text: `${words.notRun}: ${error}`, tone: 'bad' },
    ...claims.map((claim): Item => ({ text: claimText(claim, words), tone: claim.pass ? 'good' : 'bad' })),
    ...notMeasured.map((text) => ({ text })),
  );
  return { kind: 'list', items };
}

function failureSection({ id, title, configurations }: TaughtLesson, words: Words): Section {
  const failing = configurations.filter(({ pass }) => !pass);
  return section(
    `${id}: ${title}`,
    failing.map((configuration) => configurationSection(configuration, words)),
  );
}
