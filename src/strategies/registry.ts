import type { StrategyName } from '../model.ts';
import type { OpenStrategy } from './strategy.ts';

/** Where each strategy's code is; loaded only in the host that runs it. */
export const strategies: Readonly<Record<StrategyName, () => Promise<OpenStrategy>>> = {
  sequential: async () => (await import('./sequential.ts')).openSequential,
  'event-loop': async () => (await import('./event-loop.ts')).openEventLoop,
  'worker-threads': async () => (await import('./worker-threads.ts')).openWorkerThreads,
  'child-processes': async () => (await import('./child-processes.ts')).openChildProcesses,
  'thread-per-task': async () => (await import('./thread-per-task.ts')).openThreadPerTask,
  'process-per-task': async () => (await import('./process-per-task.ts')).openProcessPerTask,
};
