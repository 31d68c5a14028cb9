import type { Results } from '../../model/results.ts';
import { curvesOf, scansOf, type ReportGroup } from '../../stats/groups.ts';
import { drawConcurrency } from './concurrency.ts';
import type { Figure } from './figure.ts';
import { drawResponsiveness, drawTaskTimes } from './task-times.ts';
import { drawSpeedups } from './speedups.ts';
import { drawTimelines } from './timeline.ts';

/** All figures that these results allow, in the order in which readers ask; code that few results need is loaded late. */
export async function drawFigures(
  groups: readonly ReportGroup[],
  { timelines, environment }: Results,
): Promise<readonly Figure[]> {
  const isCurved = groups.some((group) => curvesOf(group).length > 0);
  const isScan = scansOf(groups, ({ workload }) => workload).length > 0;
  return [
    drawSpeedups(groups),
    drawTimelines(groups, timelines, environment.cores),
    drawConcurrency(groups, environment.cores),
    isCurved ? (await import('./scaling.ts')).drawScaling(groups, environment.cores) : undefined,
    drawResponsiveness(groups),
    drawTaskTimes(groups),
    isScan ? (await import('./winners.ts')).drawWinners(groups) : undefined,
  ].filter((figure) => figure !== undefined);
}
