import type { LessonsReport } from '../../model/lessons.ts';
import { visible } from '../../model/text.ts';
import { shown } from '../displayable.ts';
import { note, only, paragraph, present, type Block, type Document } from '../document.ts';
import { failureSection, lessonSection } from './lesson-section.ts';
import { explanationOf, scoreboard, verdictOf } from './scoreboard.ts';
import { WORDS } from './words.ts';

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
  const explanation = explanationOf(report, words);
  const all = lessons.map((lesson) => lessonSection(lesson, report, words));
  const failed = failing.map((lesson) => failureSection(lesson, words));
  return {
    language: lang === 'pt' ? 'pt-BR' : 'en',
    about: words.title,
    title: [verdictOf(report, words)],
    facts: [...words.facts(report), report.startedAt],
    alerts: explanation === undefined ? [] : [paragraph(explanation, 'unsure')],
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
