import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import picomatch from 'picomatch';
import { EXIT_CLAIM_FAILED, EXIT_STATUS, LanewiseError } from '../errors.ts';
import { LANGUAGES, type Language } from '../language.ts';
import { LESSONS } from '../lessons/catalogue.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { moduleText, teach, type Curriculum, type Step } from '../lessons/teach.ts';
import { takeLock } from '../measure/lock.ts';
import type { LessonsReport } from '../model.ts';
import { didYouMean } from '../plan/nearest.ts';
import { durationMsOf, parseCount } from '../plan/parse-lists.ts';
import { BORDERLESS } from '../report/borderless.ts';
import type { FormatFile } from '../report/formats.ts';
import { renderLessonsJson } from '../report/lessons/json.ts';
import { renderLessons } from '../report/lessons/terminal.ts';
import { duration } from '../report/numbers.ts';
import { randomSeed } from '../random-seed.ts';
import { isSet, listOf, textOf, type Args } from './args.ts';
import { isAnimated, openBar } from './bar.ts';
import { interruptible } from './interruptible.ts';
import { lockOptions } from './lock-flags.ts';
import { lessonsFolder, openReportFolder } from './report-folder.ts';
import { paintFor } from './screen.ts';

const FORMATS: Readonly<Record<string, readonly FormatFile<LessonsReport>[]>> = {
  html: [
    {
      file: 'lessons.html',
      render: async (report) => (await import('../report/lessons/render-html.ts')).renderLessonsHtml(report),
    },
  ],
  json: [{ file: 'lessons.json', render: renderLessonsJson }],
};

/** `lanewise lessons`: performs them, says whether their claims hold. @returns the exit status */
export async function teachLessons(args: Args): Promise<number> {
  const asked = listOf(args, 'lessons') ?? [];
  const curriculum = curriculumOf(asked, args);
  if (isSet(args, 'list')) return show(listing(curriculum, args));
  if (isSet(args, 'code')) return show(await moduleText(oneOf(curriculum, '--code')));
  if (curriculum.from !== undefined) oneOf(curriculum, '--from');
  const options = lessonsFolder(args, FORMATS);
  const interruption = interruptible('Stopping.');
  const lock = await takeLock(lockOptions(args));
  const progress = openProgress(process.stderr, isSet(args, 'quiet'));
  try {
    const folder = options && openReportFolder(options);
    interruption.begin();
    const report = await teach(curriculum, { signal: interruption.signal, began: progress.began });
    progress.stop();
    show(
      isSet(args, 'json')
        ? renderLessonsJson(report)
        : renderLessons(report, { isFull: asked.length > 0, paint: paintFor(args, process.stdout) }),
    );
    const files = (await folder?.write(report)) ?? [];
    if (files.length > 0 && !isSet(args, 'quiet')) process.stderr.write(`Written: ${files.join(', ')}\n`);
    return statusOf(report);
  } finally {
    progress.stop();
    lock.release();
    interruption.end();
  }
}

function statusOf({ complete, lessons }: LessonsReport): number {
  if (!complete) return EXIT_STATUS.interrupted;
  return lessons.every(({ ways }) => ways.every(({ pass }) => pass)) ? 0 : EXIT_CLAIM_FAILED;
}

function show(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Shorter delays would drown in what starting a task takes, and say nothing. */
const SHORTEST_UNIT_MS = 20;
/** The longest lesson then takes three quarters of an hour. */
const LONGEST_UNIT_MS = 60_000;

function curriculumOf(asked: readonly string[], args: Args): Curriculum {
  const seed = textOf(args, 'seed');
  return {
    lessons: selectLessons(asked),
    language: languageOf(textOf(args, 'lang')),
    unitMs: unitOf(textOf(args, 'unit') ?? '40ms'),
    seed: seed === undefined ? randomSeed() : parseCount(seed, 'seed', 0),
    from: fileOf(textOf(args, 'from')),
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

/** @throws LanewiseError unless exactly one lesson was named */
function oneOf({ lessons }: Curriculum, flag: string): Lesson {
  const [lesson, ...others] = lessons;
  if (lesson !== undefined && others.length === 0) return lesson;
  throw new LanewiseError(
    'usage',
    `Which lesson? ${flag} is for one, for example "lanewise lessons gather-many ${flag}".`,
  );
}

function listing({ lessons, language }: Curriculum, args: Args): string {
  const shown = lessons.map(({ id, origin, title }) => ({ id, origin: origin[language], title: title[language] }));
  if (isSet(args, 'json')) return `${JSON.stringify({ lang: language, lessons: shown }, undefined, 2)}\n`;
  const paint = paintFor(args, process.stdout);
  const table = new Table({ ...BORDERLESS, wordWrap: true, colWidths: [31, 48] });
  for (const { id, origin, title } of shown) table.push([id, `${title} ${paint('dim', `(${origin})`)}`]);
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`;
}

/** A plain line at most this often. */
const PLAIN_INTERVAL_MS = 5000;

/** Written between two measurements only. */
function openProgress(
  stream: NodeJS.WriteStream,
  isQuiet: boolean,
): { readonly began: (step: Step) => void; readonly stop: () => void } {
  if (isQuiet) return { began: () => undefined, stop: () => undefined };
  const beganMs = Date.now();
  const bar = isAnimated(stream) ? openBar(stream) : undefined;
  let writtenMs = beganMs;
  return {
    began: ({ done, all, lesson, way }) => {
      const name = way === undefined ? lesson : `${lesson}, ${way}`;
      const left = done === 0 ? '' : `, about ${duration(((Date.now() - beganMs) / done) * (all - done))} left`;
      if (bar !== undefined) bar.draw(done / all, `${name}${left}`);
      else if (Date.now() - writtenMs >= PLAIN_INTERVAL_MS) {
        writtenMs = Date.now();
        stream.write(`${name}: ${done + 1} of ${all}${left}\n`);
      }
    },
    stop: () => bar?.clear(),
  };
}
