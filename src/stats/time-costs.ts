/** Costs that a profile shows, which explain the speed of a configuration: only parts that are large. */
import type { CellProfile, TimeParts, WorkerProfile } from '../model/results.ts';

/** A worker, or the mean of several. */
export type MeanWorker = Omit<WorkerProfile, 'lane'>;

/** The part that takes most of the time that somebody could save. */
export type TimeCost =
  | { readonly kind: 'serialization' | 'gc'; readonly on: 'main' | 'workers'; readonly share: number }
  /** The workers wait for the main thread, which is busy. */
  | { readonly kind: 'main-busy'; readonly idle: number; readonly busy: number }
  /** All threads wait. */
  | { readonly kind: 'waiting'; readonly share: number };

/** A part that takes less hardly explains a verdict. */
const LARGE = 0.2;
const MOSTLY = 0.8;
const HALF = 0.5;

/** @returns in the order of how much can be done about them */
export function timeCosts({ workers }: Pick<CellProfile, 'workers'>): readonly TimeCost[] {
  const mainWorker = workers.find(({ lane }) => lane.kind === 'main');
  const main = mainWorker?.parts;
  const lanes = workers.filter(({ lane }) => lane.kind !== 'main');
  if (mainWorker === undefined || main === null || main === undefined) return [];
  if (lanes.length === 0) return [...largest('gc', gcOf(mainWorker), 0), ...waiting(main.idle, main.idle)];
  const mean = meanWorker(lanes);
  const { parts } = mean;
  if (parts === null) return [];
  const isMainBusy = parts.idle >= HALF && main.idle <= 1 - MOSTLY;
  return [
    ...largest('serialization', main.serialization, parts.serialization),
    ...largest('gc', gcOf(mainWorker), gcOf(mean)),
    ...(isMainBusy ? [{ kind: 'main-busy' as const, idle: parts.idle, busy: 1 - main.idle }] : []),
    ...waiting(main.idle, parts.idle),
  ];
}

/** Measured twice, with the profiler and with counters: what both show. */
function gcOf({ parts, gcShare }: MeanWorker): number {
  return Math.min(parts?.gc ?? 0, gcShare ?? 1);
}

function largest(kind: 'serialization' | 'gc', main: number, workers: number): readonly TimeCost[] {
  const share = Math.max(main, workers);
  return share < LARGE ? [] : [{ kind, share, on: share === workers ? 'workers' : 'main' }];
}

function waiting(main: number, workers: number): readonly TimeCost[] {
  return Math.min(main, workers) < MOSTLY ? [] : [{ kind: 'waiting', share: workers }];
}

/** The mean of several workers; null where any of them was not measured. @throws RangeError without workers */
export function meanWorker(workers: readonly MeanWorker[]): MeanWorker {
  const parts = workers.map((worker) => worker.parts);
  const part = (name: keyof TimeParts): number | null => meanOf(parts.map((each) => each?.[name] ?? null));
  const [own, serialization, gc, idle, other] = [
    part('own'),
    part('serialization'),
    part('gc'),
    part('idle'),
    part('other'),
  ];
  const isMeasured = own !== null && serialization !== null && gc !== null && idle !== null && other !== null;
  return {
    parts: isMeasured ? { own, serialization, gc, idle, other } : null,
    loopUtilization: meanOf(workers.map((worker) => worker.loopUtilization)),
    gcShare: meanOf(workers.map((worker) => worker.gcShare)),
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0) throw new RangeError('a mean of no workers was asked for');
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / values.length;
}
