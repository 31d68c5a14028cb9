// First: npm install workerpool
import { fileURLToPath } from 'node:url';
import { poolStrategy } from 'lanewise/strategy';
import workerpool from 'workerpool';

export default poolStrategy({
  name: 'workerpool-threads',
  description: 'a workerpool of worker threads',
  lanes: 'thread',
  openPool: ({ poolSize }) => {
    const script = fileURLToPath(new URL('./lanes/workerpool.js', import.meta.url));
    const pool = workerpool.pool(script, { workerType: 'thread', minWorkers: poolSize, maxWorkers: poolSize });
    return { call: async (message) => pool.exec('answer', [message]), close: async () => pool.terminate() };
  },
});
