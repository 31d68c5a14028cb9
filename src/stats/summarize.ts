import type { CellLog } from '../model/measured.ts';
import type { MeasuredCell, Sample, Summary } from '../model/results.ts';
import { byBlock } from './groups.ts';
import { median } from './quantile.ts';
import { pseudoMedian, signedRankInterval } from './exact-tests.ts';

/** What a cell's interval of its own wall time is stated at; comparisons share a level of their own. */
const SUMMARY_ALPHA = 0.05;
const BYTES_PER_MIB = 2 ** 20;

/** What a cell is summarized of. */
type Readings = Readonly<Pick<CellLog, 'samples' | 'startupMs' | 'memoryBytes' | 'hostCopyBytes'>>;

/** One cell in a row of numbers: medians over its samples, and the worst of what a maximum is asked of. @param tasks of a batch */
export function summarize({ samples, startupMs, memoryBytes, hostCopyBytes }: Readings, tasks: number): Summary {
  const over = (read: (sample: Sample) => number): number => median(samples.map(read));
  const worst = (read: (sample: Sample) => number): number => Math.max(...samples.map(read));
  const wallMs = wallEstimate(samples);
  const switches = inAll(samples, ({ contextSwitches }) => contextSwitches ?? undefined);
  return {
    wallMs,
    // tasks / median, not a mean of rates: that would be biased upward.
    tasksPerSecond: (tasks / wallMs.median) * 1000,
    taskMs: {
      ...spread(samples),
      p50: over((sample) => sample.taskMs.p50),
      p90: over((sample) => sample.taskMs.p90),
      p99: over((sample) => sample.taskMs.p99),
      max: worst((sample) => sample.taskMs.max),
    },
    ...latencyParts(samples),
    inProgress: over((sample) => sample.inProgress),
    coresUsed: over((sample) => sample.coresUsed),
    cpuMsPerTask: over((sample) => sample.cpuMs) / tasks,
    loopDelayMs: {
      p50: over((sample) => sample.loopDelayMs.p50),
      p99: over((sample) => sample.loopDelayMs.p99),
      max: worst((sample) => sample.loopDelayMs.max),
    },
    memoryMiB: memoryBytes.length === 0 ? null : Math.max(...memoryBytes) / BYTES_PER_MIB,
    ...(memoryBytes.length > 0 && hostCopyBytes.length > 0 && { hostCopyMiB: median(hostCopyBytes) / BYTES_PER_MIB }),
    startupMs: median(startupMs),
    ...verifiedShare(samples, tasks),
    contextSwitches:
      switches === undefined
        ? null
        : {
            voluntary: median(switches.map((counts) => counts.voluntary)),
            involuntary: median(switches.map((counts) => counts.involuntary)),
          },
  };
}

/** By the median of their batches. */
export function fastestFirst(cells: readonly MeasuredCell[]): readonly MeasuredCell[] {
  return cells.toSorted((a, b) => a.summary.wallMs.median - b.summary.wallMs.median);
}

/** What is read of every sample; undefined where one does not have it, as in earlier results. */
function inAll<Value>(
  samples: readonly Sample[],
  read: (sample: Sample) => Value | undefined,
): readonly Value[] | undefined {
  const values = samples.map(read).filter((value) => value !== undefined);
  return values.length < samples.length ? undefined : values;
}

/** Earlier results have dispatch alone. */
function latencyParts(samples: readonly Sample[]): Pick<Summary, 'queuedMs' | 'dispatchMs' | 'runningMs' | 'returnMs'> {
  const queued = inAll(samples, ({ queuedMs }) => queuedMs);
  const running = inAll(samples, ({ runningMs }) => runningMs);
  const returning = inAll(samples, ({ returnMs }) => returnMs);
  return {
    ...(queued && { queuedMs: summaryOf(queued) }),
    dispatchMs: summaryOf(samples.map(({ dispatchMs }) => dispatchMs)),
    ...(running && { runningMs: summaryOf(running) }),
    ...(returning && { returnMs: summaryOf(returning) }),
  };
}

function summaryOf(parts: readonly Sample['dispatchMs'][]): Sample['dispatchMs'] {
  return { p50: median(parts.map(({ p50 }) => p50)), p99: median(parts.map(({ p99 }) => p99)) };
}

function verifiedShare(samples: readonly Sample[], tasks: number): Pick<Summary, 'verifiedShare'> {
  const counts = inAll(samples, ({ verified }) => verified);
  return counts === undefined
    ? {}
    : { verifiedShare: counts.reduce((sum, count) => sum + count, 0) / (samples.length * tasks) };
}

const SPREAD = ['p5', 'p25', 'p75', 'p95'] as const;

/** The quantiles that earlier results do not have. */
function spread(samples: readonly Sample[]): Partial<Record<(typeof SPREAD)[number], number>> {
  return Object.fromEntries(
    SPREAD.flatMap((name) => {
      const values = inAll(samples, ({ taskMs }) => taskMs[name]);
      return values === undefined ? [] : [[name, median(values)]];
    }),
  );
}

/** The block is the unit here too: each gives the median of its rounds, in logarithms, since wall times are ratios. */
function wallEstimate(samples: readonly Sample[]): Summary['wallMs'] {
  const logs = byBlock(samples).map((block) => median(block.map((sample) => Math.log(sample.wallMs))));
  const interval = signedRankInterval(logs, SUMMARY_ALPHA);
  return {
    median: Math.exp(pseudoMedian(logs)),
    lo: interval === undefined ? null : Math.exp(interval.lo),
    hi: interval === undefined ? null : Math.exp(interval.hi),
  };
}
