/** Capabilities of a machine: what can be measured on it. */
import type { Environment, Ratio, StrategyName } from './results.ts';

/** Output of `lanewise doctor --json`. */
export interface Diagnosis {
  readonly schema: 'lanewise/doctor@1';
  readonly environment: Environment;
  readonly timer: TimerFacts;
  readonly support: SupportFacts;
  /** CPUs that other programs left free while it measured; null: not measured. */
  readonly freeCpus: number | null;
  readonly noise: readonly NoiseFloor[];
  readonly upperBound: readonly UpperBoundPoint[];
  /** Medians, ms; null: not measured. */
  readonly startupMs: { readonly thread: number | null; readonly process: number | null };
  readonly sentences: readonly string[];
}

export interface TimerFacts {
  /** Resolution: the smallest step of the clock that was seen, ns. */
  readonly clockStepNs: number;
  /** Median duration of a 1 ms timer, ms. */
  readonly oneMsTimerMs: number;
}

/** Readings that this Node and this system support. */
export interface SupportFacts {
  readonly typeStripping: boolean;
  readonly threadCpuUsage: boolean;
  readonly contextSwitches: boolean;
  readonly memoryOfTree: boolean;
  readonly stealAndThrottling: boolean;
}

/** Precision of a comparison: the CI to expect between two equally fast configurations. */
export interface NoiseFloor {
  readonly strategy: StrategyName;
  readonly preset: string;
  /** Half the width of the 95% CI of one comparison, in percent: the median to expect. */
  readonly halfWidthPct: number;
}

/** Upper bound: speedup of independent processes that do the same work without messaging. */
export interface UpperBoundPoint {
  readonly lanes: number;
  readonly speedup: Ratio;
}
