import * as Plot from '@observablehq/plot';
import type { Cell } from '../../model/results.ts';
import { shortSpeedup } from '../columns.ts';
import { comparisonOf, speedupOf, type ReportGroup } from '../../stats/groups.ts';
import { shortId } from '../../model/cell-id.ts';
import { wayName } from '../names.ts';
import { percent } from '../numbers.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import { IN_ROW, rowsOf, dotLook } from './rows.ts';

/** How many times as fast as its baseline each way is, with the interval. */
export function drawSpeedUps(groups: readonly ReportGroup[]): Figure | undefined {
  return figureOf(
    groups.filter(({ comparisons }) => comparisons.length > 0),
    {
      id: 'speed-ups',
      question: 'How much faster is each way?',
      howToRead:
        'Each sign is how many times as fast a way runs the whole batch; the line through it is its interval. Right of the 1 is faster; the axis is logarithmic, so that twice and half are equally far from it. A difference whose line stays inside the grey band is too small to matter.',
    },
    sketchOf,
  );
}

interface Point {
  readonly cell: Cell;
  readonly estimate: number;
  readonly lo: number;
  readonly hi: number;
}

function sketchOf(group: ReportGroup): Sketch {
  const rows = rowsOf(group.cells);
  const points = rows.cells.flatMap((cell): Point[] => {
    const speedup = speedupOf(cell, group);
    return speedup === undefined ? [] : [{ cell, ...speedup }];
  });
  const { baseline, title, minEffect, workload } = group;
  const isVersus = workload.newerSource !== undefined;
  const reference = isVersus || baseline === undefined ? 'its older version' : wayName(baseline);
  return {
    title,
    left: rows.left,
    alternative: textOf(group, reference),
    options: {
      ...rows.options,
      x: {
        type: 'log',
        base: 2,
        domain: domainOf(points),
        tickFormat: factor,
        ticks: 5,
        label: `times as fast as ${isVersus || baseline === undefined ? reference : shortId(baseline)}`,
        labelAnchor: 'center',
      },
      marks: [
        Plot.rect([{}], { x1: 1 / (1 + minEffect), x2: 1 + minEffect, fill: 'var(--band)' }),
        Plot.gridX({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
        Plot.ruleX([1], { stroke: 'var(--ink)', strokeWidth: 1 }),
        ...rows.texts((cell) => numbersOf(cell, group)),
        Plot.ruleY(points, {
          ...IN_ROW,
          y: ({ cell }: Point) => shortId(cell),
          x1: 'lo',
          x2: 'hi',
          stroke: ({ cell }: Point) => dotLook.stroke(cell),
          strokeWidth: 2.5,
        }),
        Plot.dot(points, {
          ...IN_ROW,
          y: ({ cell }: Point) => shortId(cell),
          x: 'estimate',
          symbol: ({ cell }: Point) => dotLook.symbol(cell),
          stroke: ({ cell }: Point) => dotLook.stroke(cell),
          fill: ({ cell }: Point) => dotLook.fill(cell),
          r: 4.5,
          strokeWidth: 1.5,
        }),
      ],
    },
  };
}

/** At least from half to twice. */
function domainOf(points: readonly Point[]): [number, number] {
  const lowest = Math.min(0.5, ...points.map(({ lo }) => lo));
  const highest = Math.max(2, ...points.map(({ hi }) => hi));
  return [lowest / 1.1, highest * 1.1];
}

/** 4 is `4`, a quarter is `1/4`. */
function factor(value: number): string {
  return value >= 1 ? String(value) : `1/${Math.round(1 / value)}`;
}

function numbersOf(cell: Cell, group: ReportGroup): string {
  return cell.status === 'failed' ? 'failed' : shortSpeedup(cell, group);
}

function textOf(group: ReportGroup, reference: string): string {
  const { cells, comparisons } = group;
  const level = comparisons[0]?.speedup.level ?? 0.95;
  const ways = cells.map((cell) => {
    const verdict = comparisonOf(cell, group)?.verdict;
    return `${shortId(cell)} ${numbersOf(cell, group)}${verdict === undefined ? '' : `, ${verdict}`}`;
  });
  return `Times as fast as ${reference}, with ${percent(level)} intervals: ${ways.join('; ')}.`;
}
