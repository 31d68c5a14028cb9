/** Which setting is to be used, and is it better than the present one? */
import { tune } from 'lanewise';

const { tuning, cells } = await tune({
  workload: 'compute',
  params: { ms: 1 },
  current: { strategy: 'worker-threads', poolSize: 1 },
  poolSizes: ['cores'],
  inFlight: [1, 'all'],
  preset: 'quick',
  ceiling: false,
});
const chosen = cells.find(({ id, phase }) => id === tuning.choose && phase === undefined);
console.log(`use ${chosen.strategy}, ${chosen.poolSize} lanes, ${chosen.inFlight} in flight; now ${tuning.current}`);
