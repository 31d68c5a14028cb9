import type { LessonsReport, TaughtConfiguration, TaughtLesson } from '../../model/lessons.ts';
import {
  note,
  only,
  paragraph,
  present,
  section,
  type Block,
  type Item,
  type List,
  type Section,
} from '../document.ts';
import { lessonFigure, lettersOf } from './timelines.ts';
import { claimText, type Words } from './words.ts';

export function lessonSection(lesson: TaughtLesson, report: LessonsReport, words: Words): Section {
  const { id, title, origin, idea, tutorial, differs, takeaway, modifiedCopy, code, configurations } = lesson;
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
      label: words.claims,
      blocks: configurations.map((configuration) => configurationSection(configuration, words, drawn(configuration))),
    },
    lessonFigure(lesson, report, words),
    takeaway !== undefined && remark(words.takeaway, takeaway),
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

export function failureSection({ id, title, configurations }: TaughtLesson, words: Words): Section {
  const failing = configurations.filter(({ pass }) => !pass);
  return section(
    `${id}: ${title}`,
    failing.map((configuration) => configurationSection(configuration, words)),
  );
}
