import type { BuiltInStrategy } from '../model/strategies.ts';
import type { HostAssignment } from '../host/host-protocol.ts';
import { openOwnStrategy } from './own-strategy.ts';
import type { BatchStrategy, OpenStrategy } from './strategy.ts';

/** Where each strategy's code is; loaded only in the host that runs it. */
export const strategies: Readonly<Record<BuiltInStrategy, () => Promise<OpenStrategy>>> = {
  sequential: async () => (await import('./sequential.ts')).openSequential,
  'event-loop': async () => (await import('./event-loop.ts')).openEventLoop,
  'worker-threads': async () => (await import('./worker-threads.ts')).openWorkerThreads,
  'child-processes': async () => (await import('./child-processes.ts')).openChildProcesses,
  'thread-per-task': async () => (await import('./thread-per-task.ts')).openThreadPerTask,
  'process-per-task': async () => (await import('./process-per-task.ts')).openProcessPerTask,
};

/** One of these, or one of the user's. */
export function strategyOf({
  strategy,
  ownStrategy,
}: Pick<HostAssignment, 'strategy' | 'ownStrategy'>): Promise<OpenStrategy<BatchStrategy>> {
  if (ownStrategy !== undefined) return openOwnStrategy(ownStrategy);
  const open = Object.entries(strategies).find(([name]) => name === strategy)?.[1];
  if (open === undefined) throw new RangeError(`there is no strategy ${strategy}`);
  return open();
}
