import type { Params } from '../../workers/contract.ts';
import type { LessonConfiguration } from '../host/host-protocol.ts';
import type { Evidence } from '../model/lessons.ts';
import type { Reading } from '../model/measured.ts';
import type { Environment, Slice } from '../model/results.ts';
import type { Claim } from './claims.ts';
import type { Text } from '../model/language.ts';
import { traitsOf } from '../model/strategies.ts';

/** One experiment of the tutorial: its idea, what the tutorial says, and the claims about its measurements. */
export type Lesson = ExperimentLesson | BatchLesson;

interface LessonText {
  /** Also the name of its module in `bench/lessons/`. */
  readonly id: string;
  /** Place in the tutorial: a cell as `In [5]`, or its text. */
  readonly origin: Text;
  readonly title: Text;
  /** A few sentences. */
  readonly idea: Text;
  /** What the tutorial says will happen. */
  readonly tutorial: Text;
  /** The difference in a pool, or in JavaScript. */
  readonly differs?: Text;
  /** Files to show beside its module. */
  readonly files?: readonly string[];
}

/** A lesson whose module has an experiment; each configuration runs it on its own. */
export interface ExperimentLesson extends LessonText {
  readonly kind: 'experiment';
  readonly ways: readonly Way[];
  /** Services that must be running, for example `http-server`. */
  readonly services: readonly string[];
  readonly judge: (evidence: Evidence<unknown>, setting: Setting) => Judgement;
}

/** A lesson whose module is a workload: all configurations run whole batches of it, in turns. */
export interface BatchLesson extends LessonText {
  readonly kind: 'batch';
  readonly ways: (cores: number) => readonly BatchWay[];
  readonly judge: (measured: Measured, machine: Machine) => Judgement;
}

export type Machine = Pick<Environment, 'cores' | 'cpuQuota'>;

export interface Setting {
  readonly way: Way;
  readonly unitMs: number;
}

export interface Judgement {
  readonly claims: readonly Claim[];
  /** Reasons why something could not be measured here. */
  readonly notMeasured?: readonly Text[];
}

/** A configuration: a strategy, its workers and their concurrency. */
export interface Way extends Omit<LessonConfiguration, 'concurrency'> {
  readonly concurrency: number | 'all';
}

export interface BatchWay extends Way {
  readonly tasks: number;
  readonly params: Params;
}

/** Measurements of one configuration: batches in time order. */
export interface Measured {
  readonly way: BatchWay;
  readonly readings: readonly Reading[];
  readonly slices: Slice[];
}

/** Types the evidence by the experiment's result, which arrives as a message. */
export function experiment<Result>(
  lesson: Omit<ExperimentLesson, 'kind' | 'judge' | 'services'> & {
    readonly services?: readonly string[];
    readonly judge: (evidence: Evidence<Result>, setting: Setting) => readonly Claim[] | Judgement;
  },
): ExperimentLesson {
  return {
    services: [],
    ...lesson,
    kind: 'experiment',
    judge: (evidence, setting) => {
      const judged = lesson.judge(evidence as Evidence<Result>, setting);
      return 'claims' in judged ? judged : { claims: judged };
    },
  };
}

export const EVENT_LOOP: Way = { strategy: 'event-loop', poolSize: 1, concurrency: 'all' };

/** A concurrency of 1, as Piscina's default, unless all tasks run at once. */
export function threads(poolSize: number, concurrency: Way['concurrency'] = 1): Way {
  return { strategy: 'worker-threads', poolSize, concurrency };
}

export function processes(poolSize: number, concurrency: Way['concurrency'] = 1): Way {
  return { strategy: 'child-processes', poolSize, concurrency };
}

export function isPool(way: Way): boolean {
  return traitsOf(way).lanes === 'pool';
}
