import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Services } from '../../workers/contract.ts';
import { readEnvironment } from '../measure/environment.ts';
import { openServices } from '../measure/worker-process.ts';
import type { Language, LessonsReport, TaughtLesson, TaughtWay } from '../model/lessons.ts';
import type { Text } from '../model/language.ts';
import type { Slice } from '../model/results.ts';
import { configurationId } from '../model/cell-id.ts';
import { begin } from '../system/surroundings.ts';
import type { BatchLesson, BatchWay, ExperimentLesson, Judgement, Lesson, Machine, Way } from './lesson.ts';
import { codeOf, moduleOf } from './module-code.ts';
import { performBatches } from './perform-batches.ts';
import { performExperiment } from './perform-experiment.ts';

/** Noise can make a claim fail, so it is measured again. */
const MOST_ATTEMPTS = 3;

export interface Curriculum {
  readonly lessons: readonly Lesson[];
  readonly language: Language;
  /** Duration of one tutorial second, in milliseconds. */
  readonly unitMs: number;
  readonly seed: number;
  /** File URL of a modified copy that replaces the lesson's module. */
  readonly from: string | undefined;
}

/** Receives progress, only between measurements. */
export interface Pupil {
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  readonly began: (step: Step) => void;
}

/** Progress: the units that are done, and the next one. */
export interface Step {
  readonly done: number;
  readonly all: number;
  readonly lesson: string;
  readonly way: string | undefined;
}

/** Runs every lesson in every configuration, checks its claims, and measures again what fails. */
export async function teach(curriculum: Curriculum, pupil: Pupil): Promise<LessonsReport> {
  const { lessons, language, unitMs, seed } = curriculum;
  const began = begin();
  const environment = readEnvironment();
  const { signal } = pupil;
  const units = lessons.map((lesson) => ({ lesson, units: unitsOf(lesson, environment.cores) }));
  const all = units.reduce((sum, { units: { length } }) => sum + length, 0);
  let done = 0;
  const taught: TaughtLesson[] = [];
  const services = await openServices(
    new Set(lessons.flatMap((lesson) => ('services' in lesson ? lesson.services : []))),
  );
  try {
    const context: Context = { curriculum, services: services.services, machine: environment, signal };
    for (const { lesson, units: ofLesson } of units) {
      const ways: TaughtWay[] = [];
      for (const unit of ofLesson) {
        if (signal.aborted) break;
        pupil.began({ done: done++, all, lesson: lesson.id, way: unit.way && configurationId(unit.way) });
        ways.push(...(await attempt(unit, context)));
      }
      if (signal.aborted) break;
      taught.push({ ...(await textOf(lesson, curriculum)), ways });
    }
  } finally {
    await services.close();
  }
  return {
    lang: language,
    unitMs,
    seed,
    startedAt: began.at,
    durationMs: began.elapsedMs(),
    environment,
    lessons: taught,
    complete: taught.length === lessons.length,
  };
}

interface Context {
  readonly curriculum: Curriculum;
  readonly services: Services;
  readonly machine: Machine;
  readonly signal: AbortSignal;
}

/** Unit of measuring (again): an experiment in one configuration, or the batches of all configurations. */
interface Unit {
  readonly ways: readonly Way[];
  /** Undefined: all. */
  readonly way: Way | undefined;
  readonly perform: (context: Context) => Promise<readonly Judged[]>;
}

function unitsOf(lesson: Lesson, cores: number): readonly Unit[] {
  if (lesson.kind === 'experiment')
    return lesson.ways.map((way) => ({ ways: [way], way, perform: (context) => experimentIn(way, lesson, context) }));
  const ways = lesson.ways(cores);
  return [{ ways, way: undefined, perform: (context) => batchesIn(ways, lesson, context) }];
}

async function experimentIn(
  way: Way,
  lesson: ExperimentLesson,
  { curriculum: { from, unitMs, seed, language }, services, signal }: Context,
): Promise<readonly Judged[]> {
  const url = from ?? moduleOf(lesson);
  const evidence = await performExperiment({ url, way, unitMs, seed, services }, signal);
  return [{ ...judged(() => lesson.judge(evidence, { way, unitMs }), language), slices: evidence.slices }];
}

async function batchesIn(
  ways: readonly BatchWay[],
  lesson: BatchLesson,
  { curriculum: { from, seed, language }, machine, signal }: Context,
): Promise<readonly Judged[]> {
  const all = await performBatches(from ?? moduleOf(lesson), ways, seed, signal);
  return all.map((measured) => ({
    ...judged(() => lesson.judge(measured, machine), language),
    slices: measured.slices,
  }));
}

const NO_EVIDENCE: Text = {
  en: 'its experiment did not return what the claims need',
  pt: 'o experimento não devolveu o que as afirmações precisam',
};

/** @throws if the experiment of a modified copy returns something that its claims cannot be checked against */
function judged(judge: () => Judgement, language: Language): Judgement {
  try {
    return judge();
  } catch (thrown) {
    throw new Error(`${NO_EVIDENCE[language]} (${messageOf(thrown)})`, { cause: thrown });
  }
}

interface Judged extends Judgement {
  readonly slices: Slice[];
}

/** Measures and checks, again if a claim fails; an error is not retried. */
async function attempt({ ways, perform }: Unit, context: Context): Promise<readonly TaughtWay[]> {
  const { curriculum, signal } = context;
  const beganMs = performance.now();
  let found: readonly Judged[] | string = '';
  let attempts = 0;
  do {
    attempts += 1;
    found = await perform(context).catch((thrown: unknown) => messageOf(thrown));
  } while (!isSettled(found) && attempts < MOST_ATTEMPTS && !signal.aborted);
  // All configurations share the time of a batch lesson.
  const durationMs = (performance.now() - beganMs) / ways.length;
  return ways.map((way, index) => ({
    way: configurationId(way),
    strategy: way.strategy,
    poolSize: way.poolSize,
    concurrency: way.concurrency,
    durationMs,
    attempts,
    ...outcomeOf(typeof found === 'string' ? found : (found[index] ?? 'not measured'), curriculum.language),
  }));
}

function isSettled(found: readonly Judged[] | string): boolean {
  return typeof found === 'string' || found.every(isPassed);
}

function isPassed({ claims }: Judged): boolean {
  return claims.every(({ pass }) => pass);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

type Outcome = Pick<TaughtWay, 'pass' | 'claims' | 'notMeasured' | 'slices' | 'error'>;

/** @param found the reason as text if it could not be run */
function outcomeOf(found: Judged | string, language: Language): Outcome {
  if (typeof found === 'string') return { pass: false, claims: [], notMeasured: [], slices: [], error: found };
  const { claims, notMeasured = [], slices } = found;
  return {
    pass: isPassed(found),
    claims: claims.map((claim) => ({ ...claim, text: claim.text[language] })),
    notMeasured: notMeasured.map((reason) => reason[language]),
    slices,
    error: undefined,
  };
}

async function textOf(lesson: Lesson, curriculum: Curriculum): Promise<Omit<TaughtLesson, 'ways'>> {
  const { language } = curriculum;
  const { id, origin, title, idea, tutorial, differs } = lesson;
  return {
    id,
    origin: origin[language],
    title: title[language],
    idea: idea[language],
    tutorial: tutorial[language],
    differs: differs?.[language],
    modifiedCopy: curriculum.from && basename(fileURLToPath(curriculum.from)),
    code: await codeOf(lesson, curriculum.from),
    byLane: lesson.kind === 'batch',
  };
}
