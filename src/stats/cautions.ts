import type { MeasuredGroup } from '../model/measured.ts';
import type { MeasuredCell, Options, Warning } from '../model/results.ts';
import { REFERENCE } from '../model/strategies.ts';
import { hitBlocks } from './on-the-way.ts';
import { median } from './quantile.ts';
import { fastestFirst } from './summarize.ts';

/**
 * In a shorter batch the readings before and after it, and the timer that watches the loop, are no longer small. Batches are
 * made longer than that, unless their number of tasks was asked for or another cell would take too long.
 */
const SHORT_BATCH_MS = 10;
/** A digest that takes longer is seen in the comparison. */
const COSTLY_DIGEST = 0.05;
/** Work that keeps less of a core busy waits most of the time; work that keeps more busy does not. */
const BUSY_CORES = 0.5;

/** What is to be known of a group’s numbers, besides whether they are those of the work. */
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
  const left = noiseLimits === undefined ? 0 : hitBlocks(noise.blocks, noiseLimits).length;
  if (left > 0) {
    const { hit, repeated, blocks } = noise;
    warnings.push({ kind: 'noisy-blocks', workload: workload.name, blocks: blocks.length, hit, repeated, left });
  }
  for (const { id, samples } of cells) {
    const suspect = samples.filter((sample) => sample.disorderedStamps !== undefined).length;
    if (suspect > 0) warnings.push({ kind: 'disordered-stamps', cell: id, samples: suspect });
  }
  const [shortest] = fastestFirst(cells);
  if (shortest !== undefined && shortest.summary.wallMs.median < SHORT_BATCH_MS) {
    warnings.push({ kind: 'short-batch', cell: shortest.id, wallMs: shortest.summary.wallMs.median });
  }
  const share = Math.max(0, ...cells.map(({ samples }) => median(samples.map((sample) => sample.digestShare))));
  if (share > COSTLY_DIGEST) warnings.push({ kind: 'costly-digest', workload: workload.name, share });
  const loop = cells.find((cell) => cell.strategy === REFERENCE);
  if (loop !== undefined && workload.boundIs === 'claimed' && !showsBound(workload.bound, loop)) {
    warnings.push({
      kind: 'bound-not-seen',
      workload: workload.name,
      cell: loop.id,
      bound: workload.bound,
      coresUsed: loop.summary.coresUsed,
    });
  }
  return warnings;
}

function showsBound(bound: 'cpu' | 'io' | 'mixed', { summary: { coresUsed }, samples }: MeasuredCell): boolean {
  switch (bound) {
    case 'cpu':
      // Programs that its tasks start may have done the work.
      return coresUsed >= BUSY_CORES || samples.some(({ commandsMs }) => commandsMs === null);
    case 'io':
      return coresUsed < BUSY_CORES;
    case 'mixed':
      return true;
    default:
      return bound satisfies never;
  }
}
