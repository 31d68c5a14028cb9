/** What has changed since the results of last week? Here: the same work, measured twice. */
import { compareResults, run } from 'lanewise';

const settings = { workloads: ['primes'], strategies: ['event-loop'], preset: 'quick', ceiling: false };
// With the same seed, the inputs are the same. Saved results are parsed: JSON.parse(await readFile('old/results.json', 'utf8')).
const old = await run({ ...settings, seed: 1 });
const current = await run({ ...settings, seed: 1 });
const { changes } = await compareResults(old, current, { minEffect: 0.1 });
for (const { cell, speedup, verdict } of changes)
  console.log(
    `${cell}: ${verdict}, ${speedup.estimate.toFixed(2)}× as fast (${speedup.lo.toFixed(2)}–${speedup.hi.toFixed(2)})`,
  );
