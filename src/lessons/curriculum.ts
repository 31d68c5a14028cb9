import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { LanewiseError } from '../model/errors.ts';
import { LANGUAGES, type Language } from './language.ts';
import { didYouMean } from '../model/nearest.ts';
import { durationMsOf, parseCount } from '../options/parse-lists.ts';
import { randomSeed } from '../system/random-seed.ts';
import { LESSONS } from './catalogue.ts';
import type { Lesson } from './lesson.ts';
import type { Curriculum } from './teach.ts';

/** Which lessons, as the flags of the command line carry it; everything is optional. */
export interface CurriculumRequest {
  /** Names, or globs of names; none: all. */
  readonly lessons?: readonly string[];
  readonly lang?: string;
  readonly unit?: string;
  readonly seed?: string;
  /** The path of a changed copy of a lesson. */
  readonly from?: string;
}

/** Shorter delays would drown in what starting a task takes, and say nothing. */
const SHORTEST_UNIT_MS = 20;
/** The longest lesson then takes three quarters of an hour. */
const LONGEST_UNIT_MS = 60_000;

/** @throws LanewiseError for the first value that cannot be used */
export function resolveCurriculum({ lessons = [], lang, unit = '40ms', seed, from }: CurriculumRequest): Curriculum {
  return {
    lessons: selectLessons(lessons),
    language: languageOf(lang),
    unitMs: unitOf(unit),
    seed: seed === undefined ? randomSeed() : parseCount(seed, 'seed', 0),
    from: fileOf(from),
  };
}

const NAMES = LESSONS.map(({ id }) => id);

/** Each once, in the order of the tutorial. */
function selectLessons(asked: readonly string[]): readonly Lesson[] {
  const names = new Set(asked.flatMap(matching));
  return names.size === 0 ? LESSONS : LESSONS.filter(({ id }) => names.has(id));
}

function matching(asked: string): readonly string[] {
  // An unset variable of a shell is no pattern.
  const isMatch = asked === '' ? () => false : picomatch(asked);
  const names = NAMES.filter((name) => isMatch(name));
  if (names.length > 0) return names;
  throw new LanewiseError(
    'usage',
    `Unknown lesson "${asked}".${didYouMean(asked, NAMES)} "lanewise lessons --list" shows them all.`,
  );
}

/** That of the system, unless it is said which. */
function languageOf(asked: string | undefined): Language {
  const locale = asked ?? Intl.DateTimeFormat().resolvedOptions().locale;
  const known = LANGUAGES.find((language) => language === locale.toLowerCase().split(/[-_.]/)[0]);
  if (known !== undefined) return known;
  if (asked === undefined) return 'en';
  throw new LanewiseError('usage', `There are no lessons in "${asked}": give --lang en or --lang pt.`);
}

function unitOf(written: string): number {
  // Of a bare number one person would think milliseconds, and another one seconds.
  if (/^[\d.]+$/.test(written) && Number(written) > 0)
    throw new LanewiseError(
      'usage',
      `Is --unit ${written} in milliseconds or in seconds? Give ${written}ms or ${written}s.`,
    );
  const unitMs = durationMsOf(written);
  if (unitMs >= SHORTEST_UNIT_MS && unitMs <= LONGEST_UNIT_MS) return unitMs;
  throw new LanewiseError(
    'usage',
    `A second of the tutorial cannot take ${written}: give --unit from ${SHORTEST_UNIT_MS}ms (shorter delays would drown in what starting a task takes) to ${LONGEST_UNIT_MS / 1000}s.`,
  );
}

function fileOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (existsSync(path) && statSync(path).isFile()) return pathToFileURL(resolve(path)).href;
  throw new LanewiseError(
    'input',
    `There is no file ${path}: "lanewise lessons gather-many --code > mine.mjs" makes one to change.`,
  );
}
