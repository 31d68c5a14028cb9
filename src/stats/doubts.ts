import type { CellLog, MeasuredGroup } from '../model/measured.ts';
import { LEVEL } from '../model/evidence.ts';
import type { MeasuredCell, Options, Warning, Sample } from '../model/results.ts';
import { REFERENCE, type QueueStrategy } from '../model/strategies.ts';
import { asRatio } from './compare.ts';
import { signedRankEstimate, type Estimate } from './exact-tests.ts';
import { byBlock, groupBy } from './groups.ts';
import { hitBlocks } from './stopping-rules.ts';
import { median } from './quantile.ts';
import { fastestFirst, longestTaskMs } from './summarize.ts';
import { starvedLoop, takenCpus } from './taken-cpus.ts';

/** One task that takes more than this share of a batch limits its speedup; of two equal tasks each takes half. */
const DOMINANT = 0.5;
const DOMINANT_OF_TWO = 0.75;
/** Below this, the first of a batch of no-ops takes most of it and limits nothing. */
const SHORTEST_DOMINANT_MS = 1;
/** Share of the batches that must have the same longest task. */
const SAME_TASK = 2 / 3;
/** A disturbance can hit the first batch of one host, but hardly of most. */
const MOST_HOSTS = 0.5;

const QUEUE = 'bullmq' satisfies QueueStrategy;

/** Checks that the timed code did the work: facts from hosts and samples that precede the verdict. */
export function doubtsAbout(
  measured: MeasuredGroup,
  cells: readonly MeasuredCell[],
  {
    minEffect,
    cores,
    allowBusy,
    queue,
  }: Pick<Options, 'minEffect' | 'allowBusy' | 'queue'> & { readonly cores: number },
): readonly Warning[] {
  const { group, cells: logs, warnings } = measured;
  const notTheWork = doubtsOfHosts(logs);
  // Configurations that a race has dropped have too few batches, and take no share of the level.
  const lasting = cells.filter(({ dropped }) => dropped === undefined);
  const drifts = lasting.flatMap((cell) => drifting(cell, minEffect, lasting.length) ?? []);
  const dominant = dominantTask(group.workload.tasks, cells.find(({ id }) => id === group.baseline) ?? cells[0]);
  return [
    ...notTheWork,
    ...(notTheWork.length > 0 || allowBusy === true
      ? []
      : first([takenCpus(measured, cells, cores, queue?.joined ?? [])])),
    ...largest(drifts),
    // Tasks that divide work through shared memory do not limit each other.
    ...(dominant === undefined || warnings.some(({ kind }) => kind === 'shared-memory') ? [] : [dominant]),
  ];
}

/** Signs found by hosts that the timed code is not the work. */
export function doubtsOfHosts(logs: readonly CellLog[]): readonly Warning[] {
  return [...first(logs.map(memoised)), ...first(logs.map(unawaited))];
}

/** A fact about one configuration holds for the work, so it is reported once. */
function first(warnings: readonly (Warning | undefined)[]): readonly Warning[] {
  return warnings.filter((warning) => warning !== undefined).slice(0, 1);
}

/** Reported by the hosts of most blocks; each host is a process of its own, so each finds it again. */
function memoised({ cell, doubts, startupMs, samples }: CellLog): Warning | undefined {
  const seen = doubts.filter((doubt) => doubt.kind === 'memoised');
  // The confirmation of a race keeps no startup times.
  const hosts = Math.max(startupMs.length, byBlock(samples).length);
  if (seen.length === 0 || seen.length <= hosts * MOST_HOSTS) return undefined;
  return {
    kind: 'memoised',
    cell: cell.id,
    firstMs: median(seen.map(({ firstMs }) => firstMs)),
    laterMs: median(seen.map(({ laterMs }) => laterMs)),
  };
}

/** Checked once, before anything is timed. */
function unawaited({ cell, doubts }: CellLog): Warning | undefined {
  const seen = doubts.find((doubt) => doubt.kind === 'unawaited');
  return seen && { ...seen, cell: cell.id };
}

/** A turn, and a time, or a ratio of times, that should not depend on the turns before it. */
export type TimedTurn = Pick<Sample, 'block' | 'round' | 'wallMs'>;

type Drifting = Extract<Warning, { kind: 'drifting-batches' }>;

function drifting({ id, samples }: MeasuredCell, minEffect: number, cells: number): Drifting | undefined {
  const ratio = driftBeyond(minEffect, samples, LEVEL / cells);
  return ratio && { kind: 'drifting-batches', cell: id, ratio };
}

/** A change within blocks that is shown to be larger than the minimum effect, as a ratio. */
export function driftBeyond(
  minEffect: number,
  turns: readonly TimedTurn[],
  alpha: number,
): Drifting['ratio'] | undefined {
  const drift = driftOf(turns, alpha);
  if (drift === undefined) return undefined;
  const { lo, hi } = drift.interval;
  const minEffectLog = Math.log1p(minEffect);
  return lo <= minEffectLog && hi >= -minEffectLog ? undefined : asRatio(drift);
}

/** The largest of these changes, if there is any. */
export function largest<Change extends Pick<Drifting, 'ratio'>>(changes: readonly Change[]): readonly Change[] {
  const sizeOf = ({ ratio }: Change): number => Math.abs(Math.log(ratio.estimate));
  return changes.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, 1);
}

/** Among fewer batches, the same task can be delayed in each of them. */
const LEAST_BATCHES = 3;

function dominantTask(tasks: number, cell: MeasuredCell | undefined): Warning | undefined {
  const longest =
    cell?.samples.flatMap(({ longestTask, tasksInFlight, wallMs }) =>
      longestTask === undefined ? [] : [{ ...longestTask, ms: longestTask.share * tasksInFlight * wallMs }],
    ) ?? [];
  if (cell === undefined || longest.length < LEAST_BATCHES || tasks < 2) return undefined;
  // A different task each time is a disturbance, not a property of the work.
  const most = Math.max(...[...groupBy(longest, ({ index }) => index).values()].map(({ length }) => length));
  if (most < longest.length * SAME_TASK || median(longest.map(({ ms }) => ms)) < SHORTEST_DOMINANT_MS) return undefined;
  const share = median(longest.map((task) => task.share));
  return share > (tasks === 2 ? DOMINANT_OF_TWO : DOMINANT)
    ? { kind: 'dominant-task', workload: cell.workload, cell: cell.id, share, bound: 1 / share }
    : undefined;
}

/** With fewer batches in a block, one late batch looks like a trend. */
const LEAST_ROUNDS = 3;

/**
 * Change of batch time from the first to the last round of a block, as a logarithm. Each block gives one number: the
 * median slope between any two of its rounds (Theil–Sen) times the steps from first to last. A single slow or fast
 * round makes no trend.
 *
 * @param alpha the two-sided level of the interval
 * @returns undefined if there are too few rounds, or too few blocks for an interval at that level
 */
export function driftOf(samples: readonly TimedTurn[], alpha: number): Estimate | undefined {
  const changes = byBlock(samples)
    .filter((block) => block.length >= LEAST_ROUNDS)
    .map((block) => {
      const inOrder = block.toSorted((a, b) => a.round - b.round);
      const slopes = inOrder.flatMap((earlier, index) =>
        inOrder
          .slice(index + 1)
          .map((later) => Math.log(later.wallMs / earlier.wallMs) / (later.round - earlier.round)),
      );
      return median(slopes) * ((inOrder.at(-1)?.round ?? 0) - (inOrder[0]?.round ?? 0));
    });
  return signedRankEstimate(changes, alpha);
}

/**
 * In a shorter batch, the readings around it and the timer that watches the loop are no longer negligible. Calibration
 * avoids that, unless the number of tasks is given or another cell would take too long.
 */
export const SHORT_BATCH_MS = 10;
/** A slower output checksum shows in the comparison. */
const COSTLY_DIGEST = 0.05;
/** Work that keeps less than this of a CPU busy waits most of the time. */
const BUSY_CORES = 0.5;

/** Further warnings about the numbers of a group. */
export function cautionsAbout(
  { group, noise }: MeasuredGroup,
  cells: readonly MeasuredCell[],
  { noiseLimits }: Options,
): readonly Warning[] {
  const warnings: Warning[] = [];
  const { workload } = group;
  const lanes = Math.max(0, ...group.cells.map(({ poolSize }) => poolSize));
  if (lanes > workload.tasks)
    warnings.push({ kind: 'more-lanes-than-tasks', workload: workload.name, lanes, tasks: workload.tasks });
  // Where all have failed there is no interval that could be wider.
  if (cells.length > 0) warnings.push(...disturbedBlocks(workload.name, noise, noiseLimits));
  for (const { id, samples } of cells) {
    const suspect = samples.filter((sample) => sample.disorderedStamps !== undefined).length;
    if (suspect > 0) warnings.push({ kind: 'disordered-stamps', cell: id, samples: suspect });
    warnings.push(...deliveredOtherwise(id, samples));
  }
  // Work that waits leaves the event loop free to renew the lock.
  if (workload.bound !== 'io') warnings.push(...first(cells.map(longerThanLock)));
  const [shortest] = fastestFirst(cells);
  if (shortest !== undefined && shortest.summary.wallMs.median < SHORT_BATCH_MS) {
    warnings.push({ kind: 'short-batch', cell: shortest.id, wallMs: shortest.summary.wallMs.median });
  }
  const share = Math.max(0, ...cells.map(({ samples }) => median(samples.map((sample) => sample.digestShare))));
  if (share > COSTLY_DIGEST) warnings.push({ kind: 'costly-digest', workload: workload.name, share });
  const loop = cells.find((cell) => cell.strategy === REFERENCE);
  if (
    loop !== undefined &&
    workload.boundIs === 'claimed' &&
    !showsBound(workload.bound, loop) &&
    starvedLoop(loop) === undefined
  ) {
    warnings.push({
      kind: 'bound-not-seen',
      workload: workload.name,
      cell: loop.id,
      bound: workload.bound,
      cpusUsed: loop.summary.cpusUsed,
    });
  }
  return warnings;
}

/** Whether blocks that were disturbed are among those that count. */
export function disturbedBlocks(
  workload: string,
  { blocks, hit, repeated }: MeasuredGroup['noise'],
  limits: Options['noiseLimits'],
): readonly Warning[] {
  const still = limits === undefined ? [] : hitBlocks(blocks, limits);
  const left = still.length;
  const refused = blocks.filter(({ block, refusedWindows = 0 }) => still.includes(block) && refusedWindows > 0).length;
  return left === 0
    ? []
    : [
        {
          kind: 'noisy-blocks',
          workload,
          blocks: blocks.length,
          hit,
          repeated,
          left,
          ...(refused > 0 && { refused }),
        },
      ];
}

function showsBound(bound: 'cpu' | 'io' | 'mixed', { summary: { cpusUsed }, samples }: MeasuredCell): boolean {
  switch (bound) {
    case 'cpu':
      // Programs started by its tasks may have done the work.
      return cpusUsed >= BUSY_CORES || samples.some(({ commandsMs }) => commandsMs === null);
    case 'io':
      return cpusUsed < BUSY_CORES;
    case 'mixed':
      return true;
    default:
      return bound satisfies never;
  }
}

/** BullMQ 6.7.0: `lockDuration`, which its worker renews on its event loop after half of it. */
const DEFAULT_LOCK_MS = 30_000;

/** Lanewise's own lock is longer than the timeout of a batch, so that it happens in a program only. */
function longerThanLock({ id, strategy, samples }: MeasuredCell): Warning | undefined {
  if (strategy !== QUEUE) return undefined;
  const taskMs = longestTaskMs(samples);
  return taskMs > DEFAULT_LOCK_MS / 2
    ? { kind: 'longer-than-lock', cell: id, taskMs, lockMs: DEFAULT_LOCK_MS }
    : undefined;
}

/** Finds tasks that a queue did not deliver once and by itself. */
function deliveredOtherwise(cell: string, samples: readonly Sample[]): readonly Warning[] {
  const tasks = samples.reduce((sum, { ranAgain = 0 }) => sum + ranAgain, 0);
  const fetched = samples.flatMap(({ fetchedReplies = 0 }) => (fetchedReplies > 0 ? [fetchedReplies] : []));
  const replies = fetched.reduce((sum, count) => sum + count, 0);
  return [
    ...(tasks > 0 ? [{ kind: 'ran-again' as const, cell, tasks }] : []),
    ...(replies > 0 ? [{ kind: 'replies-fetched' as const, cell, replies, samples: fetched.length }] : []),
  ];
}
