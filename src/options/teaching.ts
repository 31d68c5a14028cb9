/** What only `lessons`, `doctor` and `init` can be asked. */
import { invalid } from '../model/errors.ts';
import { LANGUAGES, type Language } from '../model/lessons.ts';
import { anyText, number, text, texts, yesOrNo, count, durationMsOf, rows, type Options } from './option.ts';

/** Shorter delays would drown in what starting a task takes, and say nothing. */
const SHORTEST_UNIT_MS = 20;
/** The longest lesson then takes three quarters of an hour. */
const LONGEST_UNIT_MS = 60_000;

/** Milliseconds, of which a bare number on the command line may not be. */
const unit = number((given, name) => {
  // Of a bare number one person would think milliseconds, and another one seconds.
  if (typeof given === 'string' && /^[\d.]+$/.test(given) && Number(given) > 0)
    throw invalid(name, given, `a unit: ${given}ms or ${given}s`);
  const unitMs = typeof given === 'number' ? given : durationMsOf(given);
  if (unitMs >= SHORTEST_UNIT_MS && unitMs <= LONGEST_UNIT_MS) return unitMs;
  throw invalid(
    name,
    given,
    `${SHORTEST_UNIT_MS}ms (shorter delays drown in the cost of starting a task) to ${LONGEST_UNIT_MS / 1000}s`,
  );
});

/** `pt`, and `pt-BR` as systems call it. */
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

export const TEACHING = {
  /** Names, or globs of names. Default: all. */
  lessons: lessons(texts, { lessons: ['names or globs of names', 'all, as a scoreboard'] }, { isPositional: true }),
  list: onlyShown(yesOrNo, { lessons: ['list the lessons and measure nothing'] }, { isCommon: true }),
  /** What a second of the tutorial takes. Default: 40. */
  unitMs: lessons(
    unit,
    { lessons: ['duration of one second of the tutorial; 1s is the original', '40ms'] },
    { flag: 'unit', isCommon: true },
  ),
  /** Of the random delays: the same seed gives the same ones. Default: random. */
  seed: lessons(count(0), { lessons: ['seed of the random delays', 'random'] }),
  /** Default: that of the system, or English. */
  lang: lessons(language, { lessons: ['en or pt', 'that of the system, or English'] }, { isCommon: true }),
  code: onlyShown(yesOrNo, { lessons: ['print the code of one lesson as JavaScript'] }, { isCommon: true }),
  /** The path of a changed copy of the one lesson that is asked for. */
  from: lessons(anyText, { lessons: ['run one lesson with a changed copy of its code'] }, { isCommon: true }),

  facts: doctor(yesOrNo, { doctor: ['show the facts of the machine and measure nothing'] }),

  file: init(anyText, { init: ['file to write', 'workload.mjs, or workload.mts'] }, { isPositional: true }),
  cpu: init(yesOrNo, { init: ['a workload that computes', 'yes'] }, { conflicts: 'io' }),
  io: init(yesOrNo, { init: ['a workload that waits'] }),
  typescript: init(yesOrNo, { init: ['write TypeScript', 'if the file name ends so'] }),
} satisfies Options;
