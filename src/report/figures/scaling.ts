import * as Plot from '@observablehq/plot';
import { curveName } from '../../model/cell-id.ts';
import type { Cell, Comparison, MeasuredCell, Scaling } from '../../model/results.ts';
import { comparisonOf, type ReportGroup } from '../../stats/groups.ts';
import { shortId } from '../names.ts';
import { plural, ratio } from '../numbers.ts';
import { scalingSentences } from '../scaling-text.ts';
import { draw } from './draw.ts';
import { panelsOf, type Figure, type Panel } from './figure.ts';
import { logTicks } from './log-axis.ts';
import { PANEL_PX } from './rows.ts';
import { dotLook, lookOf } from './ways.ts';

const HEIGHT_PX = 300;
/** Of pool sizes in a curve, and of curves in a drawing. */
const SIZES_LIMIT = 24;
const CURVES_LIMIT = 8;
/** Intervals at the same pool size are drawn beside each other. */
const BESIDE_PX = 7;

interface Point {
  readonly poolSize: number;
  readonly speedup: Comparison['speedup'];
  readonly strategy: Cell['strategy'];
  readonly laneKind: Cell['laneKind'];
}

/** One strategy with the same number of tasks in flight, over pool sizes. */
interface Curve {
  readonly name: string;
  /** Any of its cells: they look alike. */
  readonly cell: MeasuredCell;
  readonly points: readonly Point[];
  /** The fitted model, in the units of the points; none where there were too few sizes. */
  readonly model: readonly ModelPoint[];
  /** The smallest size that may reach 95 % of the best. */
  readonly knee: Point | undefined;
}

interface ModelPoint {
  readonly lanes: number;
  readonly speedup: number;
  readonly lo: number;
  readonly hi: number;
}

/** Speed-up over pool size, where a strategy was measured with more than one. */
export function drawScaling(all: readonly ReportGroup[], cores: number): Figure | undefined {
  const curved = all
    // Of two versions, each cell is compared with its own older one, and no curve goes from size to size.
    .filter(({ workload }) => workload.newerSource === undefined)
    .map((group) => ({ group, curves: curvesOf(group) }))
    .filter(({ curves }) => curves.length > 0);
  if (curved.length === 0) return undefined;
  const isThinned = curved.some(
    ({ curves }) => curves.length > CURVES_LIMIT || curves.some(({ points }) => points.length > SIZES_LIMIT),
  );
  const { drawn, left } = panelsOf(curved);
  return {
    id: 'scaling',
    question: 'Does adding lanes keep paying?',
    howToRead:
      'Each curve is a pool, from one lane to more; the thin lines are intervals. The shaded band is a model (the Universal Scalability Law) fitted to them, and the ring is the knee, the smallest size that may do 95 % of what the best does. Along the dashed line, so many lanes would be so many times as fast as the baseline; beyond the dotted line there are more lanes than usable cores. A curve that turns flat has stopped paying.',
    left: isThinned
      ? [...left, `Drawn are at most ${CURVES_LIMIT} curves of ${SIZES_LIMIT} pool sizes each; the tables have all.`]
      : left,
    panels: drawn.map(({ group, curves }, index) =>
      panelOf(group, curves.slice(0, CURVES_LIMIT).map(thinned), index, cores),
    ),
    isWide: false,
  };
}

function curvesOf(group: ReportGroup): readonly Curve[] {
  const measured = group.cells.filter((cell): cell is MeasuredCell => cell.status === 'ok');
  const names = [...new Set(measured.map(curveName))];
  return names
    .flatMap((name): Curve[] => {
      const own = measured.filter((other) => curveName(other) === name);
      const [cell] = own;
      if (cell === undefined) return [];
      const points = own.flatMap(({ id, poolSize, strategy, laneKind }): Point[] => {
        const speedup = comparisonOf({ id }, group)?.speedup;
        return speedup === undefined ? [] : [{ poolSize, speedup, strategy, laneKind }];
      });
      const scaling = group.scaling.find(({ cells }) => own.some(({ id }) => id === cells[0]));
      return [
        {
          name,
          cell,
          points: points.toSorted((a, b) => a.poolSize - b.poolSize),
          model: modelOf(scaling, points),
          knee: points.find(({ poolSize }) => poolSize === scaling?.knee),
        },
      ];
    })
    .filter(({ points }) => new Set(points.map(({ poolSize }) => poolSize)).size > 1);
}

/** The model tells how many times as fast as the smallest pool; here everything is beside the baseline. */
function modelOf(scaling: Scaling | undefined, points: readonly Point[]): readonly ModelPoint[] {
  const [first] = scaling?.fit?.curve ?? [];
  const factor = points.find(({ poolSize }) => poolSize === first?.lanes)?.speedup.estimate;
  if (scaling?.fit === undefined || factor === undefined) return [];
  return scaling.fit.curve.map(({ lanes, speedup, lo, hi }) => ({
    lanes,
    speedup: speedup * factor,
    lo: lo * factor,
    hi: hi * factor,
  }));
}

/** As many points as can be told apart, the first and the last among them. */
function thinned({ points, ...curve }: Curve): Curve {
  if (points.length <= SIZES_LIMIT) return { ...curve, points };
  const step = (points.length - 1) / (SIZES_LIMIT - 1);
  const kept = Array.from({ length: SIZES_LIMIT }, (_point, index) => points[Math.round(index * step)]);
  return { ...curve, points: kept.filter((point) => point !== undefined) };
}

function panelOf(group: ReportGroup, curves: readonly Curve[], index: number, cores: number): Panel {
  const { title, baseline } = group;
  const points = curves.flatMap((curve) => curve.points);
  const largest = Math.max(...points.map(({ poolSize }) => poolSize));
  const highest = Math.max(1, ...points.map(({ speedup }) => speedup.hi)) * 1.05;
  const sizes = [...new Set(points.map(({ poolSize }) => poolSize))].toSorted((a, b) => a - b);
  const drawing = draw({
    id: `scaling-${index}`,
    title: `${title}: does adding lanes keep paying?`,
    alternative: curves
      .map(
        ({ name, points: own }) =>
          `${name}: ${own.map(({ poolSize, speedup }) => `${plural(poolSize, 'lane')} ${ratio(speedup.estimate)} (${ratio(speedup.lo)} to ${ratio(speedup.hi)})`).join(', ')}.`,
      )
      .join(' '),
    options: {
      width: PANEL_PX,
      height: HEIGHT_PX,
      marginLeft: 44,
      marginRight: 152,
      marginTop: 28,
      marginBottom: 44,
      x: {
        type: 'log',
        base: 2,
        domain: [Math.min(...sizes) / 1.1, largest * 1.1],
        ticks: sizes.length <= 8 ? sizes : logTicks([Math.min(...sizes), largest]),
        tickFormat: String,
        label: 'pool size, lanes',
        labelAnchor: 'center',
      },
      y: {
        domain: [0, highest],
        label: `times as fast as ${baseline === undefined ? 'the baseline' : shortId(baseline)}`,
        ticks: 5,
      },
      marks: [
        Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
        Plot.ruleY([1], { stroke: 'var(--ink)', strokeWidth: 0.75 }),
        Plot.ruleX(cores >= Math.min(...sizes) && cores <= largest ? [cores] : [], {
          stroke: 'var(--ink)',
          strokeDasharray: '2 4',
        }),
        Plot.line(idealLine(Math.min(...sizes), Math.min(largest, highest)), {
          x: 'lanes',
          y: 'speedup',
          stroke: 'var(--muted)',
          strokeDasharray: '6 5',
        }),
        ...curves.flatMap((curve, position) => marksOf(curve, (position - (curves.length - 1) / 2) * BESIDE_PX)),
        ...namesOf(curves, highest),
      ],
    },
  });
  return { title, ...drawing, notes: scalingSentences(group, cores) };
}

/** Twice the lanes, twice as fast: as far as the drawing goes, which may be nowhere. */
function idealLine(from: number, to: number): { readonly lanes: number; readonly speedup: number }[] {
  if (from >= to) return [];
  const steps = 40;
  return Array.from({ length: steps + 1 }, (_step, step) => {
    const lanes = from * (to / from) ** (step / steps);
    return { lanes, speedup: lanes };
  });
}

function marksOf({ cell, points, model, knee }: Curve, dx: number): Plot.Markish[] {
  const stroke = lookOf(cell).color;
  return [
    Plot.areaY(model, { x: 'lanes', y1: 'lo', y2: 'hi', fill: stroke, fillOpacity: 0.16, dx }),
    Plot.dot(knee === undefined ? [] : [knee], {
      x: 'poolSize',
      y: ({ speedup }: Point) => speedup.estimate,
      r: 9,
      stroke,
      strokeWidth: 1.5,
      dx,
    }),
    Plot.line(points, { x: 'poolSize', y: ({ speedup }: Point) => speedup.estimate, stroke, strokeWidth: 1.5, dx }),
    Plot.ruleX(points, {
      x: 'poolSize',
      y1: ({ speedup }: Point) => speedup.lo,
      y2: ({ speedup }: Point) => speedup.hi,
      stroke,
      dx,
    }),
    Plot.dot(points, {
      x: 'poolSize',
      y: ({ speedup }: Point) => speedup.estimate,
      ...dotLook,
      r: 4,
      strokeWidth: 1.5,
      dx,
    }),
  ];
}

const NAME_PX = 15;

/** The name of each curve at its end, those that end at the same height below each other. */
function namesOf(curves: readonly Curve[], highest: number): Plot.Markish[] {
  const pxPerUnit = (HEIGHT_PX - 72) / highest;
  const ends = curves
    .map((curve) => ({ curve, end: curve.points.at(-1)?.speedup.estimate ?? 0 }))
    .toSorted((a, b) => b.end - a.end);
  let lastPx = Number.NEGATIVE_INFINITY;
  return ends.map(({ curve, end }) => {
    const wantedPx = (highest - end) * pxPerUnit;
    const atPx = Math.max(wantedPx, lastPx + NAME_PX);
    lastPx = atPx;
    return Plot.text([curve], {
      y: end,
      frameAnchor: 'right',
      textAnchor: 'start',
      text: 'name',
      dx: 12,
      dy: atPx - wantedPx,
      fill: lookOf(curve.cell).color,
    });
  });
}
