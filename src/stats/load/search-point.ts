import type { Objective, Window } from '../../model/load.ts';
import type { PlainQueue } from './plain-queue.ts';
import type { SearchPoint } from './search-rate.ts';

/** A window with what is judged of it. */
export type JudgedWindow = Pick<Window, 'phase' | 'block' | 'round' | 'rate' | 'state' | 'judgedMs'>;

/**
 * How far a window was from the rate that is held, if the configuration differs from a plain queue with the same arrivals
 * by a constant ratio, of latencies or of speeds.
 *
 * @param own the plain queue in windows of its size
 * @param later the same in those whose rate is asked for: in longer ones, the typical latency is longer
 * @returns undefined if it was refused
 */
export function searchPointOf(
  window: JudgedWindow,
  { ms }: Pick<Objective, 'ms'>,
  own: PlainQueue,
  later = own,
): SearchPoint | undefined {
  const { rate, state } = window;
  if (state === 'driver-limited') return undefined;
  const logMs = logMsOf(window);
  // Too many tasks had no result to know how far it was.
  if (logMs === undefined) return { rate, byQueue: Infinity, bySpeed: Infinity };
  const ratio = logMs - own.inWindow(window, rate);
  const slowness = own.slowness(window, rate, logMs);
  const aim = Math.log(ms);
  return {
    rate,
    byQueue: Math.log(rate / later.rateAt(aim - ratio)),
    bySpeed: Math.log(rate / later.rateAt(aim - slowness)) + slowness,
  };
}

/** ln of the latency that is judged; undefined: it is only known to be long, or the window was refused. */
export function logMsOf({ state, judgedMs }: JudgedWindow): number | undefined {
  return state !== 'ok' || judgedMs === null ? undefined : Math.log(judgedMs);
}
