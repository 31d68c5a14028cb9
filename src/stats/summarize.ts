import type { CellLog } from '../model/measured.ts';
import type { MeasuredCell, Sample, Summary } from '../model/results.ts';
import { estimateOf } from './compare.ts';
import { byBlock } from './groups.ts';
import { median } from './quantile.ts';
import { pseudoMedian, signedRankInterval } from './exact-tests.ts';

/** Level of the interval of a cell's own wall time; comparisons share another. */
const SUMMARY_ALPHA = 0.05;
const BYTES_PER_MIB = 2 ** 20;

/** Readings that a summary is made from. */
type Readings = Readonly<Pick<CellLog, 'samples' | 'startupMs' | 'memoryBytes' | 'hostCopyBytes'>>;

/** Summarizes one cell: medians over its samples, and maxima where the worst counts. @param tasks per batch */
export function summarize({ samples, startupMs, memoryBytes, hostCopyBytes }: Readings, tasks: number): Summary {
  const over = (read: (sample: Sample) => number): number => median(samples.map(read));
  const worst = (read: (sample: Sample) => number): number => Math.max(...samples.map(read));
  const wallMs = wallEstimate(samples);
  const switches = inAll(samples, ({ contextSwitches }) => contextSwitches ?? undefined);
  return {
    wallMs,
    // tasks / median: a mean of rates would be biased upward.
    tasksPerSecond: (tasks / wallMs.median) * 1000,
    taskMs: {
      ...spread(samples),
      p50: over((sample) => sample.taskMs.p50),
      p90: over((sample) => sample.taskMs.p90),
      p99: over((sample) => sample.taskMs.p99),
      max: worst((sample) => sample.taskMs.max),
    },
    ...latencyParts(samples),
    tasksInFlight: over((sample) => sample.tasksInFlight),
    cpusUsed: over((sample) => sample.cpusUsed),
    cpuMsPerTask: over((sample) => sample.cpuMs) / tasks,
    loopDelayMs: {
      p50: over((sample) => sample.loopDelayMs.p50),
      p99: over((sample) => sample.loopDelayMs.p99),
      max: worst((sample) => sample.loopDelayMs.max),
    },
    memoryMiB: memoryBytes.length === 0 ? null : Math.max(...memoryBytes) / BYTES_PER_MIB,
    ...(memoryBytes.length > 0 && hostCopyBytes.length > 0 && { hostCopyMiB: median(hostCopyBytes) / BYTES_PER_MIB }),
    ...gapAndQueue(samples, tasks),
    startupMs: median(startupMs),
    slowShare: slowShare(samples),
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

/**
 * Sorts by estimates that are paired by blocks, all with the first cell, so that a slow block meets both sides of each.
 * A cell that shares no block with it is placed by its median batch.
 */
export function fastestFirst(cells: readonly MeasuredCell[]): readonly MeasuredCell[] {
  const [first] = cells;
  if (first === undefined) return [];
  const gainOf = (cell: MeasuredCell): number =>
    estimateOf(first.samples, cell.samples) ?? Math.log(first.summary.wallMs.median / cell.summary.wallMs.median);
  return cells
    .map((cell) => ({ cell, gain: gainOf(cell) }))
    .toSorted((a, b) => b.gain - a.gain)
    .map(({ cell }) => cell);
}

/** The longest task of all batches, ms; 0 if tasks took no time. */
export function longestTaskMs(samples: readonly Sample[]): number {
  const longest = samples.map(({ longestTask, tasksInFlight, wallMs }) =>
    longestTask === undefined ? 0 : longestTask.share * tasksInFlight * wallMs,
  );
  return Math.max(0, ...longest);
}

/** A field of every sample; undefined if one lacks it, as earlier results do. */
function inAll<Value>(
  samples: readonly Sample[],
  read: (sample: Sample) => Value | undefined,
): readonly Value[] | undefined {
  const values = samples.map(read).filter((value) => value !== undefined);
  return values.length < samples.length ? undefined : values;
}

/** Earlier results have only dispatch. */
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

/** Absent in earlier results, on the main thread, and without a queue. */
function gapAndQueue(samples: readonly Sample[], tasks: number): Pick<Summary, 'gapMs' | 'queue'> {
  const gaps = inAll(samples, ({ gapMs }) => gapMs);
  const producer = inAll(samples, ({ hostMs }) => hostMs);
  if (producer === undefined) return gaps === undefined ? {} : { gapMs: median(gaps) };
  const perTask = (read: (sample: Sample) => number | undefined): number | undefined => {
    const values = inAll(samples, read);
    return values && median(values) / tasks;
  };
  const [producerMainMs, serverMs] = [perTask(({ mainMs }) => mainMs), perTask((sample) => sample.serverMs)];
  const workers = samples.map((sample) => sample.cpuMs - (sample.hostMs ?? 0) - (sample.serverMs ?? 0));
  const memory = samples.flatMap(({ serverMemoryBytes }) => serverMemoryBytes ?? []);
  const starts = byBlock(samples).flatMap(([first]) => first?.serverStartupMs ?? []);
  return {
    ...(gaps !== undefined && { gapMs: median(gaps) }),
    queue: {
      producerMs: median(producer) / tasks,
      ...(producerMainMs !== undefined && { producerMainMs }),
      ...(serverMs !== undefined && { serverMs }),
      workersMs: median(workers) / tasks,
      ...(memory.length > 0 && { serverMemoryMiB: Math.max(...memory) / BYTES_PER_MIB }),
      ...(starts.length > 0 && { serverStartupMs: median(starts) }),
    },
  };
}

function summaryOf(parts: readonly Sample['dispatchMs'][]): Sample['dispatchMs'] {
  return { p50: median(parts.map(({ p50 }) => p50)), p99: median(parts.map(({ p99 }) => p99)) };
}

/** A batch that takes longer than this many times the median one is slow: a typical batch does not show it. */
const SLOW_BATCH = 1.5;

function slowShare(samples: readonly Sample[]): number {
  const slow = SLOW_BATCH * median(samples.map(({ wallMs }) => wallMs));
  return samples.filter(({ wallMs }) => wallMs > slow).length / samples.length;
}

function verifiedShare(samples: readonly Sample[], tasks: number): Pick<Summary, 'verifiedShare'> {
  const counts = inAll(samples, ({ verified }) => verified);
  return counts === undefined
    ? {}
    : { verifiedShare: counts.reduce((sum, count) => sum + count, 0) / (samples.length * tasks) };
}

const SPREAD = ['p5', 'p25', 'p75', 'p95'] as const;

/** Quantiles that earlier results lack. */
function spread(samples: readonly Sample[]): Partial<Record<(typeof SPREAD)[number], number>> {
  return Object.fromEntries(
    SPREAD.flatMap((name) => {
      const values = inAll(samples, ({ taskMs }) => taskMs[name]);
      return values === undefined ? [] : [[name, median(values)]];
    }),
  );
}

/** The block is the unit here too: the median of its rounds, as a logarithm, since wall times are ratios. */
function wallEstimate(samples: readonly Sample[]): Summary['wallMs'] {
  const logs = byBlock(samples).map((block) => median(block.map((sample) => Math.log(sample.wallMs))));
  const interval = signedRankInterval(logs, SUMMARY_ALPHA);
  return {
    median: Math.exp(pseudoMedian(logs)),
    lo: interval === undefined ? null : Math.exp(interval.lo),
    hi: interval === undefined ? null : Math.exp(interval.hi),
  };
}
