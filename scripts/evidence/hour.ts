/**
 * Does the method keep its promises on this machine? An hour of measuring, against goals that are fixed in
 * `hour-goals.ts`.
 *
 *   npm run evidence:hour -- [--smoke] [--minutes 65] [--seed 1] [--out evidence] [--resume]
 *                            [--from evidence/hour.ndjson] [--write]
 *
 * Measures identical twins and slowed ones on a quiet machine, beside a neighbour and with environments of random
 * sizes; a run of each work again and again; and many rounds in one host. Measurements are appended to `hour.ndjson`,
 * those of one kind far apart, so that a series that ends early has some of each. `--resume` keeps those that are there,
 * `--minutes` starts no other one after so many, and `--from`, which may be repeated, only makes the table, which names
 * the seeds of all (`--seed 1,2`). `--smoke` takes about a minute and decides nothing. `--write` puts the table into
 * docs/method.md. The exit status is 1 if a goal is missed.
 */
import { fileURLToPath } from 'node:url';
import { run, type BuiltInStrategy, type Results } from '../../src/index.ts';
import type { PresetName } from '../../src/model/evidence.ts';
import type { MeasuredCell } from '../../src/model/results.ts';
import { figuresOf } from './hour-figures.ts';
import { goalsOf, tabulateGoals, type HourRecord, type RoundsRecord } from './hour-goals.ts';
import { interleaved, type Job } from './records.ts';
import { publish, recordsOf, SERIES_OPTIONS } from './series.ts';
import type { TwinKind } from './twins.ts';
import { runTwins, type TwinJob } from './verdicts.ts';
import { scriptOptions } from '../script-options.ts';

interface Size {
  readonly works: readonly string[];
  readonly strategies: readonly BuiltInStrategy[];
  readonly twins: readonly TwinSize[];
  /** Runs of each work, of the blocks of `quick`. */
  readonly long: number;
  readonly rounds: { readonly works: readonly string[]; readonly each: number };
}

interface TwinSize {
  readonly preset: PresetName;
  readonly way: 'quiet' | 'neighbour' | 'padded';
  readonly kind: TwinKind;
  /** With each work and strategy. */
  readonly repetitions: number;
  /** Undefined: those of all twins. */
  readonly works?: readonly string[];
  readonly strategies?: readonly BuiltInStrategy[];
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
    {
      preset: 'standard',
      way: 'quiet',
      kind: 'effects',
      repetitions: 2,
      works: ['cpu', 'io'],
      strategies: ['event-loop'],
    },
    { preset: 'quick', way: 'padded', kind: 'identical', repetitions: 2, works: ['cpu'] },
  ],
  long: 8,
  rounds: { works: ['cpu', 'mixed'], each: 40 },
};

/** Every kind of measurement once, as short as it can be. */
const SMOKE: Size = {
  works: ['cpu'],
  strategies: ['event-loop'],
  twins: [{ preset: 'quick', way: 'padded', kind: 'identical', repetitions: 1 }],
  long: 1,
  rounds: { works: ['cpu'], each: 6 },
};

type HourJob = Job &
  (
    | { readonly kind: 'twins'; readonly job: TwinJob }
    | { readonly kind: 'long'; readonly work: string }
    | { readonly kind: 'rounds'; readonly work: string; readonly rounds: number }
  );

/** All measurements, those of one kind far apart, so that a changing machine meets all of them. */
export function jobsOf({ works, strategies, twins, long, rounds }: Size): readonly HourJob[] {
  const paired = twins.flatMap(({ preset, way, kind, repetitions, ...own }) =>
    Array.from({ length: repetitions }).flatMap((_, repetition) =>
      (own.works ?? works).flatMap((workload) =>
        (own.strategies ?? strategies).map((strategy): HourJob => {
          const job: TwinJob = { preset, way, twins: kind, workload, strategy, repetition };
          return { kind: 'twins', key: Object.values(job).join(' '), group: `${kind} twins, ${preset}, ${way}`, job };
        }),
      ),
    ),
  );
  const again = Array.from({ length: long }).flatMap((_, repetition) =>
    works.map((work): HourJob => ({ kind: 'long', key: `run ${work} ${repetition}`, group: 'repeated runs', work })),
  );
  const warm = rounds.works.map((work): HourJob => ({
    kind: 'rounds',
    key: `rounds ${work}`,
    group: 'runs of many rounds',
    work,
    rounds: rounds.each,
  }));
  return interleaved([...paired, ...again, ...warm]);
}

async function measureJob(job: HourJob, seed: number): Promise<HourRecord> {
  const { key } = job;
  switch (job.kind) {
    case 'twins':
      return { kind: 'twins', key, ...(await runTwins(job.job, {}, seed)) };
    case 'long':
      return { kind: 'long', key, work: job.work, ...(await measureWork(job.work, [1, 'cores'], undefined, seed)) };
    case 'rounds':
      return measureRounds(key, job.work, seed, job.rounds);
    default:
      return job satisfies never;
  }
}

/** A run of many rounds, in the pools of all CPUs. */
export async function measureRounds(
  key: string,
  work: string,
  seed: number,
  rounds = HOUR.rounds.each,
): Promise<RoundsRecord> {
  return { kind: 'rounds', key, work, ...(await measureWork(work, ['cores'], rounds, seed)) };
}

async function measureWork(
  work: string,
  poolSizes: readonly (number | 'cores')[],
  rounds: number | undefined,
  seed: number,
): Promise<Pick<Extract<HourRecord, { kind: 'long' }>, 'tasks' | 'cells'>> {
  const { cells, workloads } = await run({
    workloads: [new URL(`workloads/${work}.js`, import.meta.url).href],
    strategies: ['event-loop', 'worker-threads', 'child-processes'],
    poolSizes,
    concurrency: ['all'],
    params: { twins: 'identical' },
    preset: 'quick',
    ...(rounds !== undefined && { rounds }),
    // Batches of all runs of a work are of one kind.
    tasks: TASKS,
    seed,
    upperBound: false,
    lock: 'wait',
  });
  return { tasks: workloads[0]?.tasks ?? 0, cells: allMeasured(cells, work) };
}

/** With two workers, a batch of `cpu` takes some 30 ms. */
const TASKS = 16;

function allMeasured(cells: Results['cells'], work: string): readonly MeasuredCell[] {
  const measured = cells.filter((cell) => cell.status === 'ok');
  if (measured.length < cells.length) throw new Error(`a configuration of ${work} failed`);
  return measured;
}

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, smoke: false });
  const { smoke, seed, write } = values;
  const jobs = jobsOf(smoke ? SMOKE : HOUR);
  const file = smoke ? 'hour-smoke.ndjson' : 'hour.ndjson';
  const records = await recordsOf({ jobs, file, values, measure: measureJob });
  const goals = goalsOf(records);
  const parts = [tabulateGoals(goals), ...figuresOf(records)];
  const commands = seed.split(',').map((one) => `npm run evidence:hour -- --seed ${one}${smoke ? ' --smoke' : ''}`);
  const command = commands.join('` and `');
  publish({ mark: 'hour', parts, jobs, records, command, values: { write: write && !smoke } });
  if (smoke) process.stdout.write('A smoke run is too short to decide whether the goals are met.\n');
  else if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
