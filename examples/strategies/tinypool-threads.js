// First: npm install tinypool
import { poolStrategy } from 'lanewise/strategy';
import { Tinypool } from 'tinypool';

export default poolStrategy({
  name: 'tinypool-threads',
  description: 'a tinypool of worker threads',
  lanes: 'thread',
  openPool: ({ poolSize, concurrency }) => {
    const pool = new Tinypool({
      filename: new URL('./lanes/default-export.js', import.meta.url).href,
      minThreads: poolSize,
      maxThreads: poolSize,
      concurrentTasksPerWorker: concurrency,
    });
    return { call: (message) => pool.run(message), close: () => pool.destroy() };
  },
});
