import * as Plot from '@observablehq/plot';
import type { Cell } from '../../model/results.ts';
import { speedupText, VERDICTS } from '../columns.ts';
import { present } from '../document.ts';
import { shownVerdict } from '../../stats/compare.ts';
import { isSameProgram } from '../../stats/same-program.ts';
import { comparisonOf, speedupOf, type ReportGroup } from '../../stats/groups.ts';
import { configurationName } from '../names.ts';
import { percent } from '../numbers.ts';
import { GRID } from './draw.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import { IN_ROW, rowsOf, dotLook } from './rows.ts';

const DROPPED = ' A dropped configuration has no sign: the numbers are the range of its two or three starts.';

/** Draws the speedup of each configuration over its baseline, with its CI. */
export function drawSpeedups(groups: readonly ReportGroup[]): Figure | undefined {
  const hasDropped = groups.some(({ cells }) => cells.some(({ dropped }) => dropped !== undefined));
  return figureOf(
    groups.filter(({ comparisons }) => comparisons.length > 0),
    {
      id: 'speedups',
      question: 'How much faster is each configuration?',
      howToRead: `Each sign is a speedup, the line through it its CI. Right of 1 is faster; the axis is logarithmic, so 2× and ½× are equally far from 1. A CI inside the grey band shows that the difference is below the minimum effect.${hasDropped ? DROPPED : ''}`,
    },
    sketchOf,
  );
}

function sketchOf(group: ReportGroup): Sketch {
  const { cells, omitted, options, texts } = rowsOf(group.cells, (cell) => numbersOf(cell, group));
  const { baseline, title, minEffect, workload, isAA } = group;
  const others = workload.newerSource === undefined && !isAA ? baseline && configurationName(baseline) : undefined;
  const reference = others ?? (isAA ? 'its twin' : OLDER);
  const compared = cells.filter((cell) => speedupOf(cell, group) !== undefined);
  const at = (end: 'estimate' | 'lo' | 'hi') => (cell: Cell) => speedupOf(cell, group)?.[end] ?? Number.NaN;
  return {
    title,
    omitted,
    alternative: textOf(group, reference),
    options: {
      ...options,
      x: {
        type: 'log',
        base: 2,
        // The axis spans at least ½ to 2.
        domain: [Math.min(0.5, ...compared.map(at('lo'))) / 1.1, Math.max(2, ...compared.map(at('hi'))) * 1.1],
        tickFormat: factor,
        ticks: 5,
        label: `speedup over ${reference}`,
        labelAnchor: 'center',
      },
      marks: [
        Plot.rect([{}], { x1: 1 / (1 + minEffect), x2: 1 + minEffect, fill: 'var(--band)' }),
        Plot.gridX({ ...GRID, ticks: 5 }),
        Plot.ruleX([1], { stroke: 'var(--ink)', strokeWidth: 1 }),
        ...texts,
        Plot.ruleY(compared, { ...IN_ROW, x1: at('lo'), x2: at('hi'), stroke: dotLook.stroke, strokeWidth: 2.5 }),
        Plot.dot(compared, { ...IN_ROW, ...dotLook, x: at('estimate'), r: 4.5, strokeWidth: 1.5 }),
      ],
    },
  };
}

const OLDER = 'its older version';

/** 4 is `4`, a quarter is `1/4`. */
function factor(value: number): string {
  return value >= 1 ? String(value) : `1/${Math.round(1 / value)}`;
}

function numbersOf(cell: Cell, group: ReportGroup): string {
  return cell.status === 'failed' ? 'failed' : speedupText(cell, group);
}

function textOf(group: ReportGroup, reference: string): string {
  const { cells, comparisons, minEffect } = group;
  const level = comparisons[0]?.speedup.level ?? 0.95;
  const speedups = cells.map((cell) => {
    const comparison = comparisonOf(cell, group);
    const verdict = isSameProgram(cell, group)
      ? 'same program'
      : comparison && VERDICTS[shownVerdict(comparison, minEffect)];
    return present(`${configurationName(cell)} ${numbersOf(cell, group)}`, verdict).join(', ');
  });
  return `Speedup over ${reference}, with ${percent(level)} CIs: ${speedups.join('; ')}.`;
}
