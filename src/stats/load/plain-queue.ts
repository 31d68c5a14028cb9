/**
 * A plain queue beside a configuration: tasks of one length, served in the order of arrival. Most of what one window
 * differs from the next is the luck of its arrivals, which are known; a plain queue shows how much of its latency that is.
 */
import { scheduleOf, windowAt, windowNumber, type WindowSize } from '../../model/arrivals.ts';
import type { Arrivals, Window } from '../../model/load.ts';
import type { Rating } from '../../model/plan.ts';
import { LONG_WINDOW } from '../../model/schema/held.ts';
import { mean, quantile, sorted } from '../quantile.ts';
import { evenLatencies } from './even-queue.ts';

/** The size of a window, and what is judged of it. */
export interface WindowShape extends WindowSize {
  readonly arrivals: Arrivals;
  /** The probability of the objective's quantile. */
  readonly probability: number;
}

export type WindowPlace = Pick<Window, 'phase' | 'block' | 'round'>;

/** Latencies of a plain queue; all are ln of the judged quantile in ms. */
export interface PlainQueue {
  readonly servers: number;
  /** Mean latency over all windows that are possible. @param rate arrivals per second */
  readonly typical: (rate: number) => number;
  /** Latency with the arrivals of this very window. */
  readonly inWindow: (place: WindowPlace, rate: number) => number;
  /** ln of how many times as long its tasks would have to be for this latency with the arrivals of this very window. */
  readonly slowness: (place: WindowPlace, rate: number, logMs: number) => number;
  /** The highest rate at which the mean latency does not exceed this one. */
  readonly rateAt: (logMs: number) => number;
  /** The rate at which long windows have the latency that its own have at this one, as a share of this one. */
  readonly lasting: (rate: number) => number;
  /** The same with a multiple of its speed. */
  readonly faster: (times: number) => PlainQueue;
}

/**
 * The plain queue that does as many tasks a second as a configuration, and takes as long for one that meets no other.
 *
 * @param seed of the measurement, from which come the arrivals of its windows
 */
export function plainQueue({ capacity, aloneMs }: Rating, shape: WindowShape, seed: number): PlainQueue {
  const servers = Math.max(1, Math.round((capacity * aloneMs) / 1000));
  const logTaskMs = Math.log((servers * 1000) / capacity);
  // Arrivals in the time that all servers take for one task each.
  const logLoadOf = (rate: number): number => Math.log(rate / capacity);
  const curve = curveOf(servers, capacity, shape);
  /** Latency with the arrivals of this very window, by the ln of how many times as long tasks take. */
  const ifSlower = (place: WindowPlace, rate: number): ((by: number) => number) => {
    const { requests, settling } = windowAt(shape, rate);
    const { at } = scheduleOf(shape.arrivals, requests, 1, seed + windowNumber(place));
    return (by) => logTaskMs + by + inUnits(at, Math.exp(logLoadOf(rate) + by), servers, { ...shape, settling });
  };
  return {
    servers,
    typical: (rate) => logTaskMs + curveAt(curve, logLoadOf(rate)),
    inWindow: (place, rate) => ifSlower(place, rate)(0),
    slowness: (place, rate, logMs) => {
      const logMsIf = ifSlower(place, rate);
      return bisect(-MOST_APART, MOST_APART, (by) => logMsIf(by) > logMs);
    },
    rateAt: (logMs) => capacity * Math.exp(crossingOf(curve, logMs - logTaskMs)),
    lasting: (rate) => {
      const { arrivals, probability } = shape;
      const long = curveOf(servers, capacity, { arrivals, probability, ...LONG }, LONG_ARRIVALS);
      return Math.exp(crossingOf(long, curveAt(curve, logLoadOf(rate))) - logLoadOf(rate));
    },
    faster: (times) => plainQueue({ capacity: capacity * times, aloneMs: aloneMs / times }, shape, seed),
  };
}

type Judged = Pick<WindowShape, 'settling' | 'probability'>;

/** ln of the judged quantile, in lengths of a task. @param load arrivals as a share of what the servers can do */
function inUnits(at: ArrayLike<number>, load: number, servers: number, { settling, probability }: Judged): number {
  // In mean gaps, as the arrivals are.
  const length = load * servers;
  return Math.log(quantile(sorted(evenLatencies(at, length, servers).subarray(settling)), probability) / length);
}

/** No configuration is further from its plain queue, in logarithms: tasks take four times as long or a fourth. */
const MOST_APART = Math.log(4);
const HALVINGS = 16;

/** Where a condition begins to hold, which holds from there on. */
function bisect(from: number, to: number, holds: (value: number) => boolean): number {
  let [below, above] = [from, to];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (below + above) / 2;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return (below + above) / 2;
}

/** Loads between which the mean latency is known; beyond these it is taken to be that of the closest. */
const LOWEST = Math.log(0.08);
const HIGHEST = Math.log(2.4);
const STEPS = 44;
const STEP = (HIGHEST - LOWEST) / (STEPS - 1);
/** Windows from which a mean is known. With 400, their own luck put held rates off by 1%, which intervals did not show. */
const MOST_WINDOWS = 2000;
/**
 * Windows of 20,000 arrivals differ less: their latencies spread by 0.2 to 0.6 times as much as those of 400, so 400 of
 * them show the mean as well, in a few seconds and without gigabytes.
 */
const MOST_ARRIVALS = 8_000_000;
const LONG = { requests: LONG_WINDOW, settling: LONG_WINDOW / 4 } as const;
/** Some hundred of those: a latency that they show is known to some percent, and the rate that has it to less. */
const LONG_ARRIVALS = 800_000;
/** Other arrivals than those of any measurement, whose seeds are whole numbers. */
const SEED = -2_000_000_000;

/** ln of the latency at each load, from {@link LOWEST} in steps of {@link STEP}; it is only found where it is asked for. */
type Curve = (step: number) => number;

const found = new Map<string, number>();

function curveOf(servers: number, capacity: number, shape: WindowShape, mostArrivals = MOST_ARRIVALS): Curve {
  const { arrivals, probability } = shape;
  return (step) => {
    const load = Math.exp(LOWEST + step * STEP);
    const { requests, settling } = windowAt(shape, load * capacity);
    const key = JSON.stringify([servers, arrivals, requests, settling, probability, mostArrivals, step]);
    const known = found.get(key);
    if (known !== undefined) return known;
    const logs = typicalWindows(arrivals, requests, mostArrivals).map((at) =>
      inUnits(at, load, servers, { settling, probability }),
    );
    const typical = mean(logs);
    found.set(key, typical);
    return typical;
  };
}

const schedules = new Map<string, Float64Array[]>();

/** Arrivals of the windows from which a mean is known: longer ones begin like those that were made before. */
function typicalWindows(arrivals: Arrivals, requests: number, mostArrivals: number): readonly Float64Array[] {
  const key = JSON.stringify(arrivals);
  const made = schedules.get(key) ?? [];
  schedules.set(key, made);
  return Array.from({ length: Math.min(MOST_WINDOWS, Math.ceil(mostArrivals / requests)) }, (_, window) => {
    const before = made[window];
    if (before !== undefined && before.length >= requests) return before.subarray(0, requests);
    return (made[window] = Float64Array.from(scheduleOf(arrivals, requests, 1, SEED + window).at));
  });
}

function curveAt(curve: Curve, logLoad: number): number {
  const place = Math.max(0, Math.min(STEPS - 1, (logLoad - LOWEST) / STEP));
  const step = Math.min(STEPS - 2, Math.floor(place));
  return curve(step) + (curve(step + 1) - curve(step)) * (place - step);
}

/** Where the curve, which never falls, exceeds a value. */
function crossingOf(curve: Curve, value: number): number {
  if (curve(0) > value) return LOWEST;
  if (curve(STEPS - 1) <= value) return HIGHEST;
  let [below, above] = [0, STEPS - 1];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (curve(middle) > value) above = middle;
    else below = middle;
  }
  return LOWEST + (below + (value - curve(below)) / (curve(above) - curve(below))) * STEP;
}
