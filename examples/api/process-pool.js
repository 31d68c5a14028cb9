/** Runs tasks in a pool of child processes, and aborts one that takes too long. */
import { ProcessPool } from 'lanewise/pool';

const pool = new ProcessPool({ filename: new URL('./work.js', import.meta.url), processes: 2 });
try {
  console.log(await Promise.all([1, 2, 3].map((n) => pool.run(n))));
  // Aborting kills the process of the task; the pool replaces it.
  await pool.run(4, { signal: AbortSignal.timeout(1) });
} catch (error) {
  console.log(String(error));
} finally {
  await pool.destroy();
}
