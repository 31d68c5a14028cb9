/** What a machine can measure. */
import type { Environment, Ratio, StrategyName } from './results.ts';

/** What `lanewise doctor --json` prints. */
export interface Diagnosis {
  readonly schema: 'lanewise/doctor@1';
  readonly environment: Environment;
  readonly timer: TimerFacts;
  readonly support: SupportFacts;
  readonly noise: readonly NoiseFloor[];
  readonly upperBound: readonly UpperBoundPoint[];
  /** Medians, ms; null: not measured. */
  readonly startupMs: { readonly thread: number | null; readonly process: number | null };
  readonly sentences: readonly string[];
}

export interface TimerFacts {
  /** The smallest step that the clock was seen to make, ns. */
  readonly clockStepNs: number;
  /** What a timer that is set for 1 ms takes, ms: the median. */
  readonly oneMsTimerMs: number;
}

/** Whether this Node and this system tell what Lanewise can read. */
export interface SupportFacts {
  readonly typeStripping: boolean;
  readonly threadCpuUsage: boolean;
  readonly contextSwitches: boolean;
  readonly memoryOfTree: boolean;
  readonly stealAndThrottling: boolean;
}

/** What an interval will look like between two ways that are equally fast. */
export interface NoiseFloor {
  readonly strategy: StrategyName;
  readonly preset: string;
  /** Half of the 95% interval of one comparison, in percent: the median to expect. */
  readonly halfWidthPct: number;
}

/** How many times as fast so many plain processes do the same work, with nothing handed over. */
export interface UpperBoundPoint {
  readonly lanes: number;
  readonly speedup: Ratio;
}
