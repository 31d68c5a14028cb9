/**
 * Does the method keep its promises on this machine? An hour of measuring, against goals that are fixed in
 * `hour-goals.ts`.
 *
 *   npm run evidence:hour -- [--smoke] [--seed 1] [--out evidence] [--resume] [--from evidence/hour.ndjson] [--write]
 *
 * Measures identical twins and slowed ones on a quiet machine and beside a neighbour, and each work over many blocks.
 * Measurements are appended to `hour.ndjson`; `--resume` keeps those that are there, `--from` only makes the table.
 * `--smoke` takes about a minute and decides nothing. `--write` puts the table into docs/method.md. The exit status is
 * 1 if a goal is missed.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PresetName } from '../../src/model/evidence.ts';
import { run, type BuiltInStrategy } from '../../src/index.ts';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { goalsOf, tabulateGoals, type HourRecord, type LongRecord } from './hour-goals.ts';
import type { TwinKind } from './twins.ts';
import { runTwins, type TwinJob } from './verdicts.ts';

interface Size {
  readonly works: readonly string[];
  readonly strategies: readonly BuiltInStrategy[];
  /** Number of repetitions with each work and strategy. */
  readonly twins: readonly {
    readonly preset: PresetName;
    readonly way: 'quiet' | 'neighbour';
    readonly kind: TwinKind;
    readonly repetitions: number;
  }[];
  /** Blocks of each work, in sets of eight. */
  readonly longBlocks: number;
}

export const HOUR: Size = {
  works: ['cpu', 'io', 'mixed'],
  strategies: ['event-loop', 'worker-threads', 'child-processes'],
  twins: [
    { preset: 'quick', way: 'quiet', kind: 'identical', repetitions: 3 },
    { preset: 'quick', way: 'neighbour', kind: 'identical', repetitions: 2 },
    { preset: 'standard', way: 'quiet', kind: 'identical', repetitions: 2 },
    { preset: 'standard', way: 'neighbour', kind: 'identical', repetitions: 2 },
    { preset: 'standard', way: 'quiet', kind: 'slowed', repetitions: 2 },
    { preset: 'standard', way: 'quiet', kind: 'slight', repetitions: 1 },
  ],
  longBlocks: 96,
};

/** Every kind of measurement once, as short as it can be. */
const SMOKE: Size = {
  works: ['cpu'],
  strategies: ['event-loop'],
  twins: [{ preset: 'quick', way: 'quiet', kind: 'identical', repetitions: 1 }],
  longBlocks: 16,
};

type Job = { readonly key: string } & (
  | { readonly kind: 'twins'; readonly job: TwinJob }
  | { readonly kind: 'long'; readonly work: string; readonly blocks: number }
);

/** All measurements, those of one kind far apart, so that a changing machine meets all of them. */
export function jobsOf({ works, strategies, twins, longBlocks }: Size): readonly Job[] {
  const rounds = Math.max(...twins.map(({ repetitions }) => repetitions));
  const paired = Array.from({ length: rounds }, (_, repetition) =>
    works.flatMap((workload) =>
      strategies.flatMap((strategy) =>
        twins
          .filter(({ repetitions }) => repetition < repetitions)
          .map(({ preset, way, kind }): Job => {
            const job: TwinJob = { preset, way, twins: kind, workload, strategy, repetition };
            return { kind: 'twins', key: Object.values(job).join(' '), job };
          }),
      ),
    ),
  );
  const long = works.map((work): Job => ({ kind: 'long', key: `long ${work}`, work, blocks: longBlocks }));
  return [...paired.flat(), ...long];
}

async function measureJob(job: Job, seed: number): Promise<HourRecord> {
  const { key } = job;
  switch (job.kind) {
    case 'twins':
      return { kind: 'twins', key, ...(await runTwins(job.job, {}, seed)) };
    case 'long':
      return await measureLong(job.work, key, job.blocks, seed);
    default:
      return job satisfies never;
  }
}

async function measureLong(work: string, key: string, blocks: number, seed: number): Promise<LongRecord> {
  const { cells, workloads } = await run({
    workloads: [new URL(`workloads/${work}.js`, import.meta.url).href],
    strategies: ['event-loop', 'worker-threads', 'child-processes'],
    // Two sizes that were asked for are measured in every block, without a race.
    poolSizes: [1, 'cores'],
    concurrency: ['all'],
    params: { twins: 'identical' },
    preset: 'quick',
    blocks,
    seed,
    upperBound: false,
    lock: 'wait',
  });
  const measured = cells.filter((cell) => cell.status === 'ok');
  if (measured.length < cells.length) throw new Error(`a configuration of ${work} failed`);
  return { kind: 'long', key, work, tasks: workloads[0]?.tasks ?? 0, cells: measured };
}

function readRecords(path: string): readonly HourRecord[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HourRecord);
}

async function measureAll(size: Size, seed: number, path: string, isResumed: boolean): Promise<void> {
  const done = new Set(isResumed && existsSync(path) ? readRecords(path).map(({ key }) => key) : []);
  if (done.size === 0) writeFileSync(path, '');
  const jobs = jobsOf(size);
  for (const [index, job] of jobs.entries()) {
    if (done.has(job.key)) continue;
    process.stderr.write(`${index + 1} of ${jobs.length}: ${job.key}\n`);
    appendFileSync(path, `${JSON.stringify(await measureJob(job, seed + index))}\n`);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'evidence' },
      resume: { type: 'boolean', default: false },
      from: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const path = values.from ?? join(values.out, values.smoke ? 'hour-smoke.ndjson' : 'hour.ndjson');
  if (values.from === undefined) {
    mkdirSync(values.out, { recursive: true });
    await measureAll(values.smoke ? SMOKE : HOUR, Number(values.seed), path, values.resume);
  }
  const goals = goalsOf(readRecords(path));
  const text = `${tabulateGoals(goals)}\n\n${madeBy(`npm run evidence:hour -- --seed ${values.seed}${values.smoke ? ' --smoke' : ''}`)}`;
  process.stdout.write(`${text}\n`);
  if (values.smoke) process.stdout.write('A smoke run is too short to decide whether the goals are met.\n');
  else {
    if (values.write) writeDocs('method.md', 'hour', text);
    if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
