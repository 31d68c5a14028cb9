import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

/**
 * Sets what a module that is loaded afterwards finds as `workerData` of `node:worker_threads`, in whichever lane it is: what its user's pool
 * gives it, instead of what Lanewise has given to a thread of its own.
 */
export function setWorkerData(workerData: unknown): void {
  Object.assign(workerThreads, { workerData: workerData ?? null });
  syncBuiltinESMExports();
}
