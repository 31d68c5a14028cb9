import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../measure/environment.ts';
import { openServices, type OpenServices } from '../measure/services.ts';
import type { LessonsReport, TaughtLesson, TaughtWay } from '../model/lessons.ts';
import type { Timeline } from '../model/results.ts';
import { wayId } from '../plan/way.ts';
import type { Claim } from './claims.ts';
import type { BatchLesson, ExperimentLesson, Judgement, Lesson, Machine, Way } from './lesson.ts';
import { performBatches } from './perform-batches.ts';
import { performExperiment } from './perform-experiment.ts';
import type { Language } from '../model/lessons.ts';

/** A claim that fails may be the machine's doing: so often it is measured. */
const MOST_ATTEMPTS = 3;

export interface Curriculum {
  readonly lessons: readonly Lesson[];
  readonly language: Language;
  /** What a second of the tutorial takes, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  /** A changed copy of a lesson's module, by its file URL, that takes its place. */
  readonly from: string | undefined;
}

/** Called between measurements only. */
export interface Pupil {
  /** Aborted when no more is wanted. */
  readonly signal: AbortSignal;
  readonly began: (step: Step) => void;
}

/** So many of all ways of all lessons are done, and which one is next. */
export interface Step {
  readonly done: number;
  readonly all: number;
  readonly lesson: string;
  readonly way: string | undefined;
}

/** Performs every lesson in every way, judges its claims, and measures again what fails. */
export async function teach(curriculum: Curriculum, pupil: Pupil): Promise<LessonsReport> {
  const { lessons, language, unitMs, seed } = curriculum;
  const startedAt = new Date();
  const environment = await readEnvironment();
  const { signal } = pupil;
  const counts = lessons.map((lesson) => (lesson.kind === 'batch' ? 1 : lesson.ways.length));
  const all = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  const taught: TaughtLesson[] = [];
  const services = await openServices(
    new Set(lessons.flatMap((lesson) => ('services' in lesson ? lesson.services : []))),
  );
  try {
    for (const lesson of lessons) {
      const began = (way: Way | undefined): void =>
        pupil.began({ done: done++, all, lesson: lesson.id, way: way && wayId(way) });
      const context: Context = { curriculum, services, machine: environment, signal, began };
      const ways = lesson.kind === 'batch' ? await teachBatch(lesson, context) : await teachExperiment(lesson, context);
      if (signal.aborted) break;
      taught.push({ ...(await told(lesson, curriculum)), ways });
    }
  } finally {
    await services.close();
  }
  return {
    lang: language,
    unitMs,
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    environment,
    lessons: taught,
    complete: taught.length === lessons.length,
  };
}

interface Context {
  readonly curriculum: Curriculum;
  readonly services: OpenServices;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly began: (way: Way | undefined) => void;
}

async function teachExperiment(lesson: ExperimentLesson, context: Context): Promise<readonly TaughtWay[]> {
  const { curriculum, services, signal, began } = context;
  const { unitMs, seed } = curriculum;
  const taught: TaughtWay[] = [];
  for (const way of lesson.ways) {
    if (signal.aborted) break;
    began(way);
    const performance = { url: moduleOf(lesson, curriculum), way, unitMs, seed, services: services.services };
    const [outcome] = await attempt([way], context, async () => {
      const evidence = await performExperiment(performance, signal);
      return [{ ...judged(() => lesson.judge(evidence, { way, unitMs })), slices: evidence.slices }];
    });
    if (outcome !== undefined) taught.push(outcome);
  }
  return taught;
}

function teachBatch(lesson: BatchLesson, context: Context): Promise<readonly TaughtWay[]> {
  const { curriculum, machine, signal, began } = context;
  const ways = lesson.ways(machine.cores);
  began(undefined);
  return attempt(ways, context, async () => {
    const all = await performBatches(moduleOf(lesson, curriculum), ways, curriculum.seed, signal);
    return all.map((measured) => ({
      ...judged(() => lesson.judge(measured, machine)),
      slices: measured.slices,
    }));
  });
}

/** @throws if a changed copy does something else than its lesson is about */
function judged(judge: () => Judgement): Judgement {
  try {
    return judge();
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`its experiment did not give what the claims are about (${why})`, { cause: thrown });
  }
}

interface Judged extends Judgement {
  readonly slices: Timeline['slices'];
}

/** Performs and judges, again if a claim fails; what cannot be performed at all is not tried again. */
async function attempt(
  ways: readonly Way[],
  { curriculum: { language }, signal }: Context,
  perform: () => Promise<readonly Judged[]>,
): Promise<readonly TaughtWay[]> {
  const beganMs = performance.now();
  const outcome = (attempts: number, found: readonly (Judged | string)[]): readonly TaughtWay[] =>
    ways.map((way, index) =>
      taughtWay(way, found[index] ?? 'not measured', {
        attempts,
        // A batch is shared by its ways.
        durationMs: (performance.now() - beganMs) / ways.length,
        language,
      }),
    );
  for (let attempts = 1; ; attempts++) {
    try {
      const outcomes = await perform();
      const isPassed = outcomes.every(({ claims }) => claims.every(({ pass }) => pass));
      if (isPassed || attempts === MOST_ATTEMPTS || signal.aborted) return outcome(attempts, outcomes);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return outcome(
        attempts,
        ways.map(() => message),
      );
    }
  }
}

function taughtWay(
  { strategy, poolSize, inFlight }: Way,
  found: Judged | string,
  {
    attempts,
    durationMs,
    language,
  }: { readonly attempts: number; readonly durationMs: number; readonly language: Language },
): TaughtWay {
  const way = wayId({ strategy, poolSize, inFlight });
  const common = { way, strategy, poolSize, inFlight, durationMs, attempts };
  if (typeof found === 'string')
    return { ...common, pass: false, claims: [], notMeasured: [], slices: [], error: found };
  const { claims, notMeasured = [], slices } = found;
  return {
    ...common,
    pass: claims.every(({ pass }) => pass),
    claims: claims.map((claim: Claim) => ({ ...claim, text: claim.text[language] })),
    notMeasured: notMeasured.map((reason) => reason[language]),
    slices,
    error: undefined,
  };
}

async function told(lesson: Lesson, curriculum: Curriculum): Promise<Omit<TaughtLesson, 'ways'>> {
  const { language } = curriculum;
  const { id, origin, title, idea, tutorial, differs } = lesson;
  return {
    id,
    origin: origin[language],
    title: title[language],
    idea: idea[language],
    tutorial: tutorial[language],
    differs: differs?.[language],
    code: await codeOf(lesson, curriculum.from),
    byLane: lesson.kind === 'batch',
  };
}

/** The code as it was written; in `dist` is what the compiler made of it. */
const SOURCES = new URL('../../../bench/lessons/', import.meta.url);
const MODULES = new URL('../../bench/lessons/', import.meta.url);

function moduleOf({ id }: Lesson, { from }: Curriculum): string {
  return from ?? new URL(`${id}.js`, MODULES).href;
}

/** What is run, as JavaScript that a student can change and run again, wherever it lies: what it refers to is named by its address. */
export async function moduleText({ id }: Lesson): Promise<string> {
  const url = new URL(`${id}.js`, MODULES);
  const text = await readFile(url, 'utf8');
  return text
    .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n')
    .replaceAll('import.meta.url', `'${url.href}'`)
    .replaceAll(/ from '(\.[^']*)'/g, (_match, path: string) => ` from '${new URL(path, url).href}'`);
}

async function codeOf({ id, files = [] }: Lesson, from: string | undefined): Promise<TaughtLesson['code']> {
  const urls = from === undefined ? [id, ...files].map((file) => new URL(`${file}.ts`, SOURCES)) : [new URL(from)];
  return Promise.all(
    urls.map(async (url) => ({ file: basename(fileURLToPath(url)), text: (await readFile(url, 'utf8')).trimEnd() })),
  );
}
