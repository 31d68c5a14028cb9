/** Where the time of tasks went, in words. */
import { probabilityOf } from '../../model/arrivals.ts';
import type { LoadWorkload, MeasuredLoadCell, Objective } from '../../model/load.ts';
import { partsAt, type MeanParts } from '../../stats/load/mean-parts.ts';
import { configurationName } from '../names.ts';
import { percent, threeDigits } from '../numbers.ts';

export type PartName = keyof MeanParts['all'];

/** The parts of a latency, in their order. */
export const PARTS = {
  late: 'not sent in time',
  accept: 'waiting to be accepted',
  queue: 'queued',
  task: 'running',
  back: 'on the way back',
} as const satisfies Record<PartName, string>;

export const PART_NAMES = Object.keys(PARTS) as PartName[];

export function latencyOf(parts: MeanParts['all']): number {
  return PART_NAMES.reduce((sum, name) => sum + parts[name], 0);
}

/** Tasks whose parts are shown, of those with a result: `the slowest 1% of the tasks that were done`. */
export function slowestWords(objective: Objective): string {
  return `the slowest ${percent(1 - probabilityOf(objective))} of the tasks that were done`;
}

/** Means over the windows that count; undefined: there are too few of them, or none knows its parts. */
export function countedParts({ windows, rates }: MeasuredLoadCell, rate: number): MeanParts | undefined {
  const isRefused = rates.some((one) => one.rate === rate && one.holds === 'driver-limited');
  return isRefused ? undefined : partsAt(windows, rate);
}

/** More configurations are in the figure and the table. */
const MOST_NAMED = 4;

/** The largest part of the latency of the slowest tasks, for the first configurations; undefined: it is not known. */
export function partsSentence(
  rate: number,
  cells: readonly MeasuredLoadCell[],
  { objective }: Pick<LoadWorkload, 'objective'>,
): string | undefined {
  const found = cells.flatMap((cell) => {
    const parts = countedParts(cell, rate);
    return parts === undefined ? [] : [`${configurationName(cell)} ${largestWords(parts.slowest)}`];
  });
  if (found.length === 0) return undefined;
  return `Where the time of ${slowestWords(objective)} went (means): ${found.slice(0, MOST_NAMED).join('; ')}.`;
}

/** `36.2 of 47.1 ms waiting to be accepted`. */
function largestWords(parts: MeanParts['all']): string {
  const largest = PART_NAMES.reduce((most, name) => (parts[name] > parts[most] ? name : most));
  return `${threeDigits(parts[largest])} of ${threeDigits(latencyOf(parts))} ms ${PARTS[largest]}`;
}
