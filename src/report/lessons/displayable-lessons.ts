import type { LessonsReport } from '../../model/lessons.ts';
import { shown, visible } from '../displayable.ts';

/** The same for people to look at: a changed copy of a lesson may give and throw what it likes. Code is shown whole. */
export function displayableLessons({ lessons, ...report }: LessonsReport): LessonsReport {
  return {
    ...shown(report),
    lessons: lessons.map(({ code, ways, ...lesson }) => ({
      ...shown(lesson),
      code: code.map(({ file, text }) => ({ file: visible(file), text: visible(text) })),
      ways: ways.map(({ slices, ...way }) => ({ ...shown(way), slices })),
    })),
  };
}
