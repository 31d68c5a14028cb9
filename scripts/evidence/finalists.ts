/**
 * Simulates what `tune` loses by a screening that ends once it is precise, and by measuring only finalists again that
 * may be better than the best.
 *
 *   npm run evidence:finalists -- [--runs 1000] [--seed 1] [--write]
 *
 * Twelve candidates are screened, finalists are selected by the code that `tune` selects them by, and one of them is
 * chosen as after a confirmation of twelve blocks: from the same screening as it is, and after all of its blocks
 * with four finalists always. `--write` puts the table into docs/method.md. The exit status is 1 if choices over 5%
 * slower than the best are significantly more frequent than with all blocks and four finalists.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import type { Concurrency, MeasuredCell, Sample, TuningGoal } from '../../src/model/results.ts';
import { MOST_FINALISTS } from '../../src/plan/plan-tuning.ts';
import { recommend } from '../../src/stats/recommend.ts';
import { isPrecise, shortlist } from '../../src/stats/shortlist.ts';
import { summarize } from '../../src/stats/summarize.ts';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { rateOf } from './exact-limits.ts';
import { SAMPLE } from './simulate-run.ts';
import { standardNormal, uniformOf, type Uniform } from './simulated-machine.ts';
import { scriptOptions } from '../script-options.ts';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 8 };
const MIN_EFFECT_LOG = Math.log(1.05);
/** A block of one round, then three more. */
const SCREENED_BLOCKS = 4;
const CONFIRMED_BLOCKS = 12;
/** In a recorded tuning, blocks of the confirmation, which has more rounds, varied half as much as those of the screening. */
const CALMER = 0.5;
const WORST = 0.05;
/** Standard deviation of a candidate's time from block to block, as a logarithm. */
const SPREADS = [0.01, 0.02, 0.037, 0.06];

const CANDIDATES = (['worker-threads', 'child-processes'] as const).flatMap((strategy) =>
  [2, 4].flatMap((poolSize) =>
    [1, 4, 'all' as const].map((concurrency: Concurrency) => ({ strategy, poolSize, concurrency })),
  ),
);

/** How much slower than the best each candidate is, as a logarithm. */
const TRUTHS: Readonly<Record<string, (uniform: Uniform) => readonly number[]>> = {
  'all equal': () => CANDIDATES.map(() => 0),
  'one is 6% faster': (uniform) => {
    const best = Math.floor(uniform() * CANDIDATES.length);
    return CANDIDATES.map((_, index) => (index === best ? 0 : 0.06));
  },
  'up to 15% apart': (uniform) => {
    const slower = CANDIDATES.map(() => 0.15 * uniform());
    const least = Math.min(...slower);
    return slower.map((one) => one - least);
  },
};

/** The outcome of one tuning. */
export interface Tuned {
  /** How much slower than the best the choice is, as a logarithm. */
  readonly regret: number;
  readonly finalists: number;
  readonly blocks: number;
}

/** The same screening: as `tune` uses it, and with all of its blocks and four finalists. */
export function tuneBoth(
  truth: readonly number[],
  spread: number,
  uniform: Uniform,
): { readonly now: Tuned; readonly full: Tuned } {
  const screened = truth.map((slower) => samplesOf(SCREENED_BLOCKS, slower, spread, uniform));
  const confirmed = truth.map((slower) => samplesOf(CONFIRMED_BLOCKS, slower, spread * CALMER, uniform));
  const tuned = (blocks: number, minEffectLog: number): Tuned => {
    const cells = screened.map((samples, index) => cellOf(index, samples.slice(0, blocks)));
    const finalists = shortlist(cells, GOAL, MOST_FINALISTS, minEffectLog).map(Number);
    const again = finalists.map((index) => cellOf(index, confirmed[index] ?? []));
    const options = { baseline: '', minEffectLog: MIN_EFFECT_LOG, alpha: 0.05, goal: GOAL };
    const chosen = Number(recommend(again, options)?.choose ?? finalists[0]);
    return { regret: truth[chosen] ?? 0, finalists: finalists.length, blocks };
  };
  // As after the block of one round, at every one that follows.
  let blocks = 2;
  const isEnough = (): boolean =>
    isPrecise(
      screened.map((samples) => ({ samples: samples.slice(0, blocks) })),
      GOAL,
    );
  while (blocks < SCREENED_BLOCKS && !isEnough()) blocks += 1;
  return { now: tuned(blocks, MIN_EFFECT_LOG), full: tuned(SCREENED_BLOCKS, -Infinity) };
}

function samplesOf(blocks: number, slower: number, spread: number, uniform: Uniform): readonly Sample[] {
  return Array.from({ length: blocks }, (_, block) => ({
    ...SAMPLE,
    block,
    wallMs: SAMPLE.wallMs * Math.exp(slower + spread * standardNormal(uniform)),
  }));
}

function cellOf(index: number, samples: readonly Sample[]): MeasuredCell {
  const { strategy = 'worker-threads', poolSize = 1, concurrency = 1 } = CANDIDATES[index] ?? {};
  return {
    id: String(index),
    workload: 'simulated',
    params: {},
    strategy,
    poolSize,
    concurrency,
    startupMs: [1],
    samples: [...samples],
    status: 'ok',
    summary: summarize({ samples: [...samples], startupMs: [1], memoryBytes: [], hostCopyBytes: [] }, 1),
  };
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}

interface Row {
  readonly truth: string;
  readonly spread: number;
  readonly all: readonly { readonly now: Tuned; readonly full: Tuned }[];
}

const isBad = ({ regret }: Tuned): boolean => regret > WORST;

/** Whether bad choices are significantly more frequent, by the tunings in which only one of the two made one. */
export function isWorse({ all }: Pick<Row, 'all'>): boolean {
  const apart = all.filter(({ now, full }) => isBad(now) !== isBad(full));
  return rateOf(apart.filter(({ now }) => isBad(now)).length, apart.length).lo > 0.5;
}

function tabulate(rows: readonly Row[]): string {
  const mean = (all: Row['all'], read: (one: Row['all'][number]) => number): number =>
    all.reduce((sum, one) => sum + read(one), 0) / all.length;
  return markdownTable(
    [
      ['candidates', 'spread', 'over 5% slower', 'with all', 'slower by', 'with all', 'finalists', 'screened blocks'],
      ...rows.map(({ truth, spread, all }) => [
        truth,
        share(spread),
        share(mean(all, ({ now }) => Number(isBad(now)))),
        share(mean(all, ({ full }) => Number(isBad(full)))),
        `${(100 * mean(all, ({ now }) => Math.expm1(now.regret))).toFixed(2)}%`,
        `${(100 * mean(all, ({ full }) => Math.expm1(full.regret))).toFixed(2)}%`,
        mean(all, ({ now }) => now.finalists).toFixed(1),
        mean(all, ({ now }) => now.blocks).toFixed(1),
      ]),
    ],
    { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r', 'r'] },
  );
}

function main(): void {
  const values = scriptOptions({ runs: 1000, seed: 1, write: false });
  const { runs, seed } = values;
  const uniform = uniformOf(seed);
  const rows = Object.entries(TRUTHS).flatMap(([truth, slower]) =>
    SPREADS.map((spread) => ({
      truth,
      spread,
      all: Array.from({ length: runs }, () => tuneBoth(slower(uniform), spread, uniform)),
    })),
  );
  const command = `npm run evidence:finalists -- --runs ${runs} --seed ${seed}`;
  const text = `${tabulate(rows)}\n\n${runs} simulated tunings each. ${madeBy(command)}`;
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'finalists', text);
  if (rows.some(isWorse)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
