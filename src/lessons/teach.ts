import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Services } from '../../workers/contract.ts';
import { readEnvironment } from '../measure/environment.ts';
import { openServices } from '../measure/worker-process.ts';
import type { Language, LessonsReport, TaughtLesson, TaughtConfiguration } from '../model/lessons.ts';
import type { Text } from '../model/language.ts';
import type { Slice } from '../model/results.ts';
import { configurationId } from '../model/cell-id.ts';
import { begin } from '../system/surroundings.ts';
import type { BatchConfiguration, Configuration } from './configurations.ts';
import type { BatchLesson, ExperimentLesson, CheckedClaims, Lesson, Machine } from './lesson.ts';
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
  readonly configuration: string | undefined;
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
      const configurations: TaughtConfiguration[] = [];
      for (const unit of ofLesson) {
        if (signal.aborted) break;
        pupil.began({
          done: done++,
          all,
          lesson: lesson.id,
          configuration: unit.configuration && configurationId(unit.configuration),
        });
        configurations.push(...(await attempt(unit, context)));
      }
      if (signal.aborted) break;
      taught.push({ ...(await textOf(lesson, curriculum)), configurations });
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
  readonly configurations: readonly Configuration[];
  /** Undefined: all. */
  readonly configuration: Configuration | undefined;
  readonly perform: (context: Context) => Promise<readonly CheckedRun[]>;
}

function unitsOf(lesson: Lesson, cores: number): readonly Unit[] {
  if (lesson.kind === 'experiment')
    return lesson.configurations.map((configuration) => ({
      configurations: [configuration],
      configuration,
      perform: (context) => experimentIn(configuration, lesson, context),
    }));
  const configurations = lesson.configurations(cores);
  return [
    { configurations, configuration: undefined, perform: (context) => batchesIn(configurations, lesson, context) },
  ];
}

async function experimentIn(
  configuration: Configuration,
  lesson: ExperimentLesson,
  { curriculum: { from, unitMs, seed, language }, services, signal }: Context,
): Promise<readonly CheckedRun[]> {
  const url = from ?? moduleOf(lesson);
  const evidence = await performExperiment({ url, configuration, unitMs, seed, services }, signal);
  return [
    { ...checked(() => lesson.checkClaims(evidence, { configuration, unitMs }), language), slices: evidence.slices },
  ];
}

async function batchesIn(
  configurations: readonly BatchConfiguration[],
  lesson: BatchLesson,
  { curriculum: { from, seed, language }, machine, signal }: Context,
): Promise<readonly CheckedRun[]> {
  const all = await performBatches(from ?? moduleOf(lesson), configurations, seed, signal);
  return all.map((measured) => ({
    ...checked(() => lesson.checkClaims(measured, machine), language),
    slices: measured.slices,
  }));
}

const NO_EVIDENCE: Text = {
  en: 'its experiment did not return what the claims need',
  pt: 'o experimento não devolveu os dados de que as afirmações precisam',
};

/** @throws if the experiment of a modified copy returns something that its claims cannot be checked against */
function checked(check: () => CheckedClaims, language: Language): CheckedClaims {
  try {
    return check();
  } catch (thrown) {
    throw new Error(`${NO_EVIDENCE[language]} (${messageOf(thrown)})`, { cause: thrown });
  }
}

interface CheckedRun extends CheckedClaims {
  readonly slices: Slice[];
}

/** Measures and checks, again if a claim fails; an error is not retried. */
async function attempt({ configurations, perform }: Unit, context: Context): Promise<readonly TaughtConfiguration[]> {
  const { curriculum, signal } = context;
  const beganMs = performance.now();
  let found: readonly CheckedRun[] | string = '';
  let attempts = 0;
  do {
    attempts += 1;
    found = await perform(context).catch((thrown: unknown) => messageOf(thrown));
  } while (!isSettled(found) && attempts < MOST_ATTEMPTS && !signal.aborted);
  // All configurations share the time of a batch lesson.
  const durationMs = (performance.now() - beganMs) / configurations.length;
  return configurations.map((configuration, index) => ({
    configuration: configurationId(configuration),
    strategy: configuration.strategy,
    poolSize: configuration.poolSize,
    concurrency: configuration.concurrency,
    durationMs,
    attempts,
    ...outcomeOf(typeof found === 'string' ? found : (found[index] ?? 'not measured'), curriculum.language),
  }));
}

function isSettled(found: readonly CheckedRun[] | string): boolean {
  return typeof found === 'string' || found.every(isPassed);
}

function isPassed({ claims }: CheckedRun): boolean {
  return claims.every(({ pass }) => pass);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

type Outcome = Pick<TaughtConfiguration, 'pass' | 'claims' | 'notMeasured' | 'slices' | 'error'>;

/** @param found the reason as text if it could not be run */
function outcomeOf(found: CheckedRun | string, language: Language): Outcome {
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

async function textOf(lesson: Lesson, curriculum: Curriculum): Promise<Omit<TaughtLesson, 'configurations'>> {
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
