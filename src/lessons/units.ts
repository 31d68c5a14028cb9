import type { Services } from '../../workers/contract.ts';
import { checked, type CheckedRun } from './checked-run.ts';
import type { BatchConfiguration, Configuration } from './configurations.ts';
import type { Curriculum } from './curriculum.ts';
import type { BatchLesson, ExperimentLesson, Lesson, Machine } from './lesson.ts';
import { moduleOf } from './module-code.ts';
import { performBatches } from './perform-batches.ts';
import { performExperiment } from './perform-experiment.ts';

export interface Context {
  readonly curriculum: Curriculum;
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
  { curriculum: { from, unitMs, seed, language }, services, signal }: Context,
): Promise<readonly CheckedRun[]> {
  const url = from ?? moduleOf(lesson);
  const evidence = await performExperiment({ url, configuration, unitMs, seed, services }, signal);
  return [
    { slices: evidence.slices, ...checked(() => lesson.checkClaims(evidence, { configuration, unitMs }), language) },
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
