import type { Params } from '../../workers/contract.ts';
import type { LessonConfiguration } from '../host/host-protocol.ts';
import { traitsOf } from '../model/strategies.ts';

/** A configuration: a strategy, its workers and their concurrency. */
export interface Configuration extends Omit<LessonConfiguration, 'concurrency'> {
  readonly concurrency: number | 'all';
}

export interface BatchConfiguration extends Configuration {
  readonly tasks: number;
  readonly params: Params;
}

export const EVENT_LOOP: Configuration = { strategy: 'event-loop', poolSize: 1, concurrency: 'all' };

/** A concurrency of 1, as Piscina's default, unless all tasks run at once. */
export function threads(poolSize: number, concurrency: Configuration['concurrency'] = 1): Configuration {
  return { strategy: 'worker-threads', poolSize, concurrency };
}

export function processes(poolSize: number, concurrency: Configuration['concurrency'] = 1): Configuration {
  return { strategy: 'child-processes', poolSize, concurrency };
}

export function isPool(configuration: Configuration): boolean {
  return traitsOf(configuration).lanes === 'pool';
}
