/** Drawings of the rates that configurations hold, for the page. */
import * as Plot from '@observablehq/plot';
import type { Held, LoadResults, LoadWorkload, MeasuredLoadCell } from '../../model/load.ts';
import { logAxis } from '../figures/draw.ts';
import { figureOf, type Figure, type Sketch } from '../figures/figure.ts';
import { dotLook, IN_ROW, rowsOf } from '../figures/rows.ts';
import { configurationName } from '../names.ts';
import { rateText } from './held.ts';

/** A workload with what its configurations hold. */
interface Holding {
  readonly title: string;
  readonly cells: readonly MeasuredLoadCell[];
  readonly held: ReadonlyMap<string, Held>;
}

/** Draws the rate that each configuration holds, with its CI. */
export function drawHeld(workloads: readonly LoadWorkload[], results: LoadResults): Figure | undefined {
  const holding = workloads.map((workload) => holdingOf(workload, results)).filter(({ held }) => held.size > 0);
  return figureOf(
    holding,
    {
      id: 'held',
      question: 'Which rate does each configuration hold?',
      howToRead:
        'Each sign is the rate at which the latency just meets the objective, the line through it its 95% CI. An arrow is an end beyond the rates that were measured. The axis is logarithmic.',
    },
    sketchOf,
  );
}

function holdingOf({ name, title }: LoadWorkload, { cells, held = [] }: LoadResults): Holding {
  const own = held.filter(({ workload, rate }) => workload === name && rate !== null);
  const byCell = new Map(own.map((one) => [one.cell, one]));
  return {
    title,
    held: byCell,
    cells: cells.filter((cell) => cell.status === 'ok').filter(({ id }) => byCell.has(id)),
  };
}

function sketchOf({ title, cells: all, held }: Holding): Sketch {
  const numbers = ({ id }: MeasuredLoadCell): string => {
    const one = held.get(id);
    if (one === undefined) return '';
    return one.isDriverLimited === true ? `${rateText(one)}, driver-limited` : rateText(one);
  };
  const { cells, omitted, options, texts } = rowsOf(all, numbers);
  const rateOf = ({ id }: MeasuredLoadCell): NonNullable<Held['rate']> =>
    held.get(id)?.rate ?? { estimate: 1, lo: null, hi: null, level: 0 };
  const estimates = cells.map((cell) => rateOf(cell).estimate);
  const ends = cells.flatMap((cell) => [rateOf(cell).lo ?? [], rateOf(cell).hi ?? []].flat());
  const domain: [number, number] = [Math.min(...estimates, ...ends) / 1.25, Math.max(...estimates, ...ends) * 1.25];
  const open = (end: 'lo' | 'hi') => cells.filter((cell) => rateOf(cell)[end] === null);
  const [lo, hi] = [
    (cell: MeasuredLoadCell) => rateOf(cell).lo ?? domain[0],
    (cell: MeasuredLoadCell) => rateOf(cell).hi ?? domain[1],
  ];
  return {
    title,
    omitted,
    alternative: `Tasks a second that each configuration holds: ${cells.map((cell) => `${configurationName(cell)} ${numbers(cell)}`).join('; ')}.`,
    options: {
      ...options,
      x: { type: 'log', domain },
      marks: [
        ...logAxis(domain, 'tasks a second'),
        ...texts,
        Plot.ruleY(cells, { ...IN_ROW, x1: lo, x2: hi, stroke: dotLook.stroke, strokeWidth: 2.5 }),
        Plot.text(open('lo'), { ...IN_ROW, x: lo, text: () => '◂', fill: dotLook.stroke, fontSize: 14 }),
        Plot.text(open('hi'), { ...IN_ROW, x: hi, text: () => '▸', fill: dotLook.stroke, fontSize: 14 }),
        Plot.dot(cells, { ...IN_ROW, ...dotLook, x: (cell) => rateOf(cell).estimate, r: 4.5, strokeWidth: 1.5 }),
      ],
    },
  };
}
