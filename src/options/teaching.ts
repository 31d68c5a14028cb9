/** Options of `lessons`, `doctor`, `init` and `worker`. */
import { invalid } from '../model/errors.ts';
import type { Language } from '../model/lessons.ts';
import { anyText, number, text, texts, yesOrNo, count, rows, type Options } from './option.ts';
import { durationMsOf, withUnit } from './quantity.ts';

/** Shorter delays would drown in the cost of starting a task. */
const SHORTEST_UNIT_MS = 20;
/** With it the longest lesson takes 70 minutes. */
const LONGEST_UNIT_MS = 60_000;

/** Milliseconds in code; the command line needs a unit. */
const unit = number((given, name) => {
  const unitMs = typeof given === 'number' ? given : durationMsOf(withUnit(given, name));
  if (unitMs >= SHORTEST_UNIT_MS && unitMs <= LONGEST_UNIT_MS) return unitMs;
  throw invalid(
    name,
    given,
    `${SHORTEST_UNIT_MS}ms (shorter delays drown in the cost of starting a task) to ${LONGEST_UNIT_MS / 1000}s`,
  );
});

const isOffered: Readonly<Record<Language, true>> = { en: true, pt: true };
const LANGUAGES = Object.keys(isOffered) as Language[];

/** A language: `pt`, or a system's `pt-BR`. */
const language = text<Language, Language>(
  (given, name) => {
    const found = LANGUAGES.find((known) => known === given.toLowerCase().split(/[-_.]/)[0]);
    if (found !== undefined) return found;
    throw invalid(name, given, LANGUAGES.join(' or '));
  },
  LANGUAGES.map((name) => `'${name}'`).join(' | '),
);

const lessons = rows('What to teach:', 'code');
const onlyShown = rows('What to teach:');
const doctor = rows('Options:');
const init = rows('Options:');
const worker = rows('Options:');
const neededByWorker = rows('Options:', 'needed');

export const TEACHING = {
  /** Names, or globs of names. Default: all. */
  lessons: lessons(texts, { lessons: ['names or globs of names', 'all, as a scoreboard'] }, { isPositional: true }),
  list: onlyShown(yesOrNo, { lessons: ['list the lessons and measure nothing'] }, { isCommon: true }),
  /** Duration of one second of the tutorial, in milliseconds. Default: 40. */
  unitMs: lessons(
    unit,
    { lessons: ['duration of one second of the tutorial; 1s is the original', '40ms'] },
    { flag: 'unit', isCommon: true },
  ),
  /** Seed of the random delays: the same seed gives the same delays. Default: random. */
  seed: lessons(count(0), { lessons: ['seed of the random delays', 'random'] }),
  /** Language. Default: that of the system, or English. */
  lang: lessons(language, { lessons: ['en or pt', 'that of the system, or English'] }, { isCommon: true }),
  code: onlyShown(yesOrNo, { lessons: ['print the code of one lesson as JavaScript'] }, { isCommon: true }),
  /** Path of a changed copy of the lesson's code. */
  from: lessons(anyText, { lessons: ['run one lesson with a changed copy of its code'] }, { isCommon: true }),

  facts: doctor(yesOrNo, { doctor: ['show the facts of the machine and measure nothing'] }),

  file: init(anyText, { init: ['file to write', 'workload.mjs, or workload.mts'] }, { isPositional: true }),
  cpu: init(yesOrNo, { init: ['a workload that computes', 'yes'] }, { conflicts: 'io' }),
  io: init(yesOrNo, { init: ['a workload that waits'] }),
  typescript: init(yesOrNo, { init: ['write TypeScript', 'if the file is .ts or .mts'] }),

  join: neededByWorker(anyText, { worker: ['URL#token of the run; #token alone: the URL is in LANEWISE_QUEUE_URL'] }),
  modules: worker(anyText, {
    worker: ['folder of the modules to run; only those with equal checksums are', 'this one'],
  }),
  trusted: worker(
    yesOrNo,
    { worker: ['use a server without TLS or a password in a trusted network'] },
    { flag: 'insecure' },
  ),
} satisfies Options;
