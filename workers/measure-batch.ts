import type { Strategy } from '../src/strategies/strategy.ts';
import { NS_PER_MS, nowNs } from './clock.ts';
import type { Task, TaskRecord, Usage } from './contract.ts';
import { watchLoopDelay } from './loop-delay.ts';
import { sumUsage, usageOfThisProcess } from './usage.ts';

/** One batch as the host saw it: stamps and counters, nothing computed yet. */
export interface MeasuredBatch {
  readonly wallMs: number;
  /** What the host and all its lanes used from just before the hand-over to just after the last result. */
  readonly usage: Usage;
  /** How late a short timer of the host's main loop fired, once for each firing. */
  readonly loopDelaysMs: readonly number[];
  readonly records: readonly TaskRecord[];
}

/** Runs a batch between two readings of the counters, themselves outside the timed window. */
export async function measureBatch(strategy: Strategy, tasks: readonly Task[]): Promise<MeasuredBatch> {
  const before = await treeUsage(strategy);
  const monitor = watchLoopDelay();
  const handedOverNs = nowNs();
  const records = await strategy.run(tasks);
  const wallMs = (nowNs() - handedOverNs) / NS_PER_MS;
  const after = await treeUsage(strategy);
  const loopDelaysMs = await monitor.stop();
  return { wallMs, usage: difference(after, before), loopDelaysMs, records };
}

async function treeUsage(strategy: Strategy): Promise<Usage> {
  const lanes = await strategy.usage();
  return sumUsage([usageOfThisProcess(), lanes]);
}

function difference(after: Usage, before: Usage): Usage {
  const cpuMs = after.cpuMs - before.cpuMs;
  if (after.contextSwitches === undefined || before.contextSwitches === undefined) return { cpuMs };
  return {
    cpuMs,
    contextSwitches: {
      voluntary: after.contextSwitches.voluntary - before.contextSwitches.voluntary,
      involuntary: after.contextSwitches.involuntary - before.contextSwitches.involuntary,
    },
  };
}
