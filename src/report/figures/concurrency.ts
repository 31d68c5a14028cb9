import * as Plot from '@observablehq/plot';
import type { MeasuredCell } from '../../model/results.ts';
import { traitsOf } from '../../model/strategies.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { present } from '../document.ts';
import { configurationName } from '../names.ts';
import { plural, ratio } from '../numbers.ts';
import { figureOf, type Figure, type LegendEntry, type Sketch } from './figure.ts';
import { GRID, logAxis } from './draw.ts';
import { placeNames } from './name-blocks.ts';
import { AXIS_END_PX, PANEL_PX, dotLook, lookOf } from './rows.ts';

const HEIGHT_PX = 340;
/** Width of "64 usable CPUs". */
const CORES_TEXT_PX = 110;
const CELLS_LIMIT = 100;
/** Marks with no other mark this close are named. */
const APART_PX = 24;
const MARGINS = { marginLeft: 44, marginRight: AXIS_END_PX, marginTop: 24, marginBottom: 44 };
const WIDTH_PX = PANEL_PX - MARGINS.marginLeft - MARGINS.marginRight;
const INNER_PX = HEIGHT_PX - MARGINS.marginTop - MARGINS.marginBottom;

interface Scale {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Draws tasks in flight against CPUs used. */
export function drawConcurrency(all: readonly ReportGroup[], cores: number): Figure | undefined {
  const groups = all.filter((group) => measured(group).length > 0);
  const cells = groups.flatMap(measured);
  const scale = scaleOf(cells, cores);
  const most = Math.max(...groups.map((group) => measured(group).length));
  return figureOf(
    groups,
    {
      id: 'concurrency',
      question: 'Concurrency or parallelism?',
      howToRead:
        'The chosen configuration, the baseline and marks that stand apart are named. Further right, more tasks are in flight: concurrency. Further up, more CPUs are used: parallelism. I/O-bound work gains by moving right, which one event loop can do; CPU-bound work gains only by moving up, at most to the line of the usable CPUs.',
      legend: legendOf(cells),
      omitted: present(
        most > CELLS_LIMIT &&
          `Only the ${CELLS_LIMIT} fastest of up to ${most} configurations of a workload are drawn.`,
        cells.some(({ summary }) => summary.tasksInFlight <= 0) &&
          'Configurations without measurable tasks in flight are only in the tables.',
      ),
    },
    (group) => sketchOf(group, scale, cores),
  );
}

function measured({ cells }: ReportGroup): readonly MeasuredCell[] {
  return cells.filter((cell) => cell.status === 'ok');
}

/** One entry per strategy. */
function legendOf(cells: readonly MeasuredCell[]): readonly LegendEntry[] {
  const looks = new Map(cells.map((cell) => [cell.strategy, { name: cell.strategy, ...lookOf(cell) }]));
  return [...looks.values()];
}

/** One scale for all workloads, so that they can be compared. */
function scaleOf(cells: readonly MeasuredCell[], cores: number): Scale {
  const tasksInFlight = cells.map(({ summary }) => summary.tasksInFlight).filter((value) => value > 0);
  const most = Math.max(2, ...tasksInFlight);
  return {
    x: [Math.min(0.5, ...tasksInFlight) / 1.2, most * 1.3],
    y: [0, Math.max(cores, ...cells.map(({ summary }) => summary.cpusUsed)) * 1.12],
  };
}

function sketchOf(group: ReportGroup, { x, y }: Scale, cores: number): Sketch {
  const all = measured(group);
  const cells = all.slice(0, CELLS_LIMIT).filter(({ summary }) => summary.tasksInFlight > 0);
  const ticks = Math.min(6, Math.ceil(y[1]));
  return {
    title: group.title,
    alternative: `Tasks in flight and CPUs used, of ${cores}: ${all
      .map(
        (cell) => `${configurationName(cell)} ${ratio(cell.summary.tasksInFlight)} and ${ratio(cell.summary.cpusUsed)}`,
      )
      .join('; ')}.`,
    options: {
      width: PANEL_PX,
      height: HEIGHT_PX,
      ...MARGINS,
      x: { type: 'log', domain: x, axis: null },
      y: { domain: y, label: 'CPUs used (parallelism)', ticks, tickFormat: '~r' },
      marks: [
        ...logAxis(x, 'tasks in flight (concurrency, logarithmic)'),
        Plot.gridY({ ...GRID, ticks }),
        Plot.ruleY([cores], { stroke: 'var(--ink)', strokeDasharray: '5 4' }),
        Plot.text([cores], {
          y: (value: number) => value,
          text: () => plural(cores, 'usable CPU'),
          frameAnchor: 'right',
          textAnchor: 'end',
          dy: -8,
        }),
        Plot.dot(cells, {
          x: ({ summary }: MeasuredCell) => summary.tasksInFlight,
          y: ({ summary }: MeasuredCell) => summary.cpusUsed,
          ...dotLook,
          title: configurationName,
          r: 5,
          strokeWidth: 1.5,
        }),
        ...namesOf(cells, { group, scale: { x, y }, cores }),
      ],
    },
  };
}

interface Naming {
  readonly group: ReportGroup;
  readonly scale: Scale;
  readonly cores: number;
}

/** Names the choice, the baseline and marks that stand apart, each beside its mark. */
function namesOf(cells: readonly MeasuredCell[], { group, scale: { x, y }, cores }: Naming): Plot.Markish[] {
  const perE = WIDTH_PX / Math.log(x[1] / x[0]);
  const items = cells.map((cell) => ({
    cell,
    name: configurationName(cell),
    xPx: Math.log(cell.summary.tasksInFlight / x[0]) * perE,
    yPx: (1 - cell.summary.cpusUsed / y[1]) * INNER_PX,
  }));
  const coresPx = (1 - cores / y[1]) * INNER_PX;
  const isNamed = ({ cell, xPx, yPx }: (typeof items)[number]): boolean =>
    cell === group.choice ||
    cell === group.baseline ||
    // A strategy that starts a worker for every task has a mark of its own in the legend, and a long name.
    (traitsOf(cell).lanes !== 'per-task' &&
      items.every((other) => other.cell === cell || Math.hypot(other.xPx - xPx, other.yPx - yPx) > APART_PX));
  const signs = items
    .filter((item) => !isNamed(item))
    .map(({ xPx, yPx }) => ({ left: xPx - 6, right: xPx + 6, top: yPx - 6, bottom: yPx + 6 }));
  const reserved = [{ left: WIDTH_PX - CORES_TEXT_PX, right: WIDTH_PX, top: coresPx - 16, bottom: coresPx }, ...signs];
  const blocks = placeNames(items.filter(isNamed), { widthPx: WIDTH_PX, heightPx: INNER_PX, reserved });
  return blocks.flatMap(({ names, leader }) => [
    ...present(leader).map((line) =>
      Plot.link([line], {
        x1: ([[fromPx]]) => x[0] * Math.exp(fromPx / perE),
        x2: ([, [toPx]]) => x[0] * Math.exp(toPx / perE),
        y1: ([[, fromPx]]) => (1 - fromPx / INNER_PX) * y[1],
        y2: ([, [, toPx]]) => (1 - toPx / INNER_PX) * y[1],
        stroke: 'var(--muted)',
        strokeWidth: 0.75,
      }),
    ),
    ...names.map(({ item, xPx, yPx, anchor }) =>
      Plot.text([item.name], {
        frameAnchor: 'top-left',
        text: String,
        textAnchor: anchor,
        dx: xPx,
        dy: yPx,
        lineAnchor: 'middle',
        fontSize: 11,
        fill: dotLook.stroke(item.cell),
      }),
    ),
  ]);
}
