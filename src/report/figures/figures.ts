import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { drawConcurrency } from './concurrency.ts';
import type { Figure } from './figure.ts';
import { drawResponsiveness, drawTaskTimes } from './task-times.ts';
import { drawScaling } from './scaling.ts';
import { drawSpeedUps } from './speed-ups.ts';
import { drawTimelines } from './timeline.ts';
import { drawWinners } from './winners.ts';

/** All that these results can show, in the order in which it is asked. */
export function drawFigures(groups: readonly ReportGroup[], { timelines, environment }: Results): readonly Figure[] {
  return [
    drawSpeedUps(groups),
    drawTimelines(groups, timelines, environment.cores),
    drawConcurrency(groups, environment.cores),
    drawScaling(groups, environment.cores),
    drawResponsiveness(groups),
    drawTaskTimes(groups),
    drawWinners(groups),
  ].filter((figure) => figure !== undefined);
}
