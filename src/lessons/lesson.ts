import type { Evidence } from '../model/lessons.ts';
import type { Reading } from '../model/measured.ts';
import type { Environment, Slice } from '../model/results.ts';
import type { Claim } from './claims.ts';
import type { BatchConfiguration, Configuration } from './configurations.ts';
import type { Text } from '../model/language.ts';

/** One experiment of the tutorial: its idea, the tutorial’s claim, and the claims checked about its measurements. */
export type Lesson = ExperimentLesson | BatchLesson;

interface LessonText {
  /** Also the name of its module in `bench/lessons/`. */
  readonly id: string;
  /** Place in the tutorial: a cell as `In [5]`, or its text. */
  readonly origin: Text;
  readonly title: Text;
  /** A few sentences. */
  readonly idea: Text;
  /** The tutorial’s claim. */
  readonly tutorial: Text;
  /** The difference in a pool, or in JavaScript. */
  readonly differs?: Text;
  /** The conclusion, in two sentences. */
  readonly takeaway?: Text;
  /** Files to show beside its module. */
  readonly files?: readonly string[];
}

/** A lesson whose module has an experiment; each configuration runs it on its own. */
export interface ExperimentLesson extends LessonText {
  readonly kind: 'experiment';
  readonly configurations: readonly Configuration[];
  /** Names of the rows of its own timeline, whose slices come with its claims. */
  readonly rows?: readonly Text[];
  /** Services that must be running, for example `http-server`. */
  readonly services: readonly string[];
  readonly checkClaims: (evidence: Evidence<unknown>, setting: Setting) => CheckedClaims;
}

/** A lesson whose module is a workload: all configurations run whole batches of it, in turns. */
export interface BatchLesson extends LessonText {
  readonly kind: 'batch';
  readonly configurations: (cores: number) => readonly BatchConfiguration[];
  readonly checkClaims: (measured: Measured, machine: Machine) => CheckedClaims;
}

export type Machine = Pick<Environment, 'cores' | 'cpuQuota'>;

export interface Setting {
  readonly configuration: Configuration;
  readonly unitMs: number;
}

export interface CheckedClaims {
  readonly claims: readonly Claim[];
  /** Reasons why something could not be measured here. */
  readonly notMeasured?: readonly Text[];
  /** A timeline to show in place of that of its tasks; the lane is the row. */
  readonly slices?: Slice[];
}

/** Measurements of one configuration: batches in time order. */
export interface Measured {
  readonly configuration: BatchConfiguration;
  readonly readings: readonly Reading[];
  readonly slices: Slice[];
}

/** Types the evidence by the experiment's result, which arrives as a message. */
export function experiment<Result>(
  lesson: Omit<ExperimentLesson, 'kind' | 'checkClaims' | 'services'> & {
    readonly services?: readonly string[];
    readonly checkClaims: (evidence: Evidence<Result>, setting: Setting) => readonly Claim[] | CheckedClaims;
  },
): ExperimentLesson {
  return {
    services: [],
    ...lesson,
    kind: 'experiment',
    checkClaims: (evidence, setting) => {
      const checked = lesson.checkClaims(evidence as Evidence<Result>, setting);
      return 'claims' in checked ? checked : { claims: checked };
    },
  };
}
