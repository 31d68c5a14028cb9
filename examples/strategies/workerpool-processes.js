// First: npm install workerpool
import { fileURLToPath } from 'node:url';
import { poolStrategy } from 'lanewise/strategy';
import workerpool from 'workerpool';

export default poolStrategy({
  name: 'workerpool-processes',
  description: 'a workerpool of child processes',
  lanes: 'process',
  openPool: ({ poolSize }) => {
    const script = fileURLToPath(new URL('./lanes/workerpool.js', import.meta.url));
    const pool = workerpool.pool(script, {
      workerType: 'process',
      minWorkers: poolSize,
      maxWorkers: poolSize,
      // With JSON, the default, a buffer arrives as an object.
      forkOpts: { serialization: 'advanced' },
    });
    return { call: async (message) => pool.exec('answer', [message]), close: async () => pool.terminate() };
  },
});
