import { LEVEL } from '../../model/evidence.ts';
import type { LoadCell, Window } from '../../model/load.ts';
import type { MeasuredGroup } from '../../model/measured.ts';
import type { Options, Warning } from '../../model/results.ts';
import { disturbedBlocks, doubtsOfHosts, driftBeyond, largest, type TimedTurn } from '../doubts.ts';
import { byBlock, groupBy } from '../groups.ts';
import { mean } from '../quantile.ts';
import { areTaken, freeCpusOf, isWaiting } from '../taken-cpus.ts';
import { isRated } from './next-rate.ts';

/**
 * Share of the needed CPUs that may be missing. One that comes and goes leaves windows of two kinds, with it and without,
 * and no queue describes both: where the windows lie decides then what rate is found (docs/method.md).
 */
const MOST_MISSING = 0.1;

/** Reasons to doubt the windows of a group: what was timed, and what other programs took meanwhile. */
export function doubtsOfLoad(
  measured: MeasuredGroup,
  cells: readonly LoadCell[],
  {
    minEffect,
    noiseLimits,
    allowBusy,
    cores,
  }: Pick<Options, 'minEffect' | 'noiseLimits' | 'allowBusy'> & { readonly cores: number },
): readonly Warning[] {
  const { group, noise, warnings } = measured;
  const taken = allowBusy === true ? [] : takenCpus(measured, cells, cores);
  const isQuiet = allowBusy !== true && taken.length === 0;
  return [
    ...doubtsOfHosts(measured.cells),
    ...taken,
    ...(group.workload.bound === 'io' ? [] : driftingWindows(cells, minEffect)),
    ...warnings,
    ...(isQuiet ? takenSearch(measured, cells, cores) : []),
    // Disturbed blocks are no news where no block was undisturbed.
    ...(taken.length > 0 ? [] : disturbedBlocks(group.workload.name, noise, noiseLimits)),
  ];
}

type Drifting = Extract<Warning, { kind: 'drifting-windows' }>;

/** The CPU time of a task should not depend on how many came before it. */
function driftingWindows(cells: readonly LoadCell[], minEffect: number): readonly Drifting[] {
  return largest(
    cells.flatMap(({ id, windows }): Drifting[] => {
      const ratio = driftBeyond(minEffect, inTurns(windows), LEVEL / cells.length);
      return ratio === undefined ? [] : [{ kind: 'drifting-windows', cell: id, ratio }];
    }),
  );
}

/** The windows of each block in the order in which its host had them, with what a task of each cost. */
export function inTurns(windows: readonly Window[]): readonly TimedTurn[] {
  return byBlock(relativeCosts(windows)).flatMap((own) =>
    own
      .toSorted((a, b) => a.round - b.round || a.position - b.position)
      .map(({ block, cost }, turn) => ({ block, round: turn, wallMs: Math.exp(cost) })),
  );
}

/** Logarithm of the CPU time of a task in a window, relative to the mean at the same rate. */
export function relativeCosts(
  windows: readonly Window[],
): readonly (Pick<Window, 'block' | 'round' | 'position'> & { readonly cost: number })[] {
  const counted = windows.filter(({ phase, done, cpuMs }) => phase === undefined && done > 0 && cpuMs > 0);
  return [...groupBy(counted, ({ rate }) => rate).values()].flatMap((own) => {
    const costs = own.map(({ cpuMs, done }) => Math.log(cpuMs / done));
    const typical = mean(costs);
    return own.map(({ block, round, position }, index) => ({
      block,
      round,
      position,
      cost: (costs[index] ?? 0) - typical,
    }));
  });
}

/** Checks that the work had the CPUs it can use. */
function takenCpus({ group, noise }: MeasuredGroup, cells: readonly LoadCell[], cores: number): readonly Warning[] {
  const freeCpus = freeCpusOf(noise);
  const neededCpus = neededCpusOf(group, cells, { cores, freeCpus });
  return areMissing(freeCpus, neededCpus)
    ? [{ kind: 'taken-cpus', workload: group.workload.name, cores, freeCpus, neededCpus, loopCpus: null }]
    : [];
}

/** The same while rates were searched for: nothing rests on these windows, but the blocks may lie beside the rates held. */
function takenSearch({ group }: MeasuredGroup, cells: readonly LoadCell[], cores: number): readonly Warning[] {
  const { searchNoise: blocks = [] } = isRated(group.load) ? group.load : {};
  const freeCpus = freeCpusOf({ blocks: [...blocks] });
  const neededCpus = neededCpusOf(group, cells, { cores, freeCpus });
  return areMissing(freeCpus, neededCpus) && freeCpus !== null
    ? [{ kind: 'taken-search', workload: group.workload.name, cores, freeCpus, neededCpus }]
    : [];
}

/** Whether other programs took so much of the CPUs that a load needs that nothing can be concluded from it. */
function areMissing(freeCpus: number | null, neededCpus: number): boolean {
  return areTaken(freeCpus, neededCpus, MOST_MISSING * neededCpus);
}

/**
 * Tasks that arrive slowly leave CPUs idle, so it is the workers that say how many tasks of CPU-bound work may run at
 * once.
 */
function neededCpusOf(
  { workload }: MeasuredGroup['group'],
  cells: readonly LoadCell[],
  { cores, freeCpus }: { readonly cores: number; readonly freeCpus: number | null },
): number {
  const lanes = isWaiting(workload, freeCpus) ? 0 : Math.max(0, ...cells.map(({ poolSize }) => poolSize));
  const usedCpus = Math.max(0, ...cells.flatMap(({ windows }) => windows.map(({ cpusUsed }) => cpusUsed)));
  return Math.min(cores, Math.max(lanes, usedCpus));
}
