/** Compares configurations for a built-in workload and for one of your own. */
import { run } from 'lanewise';

const { comparisons, recommendations } = await run({
  workloads: ['primes', new URL('./work.js', import.meta.url).href],
  strategies: ['event-loop', 'worker-threads'],
  poolSizes: ['cores'],
  concurrency: [1],
  preset: 'quick',
  upperBound: false,
  onProgress: (event) => {
    if (event.kind === 'estimated') console.log(`about ${Math.ceil(event.durationMs / 1000)} s`);
  },
});
for (const { contender, speedup, verdict } of comparisons)
  console.log(
    `${contender}: ${verdict}, ${speedup.estimate.toFixed(2)}× as fast (${speedup.lo.toFixed(2)}–${speedup.hi.toFixed(2)})`,
  );
for (const { workload, choose, because } of recommendations)
  console.log(`${workload}: choose ${choose}, since ${because}`);
