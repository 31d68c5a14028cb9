import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { drawConcurrency } from './concurrency.ts';
import type { Figure } from './figure.ts';
import { drawResponsiveness, drawTaskTimes } from './task-times.ts';
import { drawScaling } from './scaling.ts';
import { drawSpeedups } from './speedups.ts';
import { drawTimelines } from './timeline.ts';
import { drawWinners } from './winners.ts';

/** All figures that these results allow, in the order in which readers ask. */
export function drawFigures(groups: readonly ReportGroup[], { timelines, environment }: Results): readonly Figure[] {
  return [
    drawSpeedups(groups),
    drawTimelines(groups, timelines, environment.cores),
    drawConcurrency(groups, environment.cores),
    drawScaling(groups, environment.cores),
    drawResponsiveness(groups),
    drawTaskTimes(groups),
    drawWinners(groups),
  ].filter((figure) => figure !== undefined);
}
