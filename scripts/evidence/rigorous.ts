/**
 * How often does the preset `rigorous` call identical configurations different? A thousand comparisons, over several
 * runs of this command. And how often does another preset, on another runtime, or with a queue?
 *
 *   npm run evidence:rigorous -- [--comparisons 1000] [--preset rigorous] [--strategy bullmq] [--runtime bun --runtime deno]
 *                                [--minutes 60] [--seed 1] [--out evidence] [--resume] [--from evidence/rigorous.ndjson]
 *                                [--write]
 *
 * Each measurement is a run of eight identical configurations of short CPU-bound work; the first is the baseline of the
 * others, and their comparisons share the level, as in any run. Appends to `rigorous.ndjson`; `--resume` keeps what is
 * there, `--minutes` starts no other run after so many, and `--from` only makes the table. `--write` puts the table into
 * docs/method.md; that of other runtimes into docs/runtimes.md, that of `bullmq` into docs/queue.md. The exit status is 1
 * if the goal is missed.
 */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { run, type BuiltInStrategy } from '../../src/index.ts';
import { LEVEL, type PresetName } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/results.ts';
import type { QueueStrategy } from '../../src/model/strategies.ts';
import { contrast, verdictOf, type WallTime } from '../../src/stats/compare.ts';
import { rateOf, rateText } from './exact-limits.ts';
import type { Job } from './records.ts';
import { publish, recordsOf, SERIES_OPTIONS } from './series.ts';
import { scriptOptions } from '../script-options.ts';

const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'] as const satisfies readonly BuiltInStrategy[];
/** About as many configurations as a run of all strategies confirms. */
const TWINS = 8;
/** With 16 tasks, a batch takes some 25 ms on the event loop. */
const STEPS = 1_500_000;
const TASKS = 16;
/** Share of the comparisons that may call identical configurations different. */
const MOST_WRONG = 0.01;

type Strategy = BuiltInStrategy | QueueStrategy;

interface RigorousJob extends Job {
  readonly strategy: Strategy;
  /** Undefined: the Node of this process. */
  readonly runtime?: string | undefined;
}

export interface RigorousRecord {
  readonly key: string;
  readonly strategy: string;
  readonly runtime?: string | undefined;
  /** One for each comparison with the first twin. */
  readonly verdicts: readonly Verdict[];
  /** Times by twin. */
  readonly walls: readonly (readonly WallTime[])[];
}

/** @param runtimes empty: the Node of this process */
export function rigorousJobs(
  comparisons: number,
  runtimes: readonly string[] = [],
  strategies: readonly Strategy[] = STRATEGIES,
): readonly RigorousJob[] {
  const kinds = strategies.flatMap((strategy) =>
    runtimes.length === 0 ? [{ strategy }] : runtimes.map((runtime) => ({ strategy, runtime })),
  );
  return Array.from({ length: Math.ceil(comparisons / (TWINS - 1)) }, (_, index) => {
    const { strategy, runtime }: Omit<RigorousJob, keyof Job> = kinds[index % kinds.length] ?? {
      strategy: 'event-loop',
    };
    const way = [strategy, ...(runtime === undefined ? [] : [labelOf(runtime)])].join(' on ');
    return { key: `${index + 1} ${way}`, group: `runs of ${TWINS} twins, ${way}`, strategy, runtime };
  });
}

/** A path is that of this machine. */
function labelOf(runtime: string): string {
  return basename(runtime);
}

async function measureTwins(
  { key, strategy, runtime }: RigorousJob,
  seed: number,
  preset: PresetName,
): Promise<RigorousRecord> {
  const { cells, comparisons } = await run({
    workloads: [new URL('workloads/cpu.js', import.meta.url).href],
    strategies: Array.from({ length: TWINS }, () => strategy),
    poolSizes: ['cores'],
    // A worker of a queue could take all tasks before another has one.
    concurrency: [strategy === 'bullmq' ? 1 : 'all'],
    params: { twins: 'identical', steps: STEPS },
    preset,
    tasks: TASKS,
    seed,
    upperBound: false,
    ...(runtime !== undefined && { runtimes: [runtime] }),
    lock: 'wait',
  });
  const walls = cells.map(({ samples }) => samples.map(({ block, round, wallMs }) => ({ block, round, wallMs })));
  return {
    key,
    strategy,
    ...(runtime !== undefined && { runtime: labelOf(runtime) }),
    verdicts: comparisons.map(({ verdict }) => verdict),
    walls,
  };
}

function isDifferent(verdict: Verdict): boolean {
  return verdict === 'faster' || verdict === 'slower';
}

/** Twins 1 and 2, 3 and 4 and so on, each pair as in a run of just the two. */
function apart({ walls }: RigorousRecord): readonly { readonly isDifferent: boolean; readonly excludes: boolean }[] {
  return walls.flatMap((second, index) => {
    const found = index % 2 === 0 ? undefined : contrast(walls[index - 1] ?? [], second, LEVEL);
    if (found === undefined) return [];
    const { lo, hi } = found.interval;
    return [{ isDifferent: isDifferent(verdictOf(found.interval, Math.log1p(0.05))), excludes: lo > 0 || hi < 0 }];
  });
}

function countText(hits: readonly boolean[]): string {
  return hits.length === 0
    ? 'not measured'
    : `${hits.filter(Boolean).length} of ${hits.length}: ${rateText(rateOf(hits.filter(Boolean).length, hits.length))}`;
}

export function isGoalMet(records: readonly RigorousRecord[]): boolean {
  const verdicts = records.flatMap((record) => record.verdicts);
  return verdicts.length > 0 && verdicts.filter(isDifferent).length / verdicts.length <= MOST_WRONG;
}

export function tabulateRigorous(records: readonly RigorousRecord[]): string {
  const rowOf = (name: string, own: readonly RigorousRecord[]): readonly string[] => [
    name,
    countText(own.flatMap(({ verdicts }) => verdicts.map(isDifferent))),
    countText(own.map(({ verdicts }) => verdicts.some(isDifferent))),
    countText(own.flatMap(apart).map((pair) => pair.isDifferent)),
    countText(own.flatMap(apart).map((pair) => pair.excludes)),
  ];
  const nameOf = ({ strategy, runtime }: RigorousRecord): string => runtime ?? strategy;
  const names = [...new Set(records.map(nameOf))];
  return markdownTable(
    [
      [
        'eight identical',
        `comparisons called different (≤ ${MOST_WRONG * 100}%)`,
        'runs with any of them',
        'pairs at 95% each: called different',
        'CI excludes 1',
      ],
      ...names.map((name) =>
        rowOf(
          name,
          records.filter((record) => nameOf(record) === name),
        ),
      ),
      rowOf('all', records),
    ],
    { align: ['l', 'r', 'r', 'r', 'r'] },
  );
}

/** The page and the place in it that has the table. */
function placeOf(
  runtimes: readonly string[],
  strategies: readonly Strategy[],
): { readonly page: string; readonly mark: string } {
  if (runtimes.length > 0) return { page: 'runtimes.md', mark: 'runtime-twins' };
  return strategies.join() === 'bullmq'
    ? { page: 'queue.md', mark: 'queue-twins' }
    : { page: 'method.md', mark: 'rigorous' };
}

async function main(): Promise<void> {
  const values = scriptOptions({
    ...SERIES_OPTIONS,
    comparisons: 1000,
    preset: 'rigorous',
    runtime: [],
    strategy: STRATEGIES,
  });
  const { comparisons, preset, runtime: runtimes, seed } = values;
  // `run` refuses an unknown one.
  const strategies = values.strategy as Strategy[];
  const { page, mark } = placeOf(runtimes, strategies);
  const areAll = strategies.join() === STRATEGIES.join();
  if (values.write && page === 'method.md' && (preset !== 'rigorous' || !areAll))
    throw new Error('docs/method.md has a place for the preset rigorous and its strategies only: leave out --write.');
  const jobs = rigorousJobs(comparisons, runtimes, strategies);
  const records = await recordsOf({
    jobs,
    // Records of different presets are of different questions.
    file: preset === 'rigorous' ? `${mark}.ndjson` : `${mark}-${preset}.ndjson`,
    values,
    // `run` refuses an unknown preset.
    measure: async (job, own) => measureTwins(job, own, preset as PresetName),
  });
  const parts = [tabulateRigorous(records)];
  const on = runtimes.map((runtime) => ` --runtime ${labelOf(runtime)}`).join('');
  const of = areAll ? '' : strategies.map((strategy) => ` --strategy ${strategy}`).join('');
  const command = `npm run evidence:rigorous -- --comparisons ${comparisons} --preset ${preset}${of}${on} --seed ${seed}`;
  publish({ page, mark, parts, jobs, records, command, values });
  if (!isGoalMet(records)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
