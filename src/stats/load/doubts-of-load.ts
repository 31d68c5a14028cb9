import type { LoadCell } from '../../model/load.ts';
import type { MeasuredGroup } from '../../model/measured.ts';
import type { Options, Warning } from '../../model/results.ts';
import { areTaken, disturbedBlocks, doubtsOfHosts, freeCpusOf } from '../doubts.ts';

/** Reasons to doubt the windows of a group: what was timed, and what other programs took meanwhile. */
export function doubtsOfLoad(
  measured: MeasuredGroup,
  cells: readonly LoadCell[],
  { noiseLimits, allowBusy, cores }: Pick<Options, 'noiseLimits' | 'allowBusy'> & { readonly cores: number },
): readonly Warning[] {
  const { group, noise, warnings } = measured;
  const taken = allowBusy === true ? [] : takenCpus(measured, cells, cores);
  return [
    ...doubtsOfHosts(measured.cells),
    ...taken,
    ...warnings,
    // Disturbed blocks are no news where no block was undisturbed.
    ...(taken.length > 0 ? [] : disturbedBlocks(group.workload.name, noise, noiseLimits)),
  ];
}

/**
 * Checks that the work had the CPUs it can use. Tasks that arrive slowly leave CPUs idle, so it is the workers that say
 * how many tasks of CPU-bound work may run at once.
 */
function takenCpus(
  { group: { workload }, noise }: MeasuredGroup,
  cells: readonly LoadCell[],
  cores: number,
): readonly Warning[] {
  const lanes = workload.bound === 'io' ? 0 : Math.max(0, ...cells.map(({ poolSize }) => poolSize));
  const usedCpus = Math.max(0, ...cells.flatMap(({ windows }) => windows.map(({ cpusUsed }) => cpusUsed)));
  const neededCpus = Math.min(cores, Math.max(lanes, usedCpus));
  const freeCpus = freeCpusOf(noise);
  return areTaken(freeCpus, neededCpus)
    ? [{ kind: 'taken-cpus', workload: workload.name, cores, freeCpus, neededCpus, loopCpus: null }]
    : [];
}
