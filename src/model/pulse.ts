/** A pulse of arrivals: a low rate, then for some seconds more than can be done, then the low rate again. */
import type { Schedule } from './arrivals.ts';
import type { Overload } from './load.ts';

/** Rates in arrivals per second. */
export interface PulsePlan {
  readonly baseRate: number;
  readonly pulseRate: number;
  readonly leadMs: number;
  readonly pulseMs: number;
  /** Time after the pulse, in which the queue may recover. */
  readonly tailMs: number;
}

/** Facts known of a configuration before its pulse, in tasks per second. */
export interface PulseFacts {
  /** When all are there at once. */
  readonly capacity: number;
  /** The rate that it holds; undefined: not known. */
  readonly held: number | undefined;
  /** The lowest of the rates that were given; undefined: none. */
  readonly lowest: number | undefined;
}

const LEAD_MS = 2000;
/** Tail as a multiple of the forecast recovery, and beside it, so that a slower one is seen to its end. */
const RECOVERIES = 2;
const SPARE_MS = 2000;
const LONGEST_TAIL_MS = 30_000;

/**
 * Half the rate that the configuration holds, and a multiple of it. If that is not known, its capacity stands for it,
 * and the low rate is at most the lowest that was given.
 */
export function planPulse({ times, pulseMs }: Overload, { capacity, held, lowest }: PulseFacts): PulsePlan {
  const known = held ?? capacity;
  const baseRate = Math.min(known / 2, held === undefined ? (lowest ?? Infinity) : Infinity);
  const pulseRate = times * known;
  const recoveryMs =
    fluidRecoveryMs({ queue: ((pulseRate - capacity) * pulseMs) / 1000, capacity, baseRate }) ?? Infinity;
  const tailMs = Math.min(LONGEST_TAIL_MS, RECOVERIES * recoveryMs + SPARE_MS);
  return { baseRate, pulseRate, leadMs: LEAD_MS, pulseMs, tailMs };
}

interface Draining extends Pick<PulseFacts, 'capacity'> {
  /** Tasks that wait at the end of the pulse. */
  readonly queue: number;
  readonly baseRate: number;
}

/** Time in which a queue empties if it were a fluid, ms; undefined: never. */
export function fluidRecoveryMs({ queue, capacity, baseRate }: Draining): number | undefined {
  if (queue <= 0) return 0;
  return capacity > baseRate ? (queue / (capacity - baseRate)) * 1000 : undefined;
}

/** Time of one pulse of each configuration. @param capacities of all, in tasks per second, by cell id */
export function pulsesMsOf(
  overload: Overload,
  capacities: Readonly<Record<string, Pick<PulseFacts, 'capacity'>>>,
  { held = {}, lowest }: { readonly held?: Readonly<Record<string, number>>; readonly lowest?: number | undefined },
): number {
  return Object.entries(capacities).reduce((sum, [id, { capacity }]) => {
    const { leadMs, pulseMs, tailMs } = planPulse(overload, { capacity, held: held[id], lowest });
    return sum + leadMs + pulseMs + tailMs;
  }, 0);
}

/** Number of arrivals, on average. */
export function arrivalsOf({ baseRate, pulseRate, leadMs, pulseMs, tailMs }: PulsePlan): number {
  return Math.ceil((baseRate * (leadMs + tailMs) + pulseRate * pulseMs) / 1000);
}

/** Arrival times in ms since the start of the window; those after its end are left out. */
export function pulsedMs({ at }: Pick<Schedule, 'at'>, plan: PulsePlan): readonly number[] {
  const { baseRate, pulseRate, leadMs, pulseMs, tailMs } = plan;
  const inLead = (baseRate * leadMs) / 1000;
  const inPulse = (pulseRate * pulseMs) / 1000;
  return at
    .map((units) => {
      if (units < inLead) return (units / baseRate) * 1000;
      if (units < inLead + inPulse) return leadMs + ((units - inLead) / pulseRate) * 1000;
      return leadMs + pulseMs + ((units - inLead - inPulse) / baseRate) * 1000;
    })
    .filter((ms) => ms <= leadMs + pulseMs + tailMs);
}
