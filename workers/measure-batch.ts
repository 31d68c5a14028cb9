import type { Strategy } from '../src/strategies/strategy.ts';
import { NS_PER_MS, nowNs } from './clock.ts';
import type { Nanoseconds, Task, TaskRecord, Usage } from './contract.ts';
import { watchLoopDelay } from './loop-delay.ts';
import { sumUsage, usageOfThisProcess } from './usage.ts';

/** One batch as the host saw it: stamps and counters, nothing computed yet. */
export interface MeasuredBatch {
  readonly wallMs: number;
  /** When the batch was handed to the strategy. */
  readonly handedOverNs: Nanoseconds;
  /** What the host and all its lanes used from just before the hand-over to just after the last result. */
  readonly usage: Usage;
  /** How late a short timer of the host's main loop fired, once for each firing. */
  readonly loopDelaysMs: readonly number[];
  readonly records: readonly TaskRecord[];
}

export interface Meter {
  /** Runs a batch between two readings of the counters, themselves outside the timed window. */
  readonly measure: (tasks: readonly Task[]) => Promise<MeasuredBatch>;
  /** Reads the counters of the lanes after a batch that was not measured. */
  readonly settle: () => Promise<void>;
}

/**
 * Lanes in other processes are asked what they have used after a batch, never just before one: they would be awake then,
 * which a thread that has been waiting for its turn is not. Between two batches they do nothing.
 */
export function createMeter(strategy: Strategy): Meter {
  let lanesBefore: Usage | undefined;

  return {
    settle: async () => {
      lanesBefore = await strategy.usage();
    },
    measure: async (tasks) => {
      lanesBefore ??= await strategy.usage();
      const monitor = watchLoopDelay();
      const hostBefore = usageOfThisProcess();
      const handedOverNs = nowNs();
      const records = await strategy.run(tasks);
      const wallMs = (nowNs() - handedOverNs) / NS_PER_MS;
      const hostAfter = usageOfThisProcess();
      const lanesAfter = await strategy.usage();
      const usage = difference(sumUsage([hostAfter, lanesAfter]), sumUsage([hostBefore, lanesBefore]));
      lanesBefore = lanesAfter;
      return { wallMs, handedOverNs, usage, loopDelaysMs: await monitor.stop(), records };
    },
  };
}

function difference(after: Usage, before: Usage): Usage {
  const cpuMs = after.cpuMs - before.cpuMs;
  const systemMs = after.systemMs - before.systemMs;
  if (after.contextSwitches === undefined || before.contextSwitches === undefined) return { cpuMs, systemMs };
  return {
    cpuMs,
    systemMs,
    contextSwitches: {
      voluntary: after.contextSwitches.voluntary - before.contextSwitches.voluntary,
      involuntary: after.contextSwitches.involuntary - before.contextSwitches.involuntary,
    },
  };
}
