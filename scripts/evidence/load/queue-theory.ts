/** Expected latencies of queues that serve in the order of Poisson arrivals. */
import { seededRandom } from '../../../src/stats/quantile.ts';
import { queueLatenciesMs } from './fcfs.ts';

/** A queue: tasks that arrive at a rate, their lengths, and how many can run at once. */
export interface Queue {
  /** Arrivals per second. */
  readonly rate: number;
  /** Lengths of tasks, of which each is as likely, ms. */
  readonly servicesMs: readonly number[];
  readonly servers: number;
}

/**
 * Mean time from arrival to end, ms. With one server by the formula of Pollaczek and Khinchine; with several, for which
 * there is none, the mean of simulated arrivals.
 */
export function expectedLatencyMs(queue: Queue): number {
  return queue.servers === 1 ? pollaczekKhinchineMs(queue) : simulatedMs(queue);
}

/** Mean latency with one server: the mean length, and half the mean residual work over what is idle. */
export function pollaczekKhinchineMs({ rate, servicesMs }: Omit<Queue, 'servers'>): number {
  const perMs = rate / 1000;
  const mean = meanOf(servicesMs);
  const square = meanOf(servicesMs.map((ms) => ms ** 2));
  return mean + (perMs * square) / (2 * (1 - perMs * mean));
}

const ARRIVALS = 400_000;
const SETTLING = 10_000;
const SEED = 1;

/** The same by simulation. */
export function simulatedMs({ rate, servicesMs, servers }: Queue): number {
  const random = seededRandom(SEED);
  const unit = (): number => (random(2 ** 30) + 0.5) / 2 ** 30;
  let arrivedMs = 0;
  const arrivals = Array.from({ length: ARRIVALS }, () => {
    arrivedMs += (-Math.log(unit()) * 1000) / rate;
    return { arrivedMs, serviceMs: servicesMs[random(servicesMs.length)] ?? 0 };
  });
  return meanOf(queueLatenciesMs(arrivals, servers).slice(SETTLING));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Share of the tasks that an M/M/c/K queue rejects: Poisson arrivals see it as often full as it is (Erlang's loss formula
 * if none may wait).
 *
 * @param queue arrivals per second, the mean length of a task, how many run at once, and how many may wait
 */
export function lossShare(queue: {
  readonly rate: number;
  readonly serviceMs: number;
  readonly servers: number;
  readonly waiting: number;
}): number {
  const { rate, serviceMs, servers, waiting } = queue;
  const erlangs = (rate * serviceMs) / 1000;
  let weight = 1;
  let total = 1;
  for (let tasks = 1; tasks <= servers + waiting; tasks++) {
    weight *= erlangs / Math.min(tasks, servers);
    total += weight;
  }
  return weight / total;
}
