import type { LoadCell } from '../../model/load.ts';
import type { MeasuredGroup } from '../../model/measured.ts';
import type { Options, Warning } from '../../model/results.ts';
import { disturbedBlocks, doubtsOfHosts } from '../doubts.ts';
import { areTaken, freeCpusOf } from '../taken-cpus.ts';
import { isRated } from './next-rate.ts';

/** Reasons to doubt the windows of a group: what was timed, and what other programs took meanwhile. */
export function doubtsOfLoad(
  measured: MeasuredGroup,
  cells: readonly LoadCell[],
  { noiseLimits, allowBusy, cores }: Pick<Options, 'noiseLimits' | 'allowBusy'> & { readonly cores: number },
): readonly Warning[] {
  const { group, noise, warnings } = measured;
  const taken = allowBusy === true ? [] : takenCpus(measured, cells, cores);
  const isQuiet = allowBusy !== true && taken.length === 0;
  return [
    ...doubtsOfHosts(measured.cells),
    ...taken,
    ...warnings,
    ...(isQuiet ? takenSearch(measured, cells, cores) : []),
    // Disturbed blocks are no news where no block was undisturbed.
    ...(taken.length > 0 ? [] : disturbedBlocks(group.workload.name, noise, noiseLimits)),
  ];
}

/** Checks that the work had the CPUs it can use. */
function takenCpus({ group, noise }: MeasuredGroup, cells: readonly LoadCell[], cores: number): readonly Warning[] {
  const neededCpus = neededCpusOf(group, cells, cores);
  const freeCpus = freeCpusOf(noise);
  return areTaken(freeCpus, neededCpus)
    ? [{ kind: 'taken-cpus', workload: group.workload.name, cores, freeCpus, neededCpus, loopCpus: null }]
    : [];
}

/** The same while rates were searched for: nothing rests on these windows, but the blocks may lie beside the rates held. */
function takenSearch({ group }: MeasuredGroup, cells: readonly LoadCell[], cores: number): readonly Warning[] {
  const { searchNoise: blocks = [] } = isRated(group.load) ? group.load : {};
  const neededCpus = neededCpusOf(group, cells, cores);
  const freeCpus = freeCpusOf({ blocks: [...blocks] });
  return areTaken(freeCpus, neededCpus) && freeCpus !== null
    ? [{ kind: 'taken-search', workload: group.workload.name, cores, freeCpus, neededCpus }]
    : [];
}

/**
 * Tasks that arrive slowly leave CPUs idle, so it is the workers that say how many tasks of CPU-bound work may run at
 * once.
 */
function neededCpusOf({ workload }: MeasuredGroup['group'], cells: readonly LoadCell[], cores: number): number {
  const lanes = workload.bound === 'io' ? 0 : Math.max(0, ...cells.map(({ poolSize }) => poolSize));
  const usedCpus = Math.max(0, ...cells.flatMap(({ windows }) => windows.map(({ cpusUsed }) => cpusUsed)));
  return Math.min(cores, Math.max(lanes, usedCpus));
}
