import * as Plot from '@observablehq/plot';
import { curvesOf, type Curve, type CurvePoint, type ReportGroup } from '../../stats/groups.ts';
import { present } from '../document.ts';
import { capital, configurationName, curveWords } from '../names.ts';
import { plural, withInterval } from '../numbers.ts';
import { scalingSentences } from '../scaling-text.ts';
import { figureOf, type Figure, type Sketch } from './figure.ts';
import { GRID, logTicks } from './draw.ts';
import { PANEL_PX, dotLook, lookOf } from './rows.ts';

const HEIGHT_PX = 300;
/** Most pool sizes in a curve, and most curves in a drawing. */
const SIZES_LIMIT = 24;
const CURVES_LIMIT = 8;
/** Offset between intervals at the same pool size. */
const BESIDE_PX = 7;

/** Draws speedup over pool size, for strategies measured with more than one size. */
export function drawScaling(all: readonly ReportGroup[], cores: number): Figure | undefined {
  const curved = all.map((group) => ({ group, curves: curvesOf(group) })).filter(({ curves }) => curves.length > 0);
  const isThinned = curved.some(
    ({ curves }) => curves.length > CURVES_LIMIT || curves.some(({ points }) => points.length > SIZES_LIMIT),
  );
  return figureOf(
    curved,
    {
      id: 'scaling',
      question: 'Does adding workers keep paying?',
      howToRead: howToRead(
        curved.map(({ curves }) => drawnOf(curves)),
        cores,
      ),
      omitted: isThinned
        ? [`At most ${CURVES_LIMIT} curves of ${SIZES_LIMIT} pool sizes are drawn; the tables have all.`]
        : [],
    },
    ({ group, curves }) => sketchOf(group, drawnOf(curves), cores),
  );
}

/** Explains only marks that are drawn. */
function howToRead(drawings: readonly (readonly Curve[])[], cores: number): string {
  const curves = drawings.flat();
  const scales = drawings.map(scaleOf);
  return present(
    'Each curve is a pool of growing size; thin lines are CIs.',
    curves.some(({ model }) => model.length > 0) && 'The shaded band is a model (Universal Scalability Law).',
    curves.some(({ knee }) => knee !== undefined) &&
      'The ring is the knee: the smallest pool that may reach 95% of the best throughput.',
    scales.some(({ ideal }) => ideal.length > 0) && 'The dashed line is ideal scaling.',
    scales.some((scale) => isInside(scale, cores)) && 'Beyond the dotted line there are more workers than CPUs.',
    'Where a curve flattens, more workers no longer pay.',
  ).join(' ');
}

/** The sizes and speedups that a drawing has room for. */
interface Scale {
  readonly sizes: readonly number[];
  readonly smallest: number;
  readonly largest: number;
  /** The highest speedup. */
  readonly highest: number;
  /** Ideal scaling, as far as it is inside the drawing. */
  readonly ideal: readonly number[];
}

function scaleOf(curves: readonly Curve[]): Scale {
  const points = curves.flatMap((curve) => curve.points);
  const highest = Math.max(1, ...points.map(({ speedup }) => speedup.hi)) * 1.05;
  const sizes = [...new Set(points.map(({ lanes }) => lanes))].toSorted((a, b) => a - b);
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return { sizes, smallest, largest, highest, ideal: idealLine(smallest, Math.min(largest, highest)) };
}

function isInside({ smallest, largest }: Scale, cores: number): boolean {
  return cores >= smallest && cores <= largest;
}

/** At most so many curves and points. */
function drawnOf(curves: readonly Curve[]): readonly Curve[] {
  return curves.slice(0, CURVES_LIMIT).map(thinned);
}

/** Keeps as many points as can be distinguished, including the first and the last. */
function thinned({ points, ...curve }: Curve): Curve {
  if (points.length <= SIZES_LIMIT) return { ...curve, points };
  const step = (points.length - 1) / (SIZES_LIMIT - 1);
  const kept = Array.from({ length: SIZES_LIMIT }, (_point, index) => points[Math.round(index * step)]);
  return { ...curve, points: kept.filter((point) => point !== undefined) };
}

function sketchOf(group: ReportGroup, curves: readonly Curve[], cores: number): Sketch {
  const { title, baseline } = group;
  const scale = scaleOf(curves);
  const { sizes, smallest, largest, highest, ideal } = scale;
  return {
    title,
    notes: scalingSentences(group, cores),
    alternative: curves
      .map(
        ({ cell, points: own }) =>
          `${capital(curveWords(cell))}: ${own.map(({ lanes, speedup }) => `${plural(lanes, 'worker')} ${withInterval(speedup)}`).join(', ')}.`,
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
        domain: [smallest / 1.1, largest * 1.1],
        ticks: sizes.length <= 8 ? sizes : logTicks([smallest, largest]),
        tickFormat: String,
        label: 'pool size, workers',
        labelAnchor: 'center',
      },
      y: {
        domain: [0, highest],
        label: `speedup over ${baseline === undefined ? 'the baseline' : configurationName(baseline)}`,
        ticks: 5,
      },
      marks: [
        Plot.gridY({ ...GRID, ticks: 5 }),
        Plot.ruleY([1], { stroke: 'var(--ink)', strokeWidth: 0.75 }),
        Plot.ruleX(isInside(scale, cores) ? [cores] : [], {
          stroke: 'var(--ink)',
          strokeDasharray: '2 4',
        }),
        Plot.line(ideal, {
          x: Number,
          y: Number,
          stroke: 'var(--muted)',
          strokeDasharray: '6 5',
        }),
        ...curves.flatMap((curve, position) =>
          marksOf(curve, (position - (curves.length - 1) / 2) * BESIDE_PX, highest),
        ),
        ...namesOf(curves, highest),
      ],
    },
  };
}

/** Twice the workers for twice the speed. */
function idealLine(from: number, to: number): readonly number[] {
  if (from >= to) return [];
  const steps = 40;
  return Array.from({ length: steps + 1 }, (_step, step) => from * (to / from) ** (step / steps));
}

function at(end: 'estimate' | 'lo' | 'hi'): (point: CurvePoint) => number {
  return ({ speedup }) => speedup[end];
}

function marksOf({ cell, points, model, knee }: Curve, dx: number, highest: number): Plot.Markish[] {
  const { color: stroke, symbol } = lookOf(cell);
  const line = { x: 'lanes', y: at('estimate'), stroke, strokeWidth: 1.5, dx };
  return [
    Plot.areaY(bandOf(model, highest), { x: 'lanes', y1: 'lo', y2: 'hi', fill: stroke, fillOpacity: 0.16, dx }),
    Plot.dot(present(knee), { ...line, r: 9 }),
    Plot.line(points, line),
    Plot.ruleX(points, { x: 'lanes', y1: at('lo'), y2: at('hi'), stroke, dx }),
    Plot.dot(points, { ...line, symbol, fill: dotLook.fill(cell), r: 4 }),
  ];
}

/** The band as far as it is inside the drawing. */
function bandOf(model: Curve['model'], highest: number): Curve['model'] {
  return model.map(({ lo, hi, ...point }) => ({ ...point, lo: Math.min(lo, highest), hi: Math.min(hi, highest) }));
}

const NAME_PX = 15;

/** Names each curve at its end; names of curves that end at the same height are stacked. */
function namesOf(curves: readonly Curve[], highest: number): Plot.Markish[] {
  const pxPerUnit = (HEIGHT_PX - 72) / highest;
  const ends = curves
    .map((curve) => ({ curve, end: curve.points.at(-1)?.speedup.estimate ?? 0 }))
    .toSorted((a, b) => b.end - a.end);
  let lastPx = Number.NEGATIVE_INFINITY;
  return ends.map(({ curve, end }) => {
    const wantedPx = (highest - end) * pxPerUnit;
    const atPx = Math.max(wantedPx, lastPx);
    const lines = capital(curveWords(curve.cell)).replaceAll(/(,) | (?=with )/g, '$1\n');
    lastPx = atPx + NAME_PX * lines.split('\n').length;
    return Plot.text([curve], {
      y: end,
      frameAnchor: 'right',
      textAnchor: 'start',
      text: () => lines,
      lineAnchor: 'top',
      lineHeight: 1.2,
      dx: 12,
      dy: atPx - wantedPx - NAME_PX / 2,
      fill: lookOf(curve.cell).color,
    });
  });
}
