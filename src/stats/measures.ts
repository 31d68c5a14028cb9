import type { MeasuredCell, Sample } from '../model/results.ts';
import type { WallTime } from './compare.ts';

/** What a configuration does besides being fast: to the main thread, and to a single task. */
export type Measure = 'loopDelayMs' | 'taskP50Ms' | 'taskP99Ms';

/**
 * Shorter delays are one: the timer that watches the loop is set for 2 ms, and libuv keeps time in whole milliseconds. It also keeps
 * a delay of 0 out of logarithms.
 */
const SHORTEST_DELAY_MS = 2;

/** The measure in each batch, to be compared as wall times are. */
export function timesOf({ samples }: Pick<MeasuredCell, 'samples'>, measure: Measure): readonly WallTime[] {
  return samples.map((sample) => ({ block: sample.block, round: sample.round, wallMs: read(sample, measure) }));
}

function read({ loopDelayMs, taskMs }: Sample, measure: Measure): number {
  switch (measure) {
    case 'loopDelayMs':
      return Math.max(SHORTEST_DELAY_MS, loopDelayMs.p99);
    case 'taskP50Ms':
      return taskMs.p50;
    case 'taskP99Ms':
      return taskMs.p99;
    default:
      return measure satisfies never;
  }
}
