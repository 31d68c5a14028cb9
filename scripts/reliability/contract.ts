/** Checks the contract of the built-in strategies on the runtime that runs this file; prints the broken rules as JSON. */
import { strategies } from '../../src/lanes/registry.ts';
import { strategyRules } from '../../src/testing.ts';

const BUILT_IN = [
  { name: 'sequential', lanes: 'main' },
  { name: 'event-loop', lanes: 'main' },
  { name: 'worker-threads', lanes: 'thread' },
  { name: 'child-processes', lanes: 'process' },
  { name: 'thread-per-task', lanes: 'thread' },
  { name: 'process-per-task', lanes: 'process' },
] as const;

/** Kept lanes: without a pool, each task sets up a lane of its own, and may be the only one of it. */
const OF_KEPT_LANES = new Set(['uses all of its lanes, with ids from 0', 'sets up each lane once']);

const broken: string[] = [];
let count = 0;
for (const { name, lanes } of BUILT_IN) {
  const open = await strategies[name]();
  for (const { title, check } of strategyRules({ lanes, open: async (...given) => open(...given) })) {
    if (name.endsWith('-per-task') && OF_KEPT_LANES.has(title)) continue;
    count += 1;
    await check().catch((thrown: unknown) => broken.push(`${name} ${title}: ${String(thrown)}`));
  }
}
process.stdout.write(JSON.stringify({ count, broken }));
process.exit();
