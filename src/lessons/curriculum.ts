import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import { languageOfLocale } from '../model/language.ts';
import type { Language } from '../model/lessons.ts';
import { randomSeed } from '../system/surroundings.ts';
import { LESSONS } from './catalogue.ts';
import type { Lesson } from './lesson.ts';

/** Selects the lessons; everything is optional. */
export interface CurriculumRequest {
  /** Names, or globs of names; none: all. */
  readonly lessons?: readonly string[];
  readonly lang?: Language;
  readonly unitMs?: number;
  readonly seed?: number;
  /** Path of a modified copy of a lesson. */
  readonly from?: string;
}

/** The lessons to teach, and how. */
export interface Curriculum {
  readonly lessons: readonly Lesson[];
  readonly language: Language;
  /** Duration of one tutorial second, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  /** File URL of a modified copy that replaces the lesson's module. */
  readonly from: string | undefined;
}

/** @throws LanewiseError for an unknown lesson or a missing file */
export function resolveCurriculum({
  lessons = [],
  lang = languageOfLocale(Intl.DateTimeFormat().resolvedOptions().locale),
  unitMs = 40,
  seed = randomSeed(),
  from,
}: CurriculumRequest): Curriculum {
  return { lessons: selectLessons(lessons), language: lang, unitMs, seed, from: fileOf(from) };
}

const NAMES = LESSONS.map(({ id }) => id);

/** Each once, in the order of the tutorial. */
function selectLessons(asked: readonly string[]): readonly Lesson[] {
  const names = new Set(asked.flatMap(matching));
  return names.size === 0 ? LESSONS : LESSONS.filter(({ id }) => names.has(id));
}

function matching(asked: string): readonly string[] {
  // An empty name comes from an unset shell variable, and would match nothing sensible as a pattern.
  const isMatch = asked === '' ? () => false : picomatch(asked);
  const names = NAMES.filter((name) => isMatch(name));
  if (names.length > 0) return names;
  throw new LanewiseError(
    'usage',
    `Unknown lesson "${asked}".${didYouMean(asked, NAMES)} "lanewise lessons --list" lists them.`,
  );
}

function fileOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (existsSync(path) && statSync(path).isFile()) return pathToFileURL(resolve(path)).href;
  throw new LanewiseError(
    'input',
    `Invalid --from "${path}": no such file. Create one with "lanewise lessons gather-many --code > mine.mjs".`,
  );
}
