// First: npm install poolifier
import { fileURLToPath } from 'node:url';
import { poolStrategy } from 'lanewise/strategy';
import { FixedThreadPool, WorkerChoiceStrategies } from 'poolifier';

export default poolStrategy({
  name: 'poolifier-threads',
  description: 'a fixed poolifier pool of worker threads',
  lanes: 'thread',
  openPool: ({ poolSize }) => {
    const file = fileURLToPath(new URL('./lanes/poolifier.cjs', import.meta.url));
    // Round robin, the default, gives tasks to busy workers while others are free.
    const pool = new FixedThreadPool(poolSize, file, { workerChoiceStrategy: WorkerChoiceStrategies.LEAST_USED });
    return {
      call: (message) => pool.execute(message),
      close: async () => {
        const workers = pool.workerNodes.map(({ worker }) => worker);
        // It waits for an answer that a thread may lose by closing its port too early.
        pool.destroy().catch(() => undefined);
        await Promise.all(workers.map((worker) => worker.terminate()));
      },
    };
  },
});
