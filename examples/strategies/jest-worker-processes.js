// First: npm install jest-worker
import { fileURLToPath } from 'node:url';
import { Worker } from 'jest-worker';
import { poolStrategy } from 'lanewise/strategy';

export default poolStrategy({
  name: 'jest-worker-processes',
  description: 'a jest-worker farm of child processes',
  lanes: 'process',
  openPool: ({ poolSize }) => {
    const farm = new Worker(fileURLToPath(new URL('./lanes/jest-worker.cjs', import.meta.url)), {
      numWorkers: poolSize,
      exposedMethods: ['answer'],
      // Otherwise a task that crashes its process is silently run again.
      maxRetries: 0,
    });
    return { call: (message) => farm.answer(message), close: () => farm.end() };
  },
});
