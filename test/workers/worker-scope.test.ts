import workerThreads from 'node:worker_threads';
import { expect, it } from 'vitest';
import { enterWorkerScope, leaveWorkerScope } from '../../dist/workers/worker-scope.js';

it('the scope of a worker file is left as it was before, however often it was entered', async () => {
  // A test before this one, in the same process, may have loaded a workload.
  leaveWorkerScope();
  const { parentPort, isMainThread, workerData } = workerThreads;
  const seen = async (): Promise<readonly unknown[]> => {
    const imported = await import('node:worker_threads');
    return [imported.parentPort, imported.isMainThread, imported.workerData];
  };
  enterWorkerScope({ size: 1 });
  enterWorkerScope({ size: 2 });
  expect((await seen()).slice(1)).toEqual([false, { size: 2 }]);
  leaveWorkerScope();
  expect(await seen()).toEqual([parentPort, isMainThread, workerData]);
  leaveWorkerScope();
  expect(await seen()).toEqual([parentPort, isMainThread, workerData]);
});
