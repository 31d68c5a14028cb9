import type { ModuleRef, Services } from '../../workers/contract.ts';
import { checked, type CheckedRun } from './checked-run.ts';
import type { BatchConfiguration, Configuration } from './configurations.ts';
import type { Curriculum } from './curriculum.ts';
import type { BatchLesson, ExperimentLesson, Lesson, Machine } from './lesson.ts';
import { moduleOf } from './module-code.ts';
import { performBatches } from './perform-batches.ts';
import { performExperiment } from './perform-experiment.ts';

export interface Context {
  readonly curriculum: Curriculum;
  /** A modified copy that replaces the lesson’s module. */
  readonly copy: ModuleRef | undefined;
  readonly services: Services;
  readonly machine: Machine;
  readonly signal: AbortSignal;
}

/** Unit of measuring (again): an experiment in one configuration, or the batches of all configurations. */
export interface Unit {
  readonly configurations: readonly Configuration[];
  /** Undefined: all. */
  readonly configuration: Configuration | undefined;
  readonly perform: (context: Context) => Promise<readonly CheckedRun[]>;
}

export function unitsOf(lesson: Lesson, cores: number): readonly Unit[] {
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
  { curriculum: { unitMs, seed, language }, copy, services, signal }: Context,
): Promise<readonly CheckedRun[]> {
  const module = copy ?? { url: moduleOf(lesson) };
  const evidence = await performExperiment({ module, configuration, unitMs, seed, services }, signal);
  return [
    { slices: evidence.slices, ...checked(() => lesson.checkClaims(evidence, { configuration, unitMs }), language) },
  ];
}

async function batchesIn(
  configurations: readonly BatchConfiguration[],
  lesson: BatchLesson,
  { curriculum: { seed, language }, copy, machine, signal }: Context,
): Promise<readonly CheckedRun[]> {
  const all = await performBatches(copy ?? { url: moduleOf(lesson) }, configurations, seed, signal);
  return all.map((measured) => ({
    ...checked(() => lesson.checkClaims(measured, machine), language),
    slices: measured.slices,
  }));
}
