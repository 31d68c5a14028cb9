import type { LoadResults } from '../../model/load.ts';
import type { Figure } from '../figures/figure.ts';
import { drawLatencies, drawPings } from './draw-curves.ts';
import { drawHeld } from './draw-held.ts';
import { drawParts } from './draw-parts.ts';
import { drawPulses } from './draw-pulses.ts';

/** All figures that the results of a load measurement allow, in the order in which readers ask. */
export function drawLoad(results: LoadResults): readonly Figure[] {
  const all = [
    drawHeld(results.workloads, results),
    drawLatencies(results),
    drawParts(results),
    drawPings(results),
    drawPulses(results),
  ];
  return all.filter((figure) => figure !== undefined);
}
