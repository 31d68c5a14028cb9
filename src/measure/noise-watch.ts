import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { Window } from '../model/load.ts';
import type { BlockNoise, MachineNoise, Sample } from '../model/results.ts';
import { allowedCpus, cpuQuota, readCpuCounters, type Cgroups, type CpuCounters } from './cgroup.ts';

export type NoiseReadings = Omit<BlockNoise, 'block'>;

/** Watches one block for noise from outside. */
interface NoiseWatch {
  /** Times a fixed piece of work. Called between batches, never during one. */
  readonly canary: () => void;
  /** Leaves the time until the result is called out of the readings. */
  readonly leaveOut: () => () => void;
  /**
   * @param samples all samples of cells meanwhile, without those of times left out
   * @param besidesMs CPU time of other batches
   */
  readonly stop: (samples: readonly Spent[], besidesMs: number) => NoiseReadings;
}

/** Costs of a batch or a window. */
type Spent = Pick<Sample, 'wallMs' | 'cpuMs' | 'contextSwitches'> & Pick<Partial<Sample>, 'elsewhereMs'>;

export type WatchNoise = () => NoiseWatch;

interface SpentInBlock {
  readonly samples: readonly Spent[];
  /** CPU time of the driver, and of windows that were measured again. */
  readonly besidesMs: number;
  /** Windows that are not used, since the driver could not send their requests as planned. */
  readonly refusedWindows: number;
}

/** Costs of the batches or windows of a block. */
export function spentIn(turns: readonly (Sample | Window)[]): SpentInBlock {
  const windows = turns.flatMap((turn) => ('driver' in turn ? [turn] : []));
  const driverMs = windows.reduce((sum, { driver, wallMs }) => sum + (driver?.cpus ?? 0) * wallMs, 0);
  const repeatedMs = turns.reduce((sum, turn) => sum + ('repeated' in turn ? (turn.repeated?.cpuMs ?? 0) : 0), 0);
  return {
    // The driver interrupts what it measures with every request, so interruptions show no other program.
    samples: turns.map((turn) => ('driver' in turn ? { ...turn, contextSwitches: null } : turn)),
    besidesMs: driverMs + repeatedMs,
    refusedWindows: windows.filter(({ driver }) => (driver?.limits.length ?? 0) > 0).length,
  };
}

const US_PER_MS = 1000;

export function createNoiseWatch(cgroups: Cgroups): WatchNoise {
  const { read, canary, noiseOf } = createNoiseReader(cgroups);
  return () => {
    const before = read();
    const leftOut: Readings[] = [];
    const canariesMs: number[] = [];
    return {
      canary: () => {
        canariesMs.push(canary());
      },
      leaveOut: () => {
        const start = read();
        return () => {
          leftOut.push(minus(read(), start));
        };
      },
      stop: (samples, besidesMs) => {
        const spent = leftOut.reduce(minus, minus(read(), before));
        const ownMs = samples.reduce(
          (sum, { cpuMs, elsewhereMs = 0 }) => sum + cpuMs - elsewhereMs,
          besidesMs + spent.ownCpuMs,
        );
        // Between batches, one host at a time prepares the next: at most that much is Lanewise's own.
        const betweenShare = Math.max(0, 1 - samples.reduce((sum, { wallMs }) => sum + wallMs, 0) / spent.windowMs);
        return {
          canaryMs: canariesMs.reduce((sum, ms) => sum + ms, 0) / canariesMs.length,
          ...noiseOf(spent, ownMs, betweenShare),
          involuntaryPerSecond: involuntaryPerSecond(samples),
        };
      },
    };
  };
}

export interface NoiseReader {
  readonly read: () => Readings;
  /** Times a fixed piece of work, about a millisecond: in ms. */
  readonly canary: () => number;
  /**
   * Noise on this machine.
   *
   * @param spent between two readings
   * @param ownMs CPU time of Lanewise
   * @param betweenShare share of the time in which it may have kept one more CPU busy
   */
  readonly noiseOf: (
    spent: Readings,
    ownMs: number,
    betweenShare: number,
  ) => Pick<MachineNoise, 'stealShare' | 'throttledShare' | 'otherCores' | 'freeCpus'>;
}

/** Counters at one time, or what was spent between two. */
export interface Readings extends CpuCounters {
  readonly windowMs: number;
  /** CPU time of this process. */
  readonly ownCpuMs: number;
}

const CANARY_STEPS = 700_000;
/** Runs until the canary is compiled; before that, it measures the compiler. */
const CANARY_WARM_UPS = 30;

export function createNoiseReader(cgroups: Cgroups): NoiseReader {
  for (let time = 0; time < CANARY_WARM_UPS; time++) sing();
  const allowed = allowedCpus();
  const quota = cpuQuota(cgroups) ?? Number.POSITIVE_INFINITY;
  return {
    read: () => {
      const { user, system } = process.cpuUsage();
      return {
        windowMs: nowNs() / NS_PER_MS,
        ownCpuMs: (user + system) / US_PER_MS,
        ...readCpuCounters(cgroups, allowed),
      };
    },
    canary: sing,
    noiseOf: ({ windowMs, busyMs, stolenMs, throttledMs, cpus }, ownMs, betweenShare) => {
      const otherCores = busyMs === null ? null : Math.max(0, (busyMs - ownMs) / windowMs);
      const freeCpus = (others: number): number =>
        // Other programs first take what the quota leaves unused anyway.
        Math.max(0, Math.min(quota, cpus - Math.max(0, others - betweenShare)));
      return {
        stealShare: stolenMs === null ? null : stolenMs / (windowMs * cpus),
        throttledShare: throttledMs.length === 0 ? null : Math.max(...throttledMs) / (windowMs * Math.max(1, cpus)),
        otherCores,
        ...(otherCores !== null && { freeCpus: freeCpus(otherCores) }),
      };
    },
  };
}

export function minus(after: Readings, before: Readings): Readings {
  return {
    windowMs: after.windowMs - before.windowMs,
    ownCpuMs: after.ownCpuMs - before.ownCpuMs,
    busyMs: difference(after.busyMs, before.busyMs),
    stolenMs: difference(after.stolenMs, before.stolenMs),
    cpus: after.cpus,
    throttledMs: after.throttledMs.map((ms, group) => ms - (before.throttledMs[group] ?? ms)),
  };
}

function difference(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before;
}

/** Times a fixed amount of integer arithmetic. */
function sing(): number {
  const startedNs = nowNs();
  let state = 1;
  for (let step = 0; step < CANARY_STEPS; step++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  const ms = (nowNs() - startedNs) / NS_PER_MS;
  // Uses the state, or the compiler could drop the loop.
  return state === 0 ? ms + Number.MIN_VALUE : ms;
}

function involuntaryPerSecond(samples: readonly Spent[]): number | null {
  const counts = samples.map(({ contextSwitches }) => contextSwitches?.involuntary);
  const known = counts.filter((count) => count !== undefined);
  if (known.length === 0 || known.length < counts.length) return null;
  const wallMs = samples.reduce((sum, sample) => sum + sample.wallMs, 0);
  return (known.reduce((sum, count) => sum + count, 0) / wallMs) * 1000;
}

/**
 * CPU time of the orchestrator while batches are measured, which it takes from the measured work. It should be idle
 * then, and this shows whether it is.
 */
export class OwnCpu {
  #cpuMs = 0;
  #wallMs = 0;

  /** Called at the start of a batch; the result is called at its end, with its wall time. */
  start(): (wallMs: number) => void {
    const before = process.cpuUsage();
    return (wallMs) => {
      const { user, system } = process.cpuUsage(before);
      this.#cpuMs += (user + system) / US_PER_MS;
      this.#wallMs += wallMs;
    };
  }

  /** CPU time / wall time over all batches; undefined before the first. */
  get share(): number | undefined {
    return this.#wallMs === 0 ? undefined : this.#cpuMs / this.#wallMs;
  }
}
