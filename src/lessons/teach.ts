import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ModuleRef } from '../../workers/contract.ts';
import { openServices } from '../measure/worker-process.ts';
import { readEnvironment } from '../measure/environment.ts';
import { configurationId } from '../model/cell-id.ts';
import type { LessonsReport, TaughtConfiguration, TaughtLesson } from '../model/lessons.ts';
import { begin } from '../system/surroundings.ts';
import { attempt } from './attempt.ts';
import type { Curriculum } from './curriculum.ts';
import { textOf } from './lesson-texts.ts';
import { unitsOf, type Context } from './units.ts';

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

/**
 * Runs every lesson in every configuration, checks its claims, and measures again what fails.
 *
 * @throws LanewiseError for a modified copy that does not load
 */
export async function teach(curriculum: Curriculum, pupil: Pupil): Promise<LessonsReport> {
  const { lessons, language, unitMs, seed } = curriculum;
  const began = begin();
  const environment = readEnvironment();
  const { signal } = pupil;
  const copy = curriculum.from === undefined ? undefined : await loadable(fileURLToPath(curriculum.from));
  const units = lessons.map((lesson) => ({ lesson, units: unitsOf(lesson, environment.cores) }));
  const all = units.reduce((sum, { units: { length } }) => sum + length, 0);
  let done = 0;
  const taught: TaughtLesson[] = [];
  let otherCpus: number | undefined;
  const services = await openServices(
    new Set(lessons.flatMap((lesson) => ('services' in lesson ? lesson.services : []))),
  );
  try {
    const context: Context = { curriculum, copy, services: services.services, machine: environment, signal };
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
        const found = await attempt(unit, context);
        configurations.push(...found);
        // Nothing of the lessons runs now, so this is what other programs use.
        if (found.some(({ pass, error }) => !pass && error === undefined))
          otherCpus = mostOf(otherCpus, await otherCpusNow());
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
    ...(otherCpus !== undefined && { otherCpus }),
    complete: taught.length === lessons.length,
  };
}

/** The module of a copy, with the loaders that it needs. Unchecked, each configuration would fail for the same reason. */
async function loadable(path: string): Promise<ModuleRef | undefined> {
  // Not loaded for the lessons as they are.
  const { findWorkloads } = await import('../measure/find-modules.ts');
  const [found] = await findWorkloads([{ kind: 'file', path }]);
  return found?.ref;
}

/** The system counts in steps of 10 ms. */
const LOOK_MS = 250;

/** CPUs that other programs use while nothing of the lessons runs; undefined where the system does not count. */
async function otherCpusNow(): Promise<number | undefined> {
  // Not loaded while every claim holds.
  const { createMachineWatch } = await import('../measure/machine-noise.ts');
  const read = createMachineWatch();
  await sleep(LOOK_MS);
  return read().otherCores ?? undefined;
}

function mostOf(one: number | undefined, other: number | undefined): number | undefined {
  return other === undefined ? one : Math.max(one ?? 0, other);
}
