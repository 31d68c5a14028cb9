import { ProcessPool } from 'lanewise/pool';
import { poolStrategy } from 'lanewise/strategy';

export default poolStrategy({
  name: 'lanewise-pool',
  description: "Lanewise's own pool of child processes, as published",
  lanes: 'process',
  openPool: async ({ poolSize, concurrency, env }) => {
    const pool = new ProcessPool({
      filename: new URL('./lanes/default-export.js', import.meta.url),
      processes: poolSize,
      concurrency: concurrency,
      env,
    });
    await pool.ready;
    return { call: (message) => pool.run(message), close: () => pool.destroy() };
  },
});
