/**
 * Does `lanewise compare` call identical runs different? Small runs of the same code, quiet ones and ones beside
 * neighbours, compared with each other.
 *
 *   npm run evidence:compare -- [--pairs 100] [--minutes 15] [--seed 1] [--out evidence] [--resume]
 *                               [--from evidence/compare.ndjson] [--write]
 *
 * Runs are appended to `compare.ndjson`; `--resume` keeps those that are there, `--minutes` starts no other one after so
 * many, and `--from` only makes the table. `--write` puts the table into docs/method.md. The exit status is 1 if the goal
 * is missed.
 */
import { fileURLToPath } from 'node:url';
import { run } from '../../src/index.ts';
import { beside } from './beside.ts';
import { isGoalMet, pairsIn, tabulatePairs, type Condition, type RunRecord } from './compare-pairs.ts';
import type { Job } from './records.ts';
import { publish, recordsOf, SERIES_OPTIONS } from './series.ts';
import { scriptOptions } from '../script-options.ts';

/** Every other run is quiet; the neighbours take turns. */
const CONDITIONS = ['quiet', 'light', 'quiet', 'bursts', 'quiet', 'steady'] as const satisfies readonly Condition[];
/** Two runs make three pairs, and the first ones have no earlier runs. */
const RUNS_PER_PAIR = 2 / 3;
const FIRST_RUNS = 10;

interface CompareJob extends Job {
  readonly condition: Condition;
}

export function compareJobs(pairs: number): readonly CompareJob[] {
  return Array.from({ length: Math.ceil(pairs * RUNS_PER_PAIR) + FIRST_RUNS }, (_, index) => {
    const condition = CONDITIONS[index % CONDITIONS.length] ?? 'quiet';
    return { key: `${index + 1} ${condition}`, group: `runs, ${condition}`, condition };
  });
}

async function measureRun({ key, condition }: CompareJob, seed: number): Promise<RunRecord> {
  const results = await beside(condition === 'quiet' ? undefined : condition, seed, async () =>
    run({
      workloads: [new URL('workloads/cpu.js', import.meta.url).href],
      strategies: ['event-loop', 'worker-threads', 'child-processes'],
      poolSizes: ['cores'],
      concurrency: ['all'],
      params: { twins: 'identical' },
      preset: 'quick',
      rounds: 1,
      tasks: TASKS,
      // The same inputs and order as in a repeated run of a user.
      seed: 1,
      upperBound: false,
      lock: 'wait',
    }),
  );
  return { key, condition, results: { ...results, timelines: [] } };
}

const TASKS = 8;

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, pairs: 100 });
  const { pairs, seed } = values;
  const jobs = compareJobs(pairs);
  const records = await recordsOf({ jobs, file: 'compare.ndjson', values, measure: measureRun });
  const compared = pairsIn(records);
  const parts = [tabulatePairs(records, compared)];
  const command = `npm run evidence:compare -- --pairs ${pairs} --seed ${seed}`;
  publish({ mark: 'compare', parts, jobs, records, command, values });
  if (!isGoalMet(compared)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
