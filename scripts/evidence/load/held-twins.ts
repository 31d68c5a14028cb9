/**
 * Are held rates compared right on a real machine? Six twins under load, of which two have 5 and 10% more work, on a
 * quiet machine and beside a noisy neighbour: how often are identical ones called different, and more work found?
 *
 *   npm run evidence:load-twins -- [--repetitions 4] [--preset standard] [--window 400] [--minutes 60] [--seed 1]
 *                                  [--out evidence] [--resume] [--from evidence/load-twins.ndjson] [--write]
 *
 * Pairs are judged as in a measurement of just the two, so windows have as many arrivals as there, though six twins take
 * longer than the preset's time with them. Where the report compares nothing, since other programs took the CPUs, they
 * are not compared either. A record holds the windows of one measurement, so that `--from` can conclude from them again.
 * `--minutes` starts no other measurement after so many. `--write` puts the table into docs/method.md. The exit status
 * is 1 if a goal is missed, also where nothing could be compared.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { load, type BuiltInStrategy, type LoadOptions } from '../../../src/index.ts';
import { LEVEL, type PresetName } from '../../../src/model/evidence.ts';
import type { LoadResults, Objective, Window } from '../../../src/model/load.ts';
import type { Rating } from '../../../src/model/plan.ts';
import { verdictOf } from '../../../src/stats/compare.ts';
import { compareLatencies } from '../../../src/stats/load/at-rate.ts';
import { isDriverLimited } from '../../../src/stats/load/conclude-held.ts';
import { heldByBlock, heldDifferences, type BlockRate } from '../../../src/stats/load/held-by-block.ts';
import { BEYOND, openEstimate } from '../../../src/stats/load/open-estimate.ts';
import { plainQueue } from '../../../src/stats/load/plain-queue.ts';
import { beside } from '../beside.ts';
import { rateOf, rateText } from '../exact-limits.ts';
import type { Job, Kept } from '../records.ts';
import { publish, recordsOf, SERIES_OPTIONS } from '../series.ts';
import { PAIRS, TWINS } from '../twins.ts';
import { COST_TABLE, costRow } from './twin-costs.ts';
import { freeCpusOf } from '../../../src/stats/taken-cpus.ts';
import { scriptOptions } from '../../script-options.ts';

const STRATEGIES = ['event-loop', 'worker-threads'] as const satisfies readonly BuiltInStrategy[];
/** Some 2 ms of work. */
const STEPS = 2_000_000;
/**
 * A window is refused if its driver is late by more than a tenth of this. At 20 ms, that would be 750 of 1140 windows of two
 * records on a quiet machine with 2 CPUs (AMD EPYC, 2026-11-28), and 44 at 50 ms.
 */
const OBJECTIVE: Objective = { quantile: 'p99', ms: 50 };
const MIN_EFFECT_LOG = Math.log1p(0.05);
/** Share of identical pairs that may be called different, and of those with more work that must be found. */
const MOST_DIFFERING = 0.05;
const LEAST_FOUND: Readonly<Record<string, number>> = { '1.05': 0.6, '1.1': 0.9 };

export interface TwinsJob extends Job {
  readonly way: 'quiet' | 'neighbour';
  readonly strategy: BuiltInStrategy;
}

export interface TwinsRecord extends Kept, Pick<TwinsJob, 'way' | 'strategy'> {
  readonly commonRates: readonly number[];
  /** CPUs that other programs left free, median over the blocks; null: not measured. */
  readonly freeCpus: number | null;
  /** Other programs took so much that the report compares nothing. */
  readonly isWithheld: boolean;
  /** Windows by twin, without those of the search. */
  readonly twins: readonly (readonly Window[])[];
  /** Facts of the plain queue beside each twin. */
  readonly beside: {
    readonly seed: number;
    readonly requests: number;
    readonly settling: number;
    readonly leastWindowMs?: number;
    readonly ratings: readonly Rating[];
  };
}

export function twinsJobs(repetitions: number): readonly TwinsJob[] {
  return Array.from({ length: repetitions }, (_, repetition) =>
    (['quiet', 'neighbour'] as const).flatMap((way) =>
      STRATEGIES.map((strategy) => ({
        key: `${way} ${strategy} ${repetition + 1}`,
        group: `${way}, ${strategy}`,
        way,
        strategy,
      })),
    ),
  ).flat();
}

async function measureTwins(
  { key, way, strategy }: TwinsJob,
  seed: number,
  asked: Pick<LoadOptions, 'preset' | 'via' | 'window'>,
): Promise<TwinsRecord> {
  const { cells, workloads, complete, options, noise, warnings } = await beside(
    way === 'neighbour' ? 'bursts' : undefined,
    seed,
    async () =>
      load({
        workload: new URL('../workloads/cpu.js', import.meta.url).href,
        strategies: TWINS.map(() => strategy),
        poolSizes: ['cores'],
        params: { twins: 'slowed', steps: STEPS },
        objective: OBJECTIVE,
        ...asked,
        seed,
        lock: 'wait',
      }),
  );
  if (!complete || cells.some(({ status }) => status === 'failed')) throw new Error(`${key} was not measured whole`);
  const twins = cells.map(({ windows }) => windows.filter(({ phase }) => phase === undefined));
  return {
    key,
    way,
    strategy,
    commonRates: workloads[0]?.rates ?? [],
    freeCpus: freeCpusOf({ blocks: noise.flatMap(({ blocks }) => blocks) }),
    isWithheld: warnings.some(({ kind }) => kind === 'taken-cpus'),
    twins,
    beside: {
      seed,
      requests: options.requests,
      settling: options.settling,
      ...(options.leastWindowMs !== undefined && { leastWindowMs: options.leastWindowMs }),
      ratings: cells.map(({ aloneMs = 1, capacity = 1 }) => ({ aloneMs, capacity })),
    },
  };
}

/** Conclusion from one pair of twins. */
export interface TwinsFound {
  readonly way: TwinsJob['way'];
  readonly what: 'rate held' | 'p99';
  readonly slowdown: number;
  readonly found: 'slower' | 'faster' | 'neither' | 'not compared';
}

/** Each pair as in a measurement of just the two: at the whole level. */
export function foundAmong(record: TwinsRecord): readonly TwinsFound[] {
  const { way, twins, commonRates, isWithheld } = record;
  return PAIRS.slowed.flatMap(({ slowdown, twins: [first, second] }): TwinsFound[] => {
    const pair = [twins[first - 1] ?? [], twins[second - 1] ?? []] as const;
    const found: TwinsFound[] = [
      { way, what: 'rate held', slowdown, found: heldFound(record, first, second) },
      ...commonRates.map((rate) => ({ way, what: 'p99' as const, slowdown, found: latencyFound(...pair, rate) })),
    ];
    return isWithheld ? found.map((one) => ({ ...one, found: 'not compared' })) : found;
  });
}

type Found = TwinsFound['found'];

function heldFound(record: TwinsRecord, first: number, second: number): Found {
  const [one, other] = [ratesOf(record, first - 1), ratesOf(record, second - 1)];
  if (one === undefined || other === undefined) return 'not compared';
  const differences = heldDifferences(one, other);
  if (differences.length === 0) return 'not compared';
  const { lo, hi } = openEstimate(differences, LEVEL);
  return shown(verdictOf({ lo: lo ?? -BEYOND, hi: hi ?? BEYOND }, MIN_EFFECT_LOG));
}

/** Undefined: too many of its windows are refused. */
function ratesOf({ twins, beside: facts }: TwinsRecord, index: number): readonly BlockRate[] | undefined {
  const windows = twins[index] ?? [];
  const rating = facts.ratings[index];
  if (rating === undefined) return undefined;
  const queue = plainQueue(rating, { ...facts, arrivals: { kind: 'poisson' }, probability: 0.99 }, facts.seed);
  const rates = heldByBlock(windows, OBJECTIVE, queue);
  return isDriverLimited({ windows }, rates) ? undefined : rates;
}

function latencyFound(one: readonly Window[], other: readonly Window[], rate: number): Found {
  const at = (windows: readonly Window[]): readonly Window[] => windows.filter((window) => window.rate === rate);
  const compared = compareLatencies(at(one), at(other), { alpha: LEVEL, minEffectLog: MIN_EFFECT_LOG });
  return compared === undefined ? 'not compared' : shown(compared.verdict);
}

function shown(verdict: string): Found {
  return verdict === 'slower' || verdict === 'faster' ? verdict : 'neither';
}

interface Row {
  readonly cells: readonly string[];
  readonly isMet: boolean;
}

export function rowsOf(found: readonly TwinsFound[]): readonly Row[] {
  return (['rate held', 'p99'] as const).flatMap((what) =>
    (['quiet', 'neighbour'] as const).flatMap((way) =>
      [1, 1.05, 1.1].map((slowdown) => {
        const all = found.filter((one) => one.what === what && one.way === way && one.slowdown === slowdown);
        return rowOf([what, way, slowdown === 1 ? 'none' : `${Math.round((slowdown - 1) * 100)}%`], all, slowdown);
      }),
    ),
  );
}

function rowOf(name: readonly string[], all: readonly TwinsFound[], slowdown: number): Row {
  const compared = all.filter(({ found }) => found !== 'not compared').map(({ found }) => found);
  const least = LEAST_FOUND[String(slowdown)];
  const goal = least === undefined ? `≤ ${MOST_DIFFERING * 100}%` : `≥ ${least * 100}%, none faster`;
  const begin = [...name, String(all.length - compared.length)];
  if (compared.length === 0) {
    const isMeasured = all.length > 0;
    return { cells: [...begin, isMeasured ? 'nothing compared' : 'not measured', '', goal], isMet: !isMeasured };
  }
  const slower = compared.filter((found) => found === 'slower').length;
  const faster = compared.filter((found) => found === 'faster').length;
  // Between identical twins, either is wrong.
  const counted = least === undefined ? slower + faster : slower;
  return {
    cells: [
      ...begin,
      `${counted} of ${compared.length}: ${rateText(rateOf(counted, compared.length))}`,
      least === undefined ? '' : String(faster),
      goal,
    ],
    isMet:
      least === undefined
        ? counted <= MOST_DIFFERING * compared.length
        : faster === 0 && slower >= least * compared.length,
  };
}

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, repetitions: 4, preset: 'standard', window: 400, via: 'http' });
  const { repetitions, preset, window, via, seed } = values;
  const asked = { preset: preset as PresetName, via: via as LoadResults['options']['via'], window };
  const jobs = twinsJobs(repetitions);
  const records = await recordsOf({
    jobs,
    file: 'load-twins.ndjson',
    values,
    measure: (job, seedOfJob) => measureTwins(job, seedOfJob, asked),
  });
  const rows = rowsOf(records.flatMap(foundAmong));
  publish({
    mark: 'load-twins',
    parts: [
      markdownTable([
        ['compared', 'machine', 'more work', 'not compared', 'called different', 'called faster', 'goal'],
        ...rows.map(({ cells }) => [...cells]),
      ]),
      'CPUs that others left free, median over the blocks, and the CPU time of a task, relative to the same twin at the same rate; the change within a block is that of the six twins, least and greatest:',
      markdownTable([[...COST_TABLE], ...records.map((record) => [...costRow(record)])]),
    ],
    jobs,
    records,
    command: `npm run evidence:load-twins -- --repetitions ${repetitions} --preset ${preset} --window ${window} --via ${via} --seed ${seed}`,
    values,
  });
  if (!rows.every(({ isMet }) => isMet)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
