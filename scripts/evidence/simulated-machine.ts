/** Simulated batch times whose truth is known. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Concurrency, StrategyName } from '../../src/model/results.ts';

/** Uniform from 0 to below 1. */
export type Uniform = () => number;

export function uniformOf(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Seed of another stream. */
export function seedFrom(uniform: Uniform): number {
  return Math.floor(uniform() * 2 ** 31);
}

/** Box and Muller. */
export function standardNormal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A configuration as simulated. */
interface SimulatedCell {
  readonly strategy: StrategyName;
  readonly poolSize: number;
  readonly concurrency: Concurrency;
  /** True speedup over the baseline, the first of a profile. */
  readonly speed: number;
  /** Standard deviation of ln(time) between fresh hosts. */
  readonly host: number;
  /** The same between the batches of a host. */
  readonly batch: number;
}

/** Sometimes a time is multiplied by at least `least`, with the chance `share`; larger factors follow a power law. */
interface Tail {
  readonly share: number;
  readonly least: number;
  readonly exponent: number;
}

/** A kind of work on a kind of machine. */
export interface Profile {
  readonly name: string;
  readonly cells: readonly SimulatedCell[];
  /** Tail of single batches. */
  readonly batchTail: Tail;
  /** Tail of whole hosts, on all of their batches; undefined: none. */
  readonly hostTail?: Tail;
}

/** Factors, as logarithms, on the batches of each cell in one block; `next` draws that of another batch. */
export function startHosts({ cells, batchTail, hostTail }: Profile, uniform: Uniform): (cell: number) => number {
  const hosts = cells.map(
    ({ host }) => host * standardNormal(uniform) + (hostTail === undefined ? 0 : tailOf(hostTail, uniform)),
  );
  return (cell) => {
    const { speed, batch } = cells[cell] ?? { speed: 1, batch: 0 };
    return (hosts[cell] ?? 0) - Math.log(speed) + batch * standardNormal(uniform) + tailOf(batchTail, uniform);
  };
}

/** Chance of exceeding a factor f: share × (least / f) ^ exponent. */
function tailOf({ share, least, exponent }: Tail, uniform: Uniform): number {
  return uniform() < share ? Math.log(least) - Math.log(1 - uniform()) / exponent : 0;
}

/** Identical configurations here: the ratio of two batches was off by 1.5 in 1.5% of rounds, by 2.5 in 0.03%. */
const SEEN: Tail = { share: 0.0075, least: 1.5, exponent: Math.log(50) / Math.log(2.5 / 1.5) };
/** As much as the race assumes at most: a start in ten is off by 1.5, one in fifty by 2.5. */
const ASSUMED: Tail = { share: 0.1, least: 1.5, exponent: Math.log(5) / Math.log(2.5 / 1.5) };

/** Strategy, workers, concurrency, speed; spread between hosts and between batches. */
type Row = readonly [StrategyName, number, Concurrency, number, number, number];

function cellOf([strategy, poolSize, concurrency, speed, host, batch]: Row): SimulatedCell {
  return { strategy, poolSize, concurrency, speed, host, batch };
}

/** Seven configurations of I/O work; the first is the baseline. */
function seven(speeds: readonly number[], host: number, batch: number): readonly SimulatedCell[] {
  const configurations: readonly (readonly [StrategyName, number, Concurrency])[] = [
    ['event-loop', 1, 'all'],
    ['worker-threads', 1, 'all'],
    ['child-processes', 1, 'all'],
    ['worker-threads', 2, 'all'],
    ['child-processes', 2, 'all'],
    ['worker-threads', 2, 8],
    ['child-processes', 2, 8],
  ];
  return configurations.map((configuration, index) => cellOf([...configuration, speeds[index] ?? 1, host, batch]));
}

function rows(...given: readonly Row[]): readonly ReturnType<typeof cellOf>[] {
  return given.map(cellOf);
}

/**
 * `equal` and `noisy` have no differences, `steps` many small ones. The three built-in workloads have the speeds and
 * spreads of a run of the default suite (`standard`, 2026-11-26, 2 CPUs). `limit` has as many slow starts as the race
 * assumes at most.
 */
export const PROFILES: readonly Profile[] = [
  { name: 'equal', cells: seven([], 0.01, 0.03), batchTail: SEEN },
  { name: 'noisy', cells: seven([], 0.05, 0.15), batchTail: SEEN },
  { name: 'steps', cells: seven([1, 1.02, 1.05, 1.08, 1.11, 1.14, 1.17], 0.02, 0.05), batchTail: SEEN },
  {
    name: 'primes',
    batchTail: SEEN,
    cells: rows(
      ['event-loop', 1, 'all', 1, 0.002, 0.01],
      ['sequential', 1, 1, 1, 0.002, 0.01],
      ['worker-threads', 1, 1, 0.95, 0.01, 0.04],
      ['worker-threads', 2, 1, 1.75, 0.01, 0.085],
      ['child-processes', 1, 1, 0.96, 0.01, 0.03],
      ['child-processes', 2, 1, 1.77, 0.005, 0.045],
      ['thread-per-task', 2, 1, 0.21, 0.05, 0.1],
      ['process-per-task', 2, 1, 0.11, 0.05, 0.1],
    ),
  },
  {
    name: 'http',
    batchTail: SEEN,
    cells: rows(
      ['event-loop', 1, 'all', 1, 0.004, 0.015],
      ['sequential', 1, 1, 0.19, 0.005, 0.02],
      ['worker-threads', 1, 1, 0.19, 0.005, 0.02],
      ['worker-threads', 1, 'all', 0.973, 0.004, 0.02],
      ['worker-threads', 2, 1, 0.37, 0.005, 0.02],
      ['worker-threads', 2, 'all', 0.953, 0.008, 0.02],
      ['child-processes', 1, 1, 0.18, 0.005, 0.02],
      ['child-processes', 1, 'all', 0.978, 0.004, 0.015],
      ['child-processes', 2, 1, 0.37, 0.005, 0.02],
      ['child-processes', 2, 'all', 0.955, 0.005, 0.04],
      ['thread-per-task', 2, 1, 0.11, 0.02, 0.05],
      ['process-per-task', 2, 1, 0.06, 0.02, 0.05],
    ),
  },
  {
    name: 'fetch-and-parse',
    batchTail: SEEN,
    cells: rows(
      ['event-loop', 1, 'all', 1, 0.025, 0.03],
      ['sequential', 1, 1, 0.36, 0.02, 0.03],
      ['worker-threads', 1, 1, 0.35, 0.02, 0.03],
      ['worker-threads', 1, 'all', 0.951, 0.03, 0.035],
      ['worker-threads', 2, 1, 0.66, 0.02, 0.04],
      ['worker-threads', 2, 'all', 1.292, 0.02, 0.035],
      ['child-processes', 1, 1, 0.35, 0.02, 0.03],
      ['child-processes', 1, 'all', 0.937, 0.02, 0.03],
      ['child-processes', 2, 1, 0.65, 0.02, 0.04],
      ['child-processes', 2, 'all', 1.26, 0.04, 0.03],
      ['thread-per-task', 2, 1, 0.13, 0.05, 0.08],
      ['process-per-task', 2, 1, 0.085, 0.05, 0.08],
    ),
  },
  { name: 'limit', cells: seven([], 0.01, 0.03), batchTail: SEEN, hostTail: ASSUMED },
];

/** The profile without differences among all that are not far behind, except one that is faster by so much. */
export function withOneFaster({ cells, ...profile }: Profile, effect: number): Profile {
  const last = cells.findLastIndex(({ speed }) => speed > FAR_BEHIND);
  return {
    ...profile,
    cells: cells.map((cell, index) => ({
      ...cell,
      speed: index === last ? 1 + effect : cell.speed > FAR_BEHIND ? 1 : cell.speed,
    })),
  };
}

const FAR_BEHIND = 0.7;
