import type { BuiltInStrategy, QueueStrategy, ServerStrategy } from '../model/strategies.ts';
import { openOwnStrategy, type OwnLanesRef } from './own-strategy.ts';
import type { BatchStrategy, OpenStrategy } from './strategy.ts';

/** Loaders of the built-in strategies, called only in the host that runs one. */
export const strategies: Readonly<Record<BuiltInStrategy | ServerStrategy, () => Promise<OpenStrategy>>> = {
  sequential: async () => (await import('./main-thread.ts')).openSequential,
  'event-loop': async () => (await import('./main-thread.ts')).openEventLoop,
  'worker-threads': async () => (await import('./worker-threads.ts')).openWorkerThreads,
  'child-processes': async () => (await import('./child-processes.ts')).openChildProcesses,
  'thread-per-task': async () => (await import('./thread-per-task.ts')).openThreadPerTask,
  'process-per-task': async () => (await import('./process-per-task.ts')).openProcessPerTask,
  cluster: async () => (await import('./cluster.ts')).openCluster,
};

/** Those of queues, whose packages and servers a user installs. */
export const queues: Readonly<Record<QueueStrategy, () => Promise<OpenStrategy<BatchStrategy>>>> = {
  bullmq: async () => (await import('./bullmq.ts')).openBullmq,
};

/** A built-in or a custom strategy. */
export function strategyOf(name: string, own: OwnLanesRef | undefined): Promise<OpenStrategy<BatchStrategy>> {
  if (own !== undefined) return openOwnStrategy(own);
  const open = Object.entries({ ...strategies, ...queues }).find(([known]) => known === name)?.[1];
  if (open === undefined) throw new RangeError(`unknown strategy ${name}`);
  return open();
}
