import type { OverloadedCell } from '../../model/load.ts';
import type { CellLog, MeasuredPulse } from '../../model/measured.ts';
import type { Group, RatedLoad } from '../../model/plan.ts';
import { fluidRecoveryMs } from '../../model/pulse.ts';
import { median, quantile, sorted } from '../quantile.ts';
import { readPulse } from './pulse.ts';

/** Summarizes the pulses of each configuration, beside what a fluid would do. */
export function concludeOverload(
  { workload, params, load }: Group & { readonly load: RatedLoad },
  cells: readonly CellLog[],
): readonly OverloadedCell[] {
  return cells.flatMap(({ cell, pulses: all = [], error }): OverloadedCell[] => {
    // A block that was measured again comes last.
    const measured = all
      .filter(({ reading }) => reading.state !== 'driver-limited')
      .toSorted((a, b) => a.block - b.block);
    if (measured.length === 0 || error !== undefined) return [];
    const pulses = measured.map((one) => readPulse(one, load.objective));
    const capacity = median(measured.map((one) => one.capacity));
    const most = mostQueued(load, cell.poolSize);
    const forecasts = measured.map((one, index) => forecastOf(one, pulses[index]?.arrived ?? 0, most, load));
    const offered = sum(pulses, (one) => one.offered);
    const recoveries = pulses.map(({ recoveryMs }) => recoveryMs ?? Infinity);
    return [
      {
        workload: workload.name,
        params,
        cell: cell.id,
        capacity,
        isHeld: measured.every(({ isHeld }) => isHeld),
        ...planOf(measured),
        growthPerSecond: {
          measured: median(pulses.map(({ growthPerSecond }) => growthPerSecond)),
          forecast: median(forecasts.map(({ growthPerSecond }) => growthPerSecond)),
        },
        recoveryMs: { measured: middle(recoveries), forecast: middle(forecasts.map(({ recoveryMs }) => recoveryMs)) },
        unrecovered: recoveries.filter((ms) => ms === Infinity).length,
        refused: all.length - measured.length,
        rejectedShare: sum(pulses, ({ rejected }) => rejected) / offered,
        gaveUpShare: sum(pulses, ({ gaveUp }) => gaveUp) / offered,
        wastedShare: sum(pulses, ({ wasted }) => wasted.tasks) / offered,
        pulses,
      },
    ];
  });
}

/** The plans differ with the capacity that was measured just before each pulse. */
function planOf(measured: readonly MeasuredPulse[]): MeasuredPulse['plan'] {
  const over = (read: (plan: MeasuredPulse['plan']) => number): number =>
    median(measured.map(({ plan }) => read(plan)));
  return {
    baseRate: over(({ baseRate }) => baseRate),
    pulseRate: over(({ pulseRate }) => pulseRate),
    leadMs: over(({ leadMs }) => leadMs),
    pulseMs: over(({ pulseMs }) => pulseMs),
    tailMs: over(({ tailMs }) => tailMs),
  };
}

/** The most tasks that can wait; a full queue does not grow. */
function mostQueued({ maxQueue = Infinity }: RatedLoad, poolSize: number): number {
  return maxQueue === 'auto' ? poolSize ** 2 : maxQueue;
}

interface Forecast {
  readonly growthPerSecond: number;
  /** Infinity: never. */
  readonly recoveryMs: number;
}

/**
 * The arrivals are those that came, in the pulse and after it: their number varies by its root. Recovered is a queue that
 * is short enough for a task at its end to meet the objective.
 */
function forecastOf(
  { plan, capacity, requests }: MeasuredPulse,
  arrived: number,
  most: number,
  { objective, aloneMs }: Pick<RatedLoad, 'objective' | 'aloneMs'>,
): Forecast {
  const { baseRate, leadMs, pulseMs } = plan;
  const queue = Math.min(most, Math.max(0, arrived - (capacity * pulseMs) / 1000));
  const bearable = (capacity * Math.max(0, objective.ms - aloneMs)) / 1000;
  const laterMs = sorted(requests.map(({ dueMs }) => dueMs - leadMs - pulseMs)).filter((ms) => ms >= 0);
  return {
    growthPerSecond: (queue / pulseMs) * 1000,
    recoveryMs: drainedMs({ queue, bearable, most, capacity, baseRate }, laterMs),
  };
}

interface Queue {
  /** Tasks that wait. */
  readonly queue: number;
  /** Tasks that may wait when it has recovered. */
  readonly bearable: number;
  readonly most: number;
  /** Tasks a second that are done, and that arrive after those that are known. */
  readonly capacity: number;
  readonly baseRate: number;
}

/** Time until a queue is short enough, ms, if what waits is done like a fluid. @param arrivalsMs the earliest first */
function drainedMs({ queue, bearable, most, capacity, baseRate }: Queue, arrivalsMs: Iterable<number>): number {
  let [waiting, ms] = [queue, 0];
  for (const nextMs of arrivalsMs) {
    const shortMs = ms + (Math.max(0, waiting - bearable) / capacity) * 1000;
    if (shortMs <= nextMs) return shortMs;
    // More than may wait is rejected.
    waiting = Math.min(most, waiting - (capacity * (nextMs - ms)) / 1000 + 1);
    ms = nextMs;
  }
  return ms + (fluidRecoveryMs({ queue: waiting - bearable, capacity, baseRate }) ?? Infinity);
}

/** The median; null if it is not finite. */
function middle(values: readonly number[]): number | null {
  // Halfway to infinity is infinite.
  const found = quantile(sorted(values), 0.5);
  return Number.isFinite(found) ? found : null;
}

function sum<Item>(items: readonly Item[], read: (item: Item) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}
