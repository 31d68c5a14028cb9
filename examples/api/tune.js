/** Finds the configuration to use, and compares it with the current one. */
import { tune } from 'lanewise';

const { tuning, cells } = await tune({
  workload: 'compute',
  params: { ms: 1 },
  strategies: ['event-loop', 'worker-threads'],
  current: { strategy: 'worker-threads', poolSize: 1 },
  poolSizes: ['cores'],
  concurrency: [1, 'all'],
  preset: 'quick',
  upperBound: false,
});
const chosen = cells.find(({ id, phase }) => id === tuning.choose && phase === undefined);
if (chosen === undefined) console.log('none could be chosen');
else {
  const { strategy, poolSize, concurrency } = chosen;
  console.log(`use ${strategy}, ${poolSize} workers, concurrency ${concurrency}; now ${tuning.current}`);
}
