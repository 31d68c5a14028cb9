/** A count with the limits of its rate. */
export interface Rate {
  readonly count: number;
  readonly of: number;
  readonly lo: number;
  readonly hi: number;
}

/** Halvings of the interval from 0 to 1: more than a double can tell apart. */
const HALVINGS = 60;

/**
 * Clopper–Pearson limits of a rate: exact, so never too narrow. Like R's `binom.test(count, of)$conf.int`.
 *
 * @param alpha the two-sided level
 */
export function rateOf(count: number, of: number, alpha = 0.05): Rate {
  const lo = count === 0 ? 0 : crossing((rate) => 1 - atMost(count - 1, of, rate) >= alpha / 2);
  const hi = count === of ? 1 : crossing((rate) => atMost(count, of, rate) <= alpha / 2);
  return { count, of, lo, hi };
}

/** Smallest rate from which on the condition holds. */
function crossing(holds: (rate: number) => boolean): number {
  let [lo, hi] = [0, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (lo + hi) / 2;
    if (holds(middle)) hi = middle;
    else lo = middle;
  }
  return hi;
}

/** P(X <= count) for a binomial X, in logarithms, so that no term underflows early. */
function atMost(count: number, of: number, rate: number): number {
  let logTerm = of * Math.log1p(-rate);
  let sum = Math.exp(logTerm);
  for (let hits = 1; hits <= count; hits++) {
    logTerm += Math.log(((of - hits + 1) / hits) * (rate / (1 - rate)));
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** `1.6% (0.9–2.6)`. */
export function rateText({ count, of, lo, hi }: Rate): string {
  return `${percent(count / of)}% (${percent(lo)}–${percent(hi)})`;
}

function percent(fraction: number): string {
  return (fraction * 100).toFixed(1);
}
