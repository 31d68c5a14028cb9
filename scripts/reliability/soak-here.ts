import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { run } from '../../src/index.ts';
import { FAULTS_FILE } from './fault-table.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { BLOCKS, countRun, LATEST_SIGNAL_MS, pickFault, pickStrategies, type Soak } from './soak-run.ts';

/** Faults to run here: not those that need a small heap. */
const OWN_FAULTS = (Object.keys(FAULTS) as FaultName[]).filter((fault) => fault !== 'exhausts the heap');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Runs in this process, aborting now and then. @returns a description of the run */
export async function runHere(soaking: Soak): Promise<string> {
  const { random, counts } = soaking;
  const fault = pickFault(random, OWN_FAULTS);
  const strategies = pickStrategies(soaking);
  const what = `own ${fault} ${strategies.join()}`;
  const interruption = new AbortController();
  const isInterrupted = random(4) === 0;
  const timer = isInterrupted ? setTimeout(() => interruption.abort(), random(LATEST_SIGNAL_MS)) : undefined;
  try {
    const results = await run({
      workloads: [FAULTS_FILE],
      strategies,
      poolSizes: [2],
      params: { fault, mib: 16 },
      tasks: 2,
      blocks: BLOCKS,
      rounds: 1,
      preset: 'quick',
      timeoutMs: 2000,
      upperBound: false,
      seed: 1,
      signal: interruption.signal,
    });
    countRun(what, results, fault, counts);
    if (!results.complete) counts.interruptions += 1;
    if (!results.complete && !isInterrupted) counts.surprises.push(`${what}: not complete`);
  } catch (thrown) {
    counts.surprises.push(`${what}: ${String(thrown)}`);
  } finally {
    clearTimeout(timer);
  }
  collectGarbage();
  counts.handles.push(process.getActiveResourcesInfo().length);
  counts.heapMiB.push(process.memoryUsage().heapUsed / 2 ** 20);
  return what;
}
