import type { Params } from '../../workers/contract.ts';
import type { LessonWay } from '../host/host-protocol.ts';
import type { Evidence } from '../model/lessons.ts';
import type { Reading } from '../model/measured.ts';
import type { Environment, Slice } from '../model/results.ts';
import type { Claim } from './claims.ts';
import type { Text } from '../model/language.ts';
import { traitsOf } from '../model/strategies.ts';

/** One experiment of the tutorial: what it is about, what the tutorial says, and what is claimed of what was measured. */
export type Lesson = ExperimentLesson | BatchLesson;

interface Told {
  /** Also the name of its module in `bench/lessons/`. */
  readonly id: string;
  /** Where in the tutorial: a cell as `In [5]`, or its text. */
  readonly origin: Text;
  readonly title: Text;
  /** A few sentences. */
  readonly idea: Text;
  /** What the tutorial says will happen. */
  readonly tutorial: Text;
  /** What is otherwise in a pool, or in JavaScript. */
  readonly differs?: Text;
  /** Further files that are shown, beside its module. */
  readonly files?: readonly string[];
}

/** Its module has an experiment, which is run each way by itself. */
export interface ExperimentLesson extends Told {
  readonly kind: 'experiment';
  readonly ways: readonly Way[];
  /** Services that must be running, for example `http-server`. */
  readonly services: readonly string[];
  readonly judge: (evidence: Evidence<unknown>, setting: Setting) => Judgement;
}

/** Its module is a workload: all ways run whole batches of it, and take turns. */
export interface BatchLesson extends Told {
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
  /** What could not be measured here, and why. */
  readonly notMeasured?: readonly Text[];
}

/** A strategy with its lanes. */
export interface Way extends Omit<LessonWay, 'inFlight'> {
  readonly inFlight: number | 'all';
}

export interface BatchWay extends Way {
  readonly tasks: number;
  readonly params: Params;
}

/** What was measured of one way to run a batch: batches in time order. */
export interface Measured {
  readonly way: BatchWay;
  readonly readings: readonly Reading[];
  readonly slices: Slice[];
}

/** With the type of what its experiment returns, which reaches us as a message. */
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

export const EVENT_LOOP: Way = { strategy: 'event-loop', poolSize: 1, inFlight: 'all' };

/** One task in flight in each thread, which is Piscina's default, or all. */
export function threads(poolSize: number, inFlight: Way['inFlight'] = 1): Way {
  return { strategy: 'worker-threads', poolSize, inFlight };
}

export function processes(poolSize: number, inFlight: Way['inFlight'] = 1): Way {
  return { strategy: 'child-processes', poolSize, inFlight };
}

export function isPool(way: Way): boolean {
  return traitsOf(way).lanes === 'pool';
}
