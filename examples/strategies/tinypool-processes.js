// First: npm install tinypool
import { poolStrategy } from 'lanewise/strategy';
import { Tinypool } from 'tinypool';

export default poolStrategy({
  name: 'tinypool-processes',
  description: 'a tinypool of child processes',
  lanes: 'process',
  openPool: ({ poolSize, concurrency, env }) => {
    const pool = new Tinypool({
      runtime: 'child_process',
      filename: new URL('./lanes/default-export.js', import.meta.url).href,
      minThreads: poolSize,
      maxThreads: poolSize,
      concurrentTasksPerWorker: concurrency,
      // With JSON, the default, a buffer arrives as an object.
      serialization: 'advanced',
      // By default, children inherit nothing.
      env,
    });
    return { call: (message) => pool.run(message), close: () => pool.destroy() };
  },
});
