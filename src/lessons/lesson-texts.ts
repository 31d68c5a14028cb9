import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaughtLesson } from '../model/lessons.ts';
import type { Curriculum } from './curriculum.ts';
import type { Lesson } from './lesson.ts';
import { codeOf } from './module-code.ts';

/** A lesson in one language, with its code. */
export async function textOf(lesson: Lesson, curriculum: Curriculum): Promise<Omit<TaughtLesson, 'configurations'>> {
  const { language } = curriculum;
  const { id, origin, title, idea, tutorial, differs, takeaway } = lesson;
  return {
    id,
    origin: origin[language],
    title: title[language],
    idea: idea[language],
    tutorial: tutorial[language],
    differs: differs?.[language],
    takeaway: takeaway?.[language],
    modifiedCopy: curriculum.from && basename(fileURLToPath(curriculum.from)),
    code: await codeOf(lesson, curriculum.from),
    byLane: lesson.kind === 'batch',
    rows: 'rows' in lesson ? lesson.rows?.map((name) => name[language]) : undefined,
  };
}
