/** Simulated queues on a machine whose speed varies from window to window. */
import { dueMs, scheduleOf, windowAt, windowNumber, type WindowSize } from '../../../src/model/arrivals.ts';
import type { Objective } from '../../../src/model/load.ts';
import type { Rating } from '../../../src/model/plan.ts';
import type { WindowPlace } from '../../../src/stats/load/plain-queue.ts';
import type { JudgedWindow } from '../../../src/stats/load/search-point.ts';
import { quantile, seededRandom, sorted } from '../../../src/stats/quantile.ts';
import { queueLatenciesMs, type Arrival } from './fcfs.ts';

/** Servers with tasks of this mean length. */
export interface Queue {
  readonly servers: number;
  readonly taskMs: number;
  readonly law?: keyof typeof LENGTHS;
  /** Tasks are dealt out to the servers by chance, as a cluster does. */
  readonly areApart?: boolean;
}

/** Windows of one measurement have arrivals by its seed. */
export interface Run {
  readonly luck: Luck;
  readonly seed: number;
}

export const ARRIVALS = { kind: 'poisson' } as const;
export const PROBABILITY = 0.99;
export const OBJECTIVE: Objective = { quantile: 'p99', ms: 50 };

const SPEED_SPREAD = 0.02;
const RATING_SPREAD = 0.05;
const INPUTS = 8;
/** Lengths of the inputs, as multiples of the mean. */
const LENGTHS = {
  even: Array.from({ length: INPUTS }, (_, input) => 1 + 0.1 * ((input / (INPUTS - 1)) * 2 - 1)),
  exponential: Array.from({ length: INPUTS }, (_, input) => -Math.log(1 - (input + 0.5) / INPUTS)),
} as const;

/** Windows from which the true rate of a queue is taken. */
const TRUTH_WINDOWS = 2000;

/** More than this share of the capacity is held in no window here. */
const MOST_HELD = 2;

/** Luck of the simulated machine. */
export class Luck {
  readonly #below: ReturnType<typeof seededRandom>;

  constructor(seed: number) {
    this.#below = seededRandom(seed);
  }

  seed(): number {
    return this.#below(1_000_000_000);
  }

  below(limit: number): number {
    return this.#below(limit);
  }

  normal(): number {
    const uniform = (): number => (this.#below(1_000_000_000) + 0.5) / 1_000_000_000;
    return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  }
}

/** Latencies of one window, the first quarter of whose tasks does not count. */
export function windowIn(
  queue: Queue,
  size: WindowSize,
  place: WindowPlace & { readonly rate: number },
  run: Run,
): JudgedWindow {
  const { servers, taskMs, law = 'even', areApart = false } = queue;
  const { rate } = place;
  const { requests, settling } = windowAt(size, rate);
  const schedule = scheduleOf(ARRIVALS, requests, INPUTS, run.seed + windowNumber(place));
  const speed = Math.exp(SPEED_SPREAD * run.luck.normal());
  const arrivals = dueMs(schedule, rate).map((arrivedMs, index) => {
    const length = LENGTHS[law][schedule.inputs[index] ?? 0] ?? 1;
    return { arrivedMs, serviceMs: taskMs * speed * (length + 0.03 * run.luck.normal()) };
  });
  const latencies = areApart ? dealtOut(arrivals, servers, run.luck) : queueLatenciesMs(arrivals, servers);
  const judgedMs = quantile(sorted(latencies.slice(settling)), PROBABILITY);
  return { ...place, state: 'ok', judgedMs };
}

/** Each task waits for a server of its own. */
function dealtOut(arrivals: readonly Arrival[], servers: number, luck: Luck): readonly number[] {
  const chosen = arrivals.map(() => luck.below(servers));
  const latencies = Array.from({ length: servers }, (_, server) =>
    queueLatenciesMs(
      arrivals.filter((_arrival, index) => chosen[index] === server),
      1,
    ).values(),
  );
  return chosen.map((server) => latencies[server]?.next().value ?? 0);
}

export function capacityOf({ servers, taskMs }: Queue): number {
  return (servers * 1000) / taskMs;
}

/** Rates a queue as the calibration does, off by a few percent. */
export function ratingOf(queue: Queue, luck: Luck): Rating {
  const off = Math.exp(RATING_SPREAD * luck.normal());
  return { capacity: capacityOf(queue) * off, aloneMs: queue.taskMs };
}

/** ln of the rate at which the mean ln p99 of many windows just meets the objective. */
export function truthOf(queue: Queue, size: WindowSize, luck: Luck, windows = TRUTH_WINDOWS): number {
  let [lo, hi] = [Math.log(0.1 * capacityOf(queue)), Math.log(MOST_HELD * capacityOf(queue))];
  for (let step = 0; step < 12; step++) {
    const middle = (lo + hi) / 2;
    const rate = Math.exp(middle);
    const logs = Array.from({ length: windows }, (_, block) =>
      Math.log(windowIn(queue, size, { block, round: 0, rate }, { luck, seed: luck.seed() }).judgedMs ?? Infinity),
    );
    if (logs.reduce((sum, log) => sum + log, 0) / windows > Math.log(OBJECTIVE.ms)) hi = middle;
    else lo = middle;
  }
  return (lo + hi) / 2;
}
