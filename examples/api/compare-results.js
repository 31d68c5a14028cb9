/** Compares saved results with new ones. Here: the same work, measured twice. */
import { compareResults, run } from 'lanewise';

/** @type {import('lanewise').RunOptions} */
const settings = { workloads: ['primes'], strategies: ['event-loop'], preset: 'quick', upperBound: false };
// The same seed makes the same inputs. Parse saved results: JSON.parse(await readFile('old/results.json', 'utf8')).
const old = await run({ ...settings, seed: 1 });
const current = await run({ ...settings, seed: 1 });
const { changes } = await compareResults(old, current, { minEffect: 0.1 });
for (const { cell, speedup, verdict } of changes)
  console.log(
    `${cell}: ${verdict}, ${speedup.estimate.toFixed(2)}× as fast (${speedup.lo.toFixed(2)}–${speedup.hi.toFixed(2)})`,
  );
