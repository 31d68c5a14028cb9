/**
 * Do the CIs of scaling curves and of crossovers contain the truth? Simulated times whose truth is known, concluded by
 * the project's own code.
 *
 *   npm run evidence:curves -- [--runs 500] [--seed 1] [--write]
 *
 * `--write` puts the tables into docs/method.md. The exit status is 1 if a coverage is shown to be below 93%.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { LEVEL, PRESETS } from '../../src/model/evidence.ts';
import type { Crossover, MeasuredCell, Sample } from '../../src/model/results.ts';
import { contrast, ratioAt, verdictOf } from '../../src/stats/compare.ts';
import { concludeCrossovers, type ScannedGroup } from '../../src/stats/crossover.ts';
import { median } from '../../src/stats/quantile.ts';
import { concludeScaling, gainOf, type Usl } from '../../src/stats/scaling.ts';
import { summarize } from '../../src/stats/summarize.ts';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { rateOf, rateText, type Rate } from './exact-limits.ts';
import { SAMPLE } from './simulate-run.ts';
import { PROFILES, standardNormal, startHosts, uniformOf, type Uniform } from './simulated-machine.ts';
import { scriptOptions } from '../script-options.ts';

const GOAL = 0.93;
const TASKS = 8;
const NAME = 'simulated';
/** The default of a run. */
const MIN_EFFECT = 0.05;

/** A machine and an amount of evidence. */
export interface Setting {
  readonly spread: 'equal' | 'noisy';
  readonly preset: 'quick' | 'standard';
}

const SETTINGS: readonly Setting[] = (['equal', 'noisy'] as const).flatMap((spread) =>
  (['quick', 'standard'] as const).map((preset) => ({ spread, preset })),
);
/** Standard deviation of what a whole block is faster or slower by: it meets all cells, but not other values. */
const DRIFT = { equal: 0.05, noisy: 0.2 } as const;

/** A scan whose times in ms are known, for the event loop and for a pool. */
export interface Scan {
  readonly work: string;
  readonly values: readonly number[];
  readonly loopMs: (value: number) => number;
  readonly poolMs: (value: number) => number;
  /** Where both are equal. */
  readonly truth: number;
}

/** A pool that halves a task, at the price of an overhead in ms. */
function halved(values: readonly number[], overheadMs: number): Omit<Scan, 'work'> {
  return { values, loopMs: (ms) => ms, poolMs: (ms) => ms / 2 + overheadMs, truth: overheadMs * 2 };
}

export const SCANS: readonly Scan[] = [
  { work: 't/2 + 0.25', ...halved([0.05, 0.2, 1, 5], 0.25) },
  { work: 't/2 + 1', ...halved([1, 100], 1) },
  { work: '0.8t + 0.1', values: [0.1, 0.3, 1, 3], loopMs: (ms) => ms, poolMs: (ms) => 0.8 * ms + 0.1, truth: 0.5 },
  { work: 'n²/2 + 18', values: [2, 5, 10], loopMs: (n) => n * n, poolMs: (n) => (n * n) / 2 + 18, truth: 6 },
  { work: '5 + n/2 for 10', values: [1, 4, 16, 64], loopMs: () => 10, poolMs: (n) => 5 + n / 2, truth: 10 },
];

/** Pool sizes with a known contention and coherency. */
export interface Curve extends Usl {
  readonly sizes: readonly number[];
}

export const CURVES: readonly Curve[] = [
  { sizes: [1, 2, 4], contention: 0.05, coherency: 0 },
  { sizes: [1, 2, 4, 8], contention: 0, coherency: 0 },
  { sizes: [1, 2, 4, 8], contention: 0.3, coherency: 0.001 },
  { sizes: [1, 2, 4, 8, 16, 64], contention: 0.05, coherency: 0.001 },
];

type Identity = Pick<MeasuredCell, 'strategy' | 'poolSize' | 'concurrency'> & { readonly wallMs: number };

/** Cells of one group, as measured on the simulated machine. */
function measure(identities: readonly Identity[], { spread, preset }: Setting, uniform: Uniform): MeasuredCell[] {
  const { blocks, rounds } = PRESETS[preset];
  const profile = PROFILES.find(({ name }) => name === spread) ?? PROFILES[0];
  const { host = 0, batch = 0 } = profile?.cells[0] ?? {};
  const batchTail = profile?.batchTail ?? { share: 0, least: 1, exponent: 1 };
  const cells = identities.map((identity) => ({ ...identity, speed: SAMPLE.wallMs / identity.wallMs, host, batch }));
  const samples = identities.map((): Sample[] => []);
  for (let block = 0; block < blocks; block++) {
    const drift = DRIFT[spread] * standardNormal(uniform);
    const factorOf = startHosts({ name: spread, cells, batchTail }, uniform);
    for (let round = 0; round < rounds; round++)
      for (const [index, own] of samples.entries())
        own.push({ ...SAMPLE, block, round, wallMs: SAMPLE.wallMs * Math.exp(drift + factorOf(index)) });
  }
  return identities.map(({ strategy, poolSize, concurrency }, index) => {
    const own = samples[index] ?? [];
    const log = { samples: own, startupMs: [0], memoryBytes: [], hostCopyBytes: [] };
    return {
      id: `${NAME}/${strategy}@${poolSize}`,
      workload: NAME,
      params: {},
      strategy,
      poolSize,
      concurrency,
      startupMs: [0],
      samples: own,
      status: 'ok',
      summary: summarize(log, TASKS),
    };
  });
}

/** The comparison of a run: the second cell with the first one. */
function comparisonsOf([baseline, contender]: readonly MeasuredCell[], value: number): ScannedGroup['comparisons'] {
  if (baseline === undefined || contender === undefined) return [];
  const found = contrast(baseline.samples, contender.samples, LEVEL);
  if (found === undefined) return [];
  const { blocks, interval } = found;
  return [
    {
      workload: NAME,
      params: { value },
      baseline: baseline.id,
      contender: contender.id,
      speedup: ratioAt(found, LEVEL),
      verdict: verdictOf(interval, Math.log1p(MIN_EFFECT)),
      blocks,
    },
  ];
}

export function findCrossover({ values, loopMs, poolMs }: Scan, setting: Setting, uniform: Uniform): Crossover['at'] {
  const groups = values.map((value): ScannedGroup => {
    const ok = measure(
      [
        { strategy: 'event-loop', poolSize: 1, concurrency: 'all', wallMs: loopMs(value) },
        { strategy: 'worker-threads', poolSize: 2, concurrency: 1, wallMs: poolMs(value) },
      ],
      setting,
      uniform,
    );
    const group = {
      workload: { name: NAME, tasks: TASKS },
      params: { value },
      baseline: ok[0]?.id ?? '',
      compares: 'with-baseline',
    } as const;
    const comparisons = comparisonsOf(ok, value);
    return { measured: { complete: true, group }, ok, comparisons, recommendations: [], alpha: LEVEL };
  });
  return concludeCrossovers(groups)[0]?.at;
}

/** Rate of the CIs that contain the truth, and how good the estimates are. */
export interface CrossoverRow extends Setting {
  readonly scan: Scan;
  readonly inside: Rate;
  /** Median of estimate / truth - 1. */
  readonly bias: number;
  /** Median half-width of the CI, relative to the truth. */
  readonly halfWidth: number;
}

export function crossoverRow(scan: Scan, setting: Setting, runs: number, seed: number): CrossoverRow {
  const uniform = uniformOf(seed);
  const { truth } = scan;
  const found = Array.from({ length: runs }, () => findCrossover(scan, setting, uniform)).filter(
    (at) => at !== undefined,
  );
  const inside = found.filter(({ lo, hi }) => (lo ?? 0) <= truth && truth <= (hi ?? Number.POSITIVE_INFINITY));
  const widths = found.flatMap(({ lo, hi }) => (lo === null || hi === null ? [] : [(hi - lo) / 2 / truth]));
  return {
    ...setting,
    scan,
    inside: rateOf(inside.length, runs),
    bias: median(found.map(({ estimate }) => estimate / truth - 1)),
    halfWidth: median(widths),
  };
}

/** Rates of the CIs that contain the built-in values. */
export interface CurveRow extends Setting {
  readonly curve: Curve;
  readonly contention: Rate;
  readonly coherency: Rate;
}

export function curveRow(curve: Curve, setting: Setting, runs: number, seed: number): CurveRow {
  const uniform = uniformOf(seed);
  const [from = 1] = curve.sizes;
  const identities = curve.sizes.map((poolSize): Identity => ({
    strategy: 'worker-threads',
    poolSize,
    concurrency: 1,
    wallMs: SAMPLE.wallMs / Math.exp(gainOf(curve, poolSize, from)),
  }));
  const group = { workload: { name: NAME, bound: 'io' }, params: {}, compares: 'with-baseline' } as const;
  const fits = Array.from({ length: runs }, () => {
    const cells = measure(identities, setting, uniform);
    return concludeScaling(group, cells, { cores: 1, minEffect: 0.05, alpha: LEVEL })[0]?.fit;
  });
  const rate = (name: keyof Usl): Rate =>
    rateOf(
      fits.filter((fit) => fit !== undefined && fit[name].lo <= curve[name] && curve[name] <= fit[name].hi).length,
      runs,
    );
  return { ...setting, curve, contention: rate('contention'), coherency: rate('coherency') };
}

export function tabulateCrossovers(rows: readonly CrossoverRow[]): string {
  return markdownTable(
    [
      [
        'time in the pool',
        'measured at',
        'truth',
        'machine',
        'preset',
        'CI contains it',
        'estimate off by',
        'half-width',
      ],
      ...rows.map(({ scan: { work, values, truth }, spread, preset, inside, bias, halfWidth }) => [
        work,
        values.join(', '),
        String(truth),
        spread,
        preset,
        rateText(inside),
        percent(bias),
        percent(halfWidth),
      ]),
    ],
    { align: ['l', 'l', 'r', 'l', 'l', 'r', 'r', 'r'] },
  );
}

export function tabulateCurves(rows: readonly CurveRow[]): string {
  return markdownTable(
    [
      ['workers', 'contention', 'coherency', 'machine', 'preset', 'CI contains the contention', 'the coherency'],
      ...rows.map(({ curve, spread, preset, contention, coherency }) => [
        curve.sizes.join(', '),
        percent(curve.contention),
        percent(curve.coherency),
        spread,
        preset,
        rateText(contention),
        rateText(coherency),
      ]),
    ],
    { align: ['l', 'r', 'r', 'l', 'l', 'r', 'r'] },
  );
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** True for a coverage that is shown to be below the goal. */
export function isTooLow({ hi }: Rate): boolean {
  return hi < GOAL;
}

function main(): void {
  const values = scriptOptions({ runs: 500, seed: 1, write: false });
  const { runs, seed } = values;
  const crossovers = SCANS.flatMap((scan) => SETTINGS.map((setting) => crossoverRow(scan, setting, runs, seed)));
  const curves = CURVES.flatMap((curve) => SETTINGS.map((setting) => curveRow(curve, setting, runs, seed)));
  const text = [
    tabulateCrossovers(crossovers),
    tabulateCurves(curves),
    `${runs} runs each; in brackets 95% limits (Clopper–Pearson). ${madeBy(`npm run evidence:curves -- --runs ${runs} --seed ${seed} --write`)}`,
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'curves', text);
  const rates = [
    ...crossovers.map(({ inside }) => inside),
    ...curves.flatMap((row) => [row.contention, row.coherency]),
  ];
  if (rates.some(isTooLow)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
