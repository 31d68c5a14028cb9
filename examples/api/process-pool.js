/** A pool of child processes in a program, and a task that is ended when it takes too long. */
import { ProcessPool } from 'lanewise/pool';

const pool = new ProcessPool({ filename: new URL('./work.js', import.meta.url), processes: 2 });
try {
  console.log(await Promise.all([1, 2, 3].map((n) => pool.run(n))));
  // Its process is killed, and replaced by another one.
  await pool.run(4, { signal: AbortSignal.timeout(1) });
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
} finally {
  await pool.destroy();
}
