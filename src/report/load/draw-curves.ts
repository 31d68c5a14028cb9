/** Drawings of latencies over the rate, for the page. */
import * as Plot from '@observablehq/plot';
import type { Held, LoadResults, LoadWorkload, MeasuredLoadCell } from '../../model/load.ts';
import { GRID, logAxis, logTicks, plainNumber } from '../figures/draw.ts';
import { figureOf, type Figure, type Sketch } from '../figures/figure.ts';
import { dotLook, lookOf, PANEL_PX } from '../figures/rows.ts';
import { capital, configurationName } from '../names.ts';
import { ms, threeDigits } from '../numbers.ts';
import { judgedMs } from './judged-latency.ts';
import { pingAt } from './pings.ts';

const HEIGHT_PX = 320;
/** A latency far above the objective says no more than that. */
const OBJECTIVES_SHOWN = 12;
const NAME_PX = 15;
/** Room for the numbers of latencies, and for the names of the curves. */
const LEFT_PX = 44;
const NAMES_PX = 126;
/** Distance between configurations at one rate, and the width of their intervals. */
const BESIDE_PX = 14;
const BAR_PX = 7;

/** One configuration at one rate. */
interface Point {
  readonly rate: number;
  readonly ms: number;
  /** Undefined: no interval. */
  readonly range?: { readonly lo: number; readonly hi: number };
}

interface Curve {
  readonly cell: MeasuredLoadCell;
  /** By rate. */
  readonly points: readonly Point[];
  /** The rate that is held; undefined: not within those measured. */
  readonly held: number | undefined;
}

interface Curves {
  readonly workload: LoadWorkload;
  readonly curves: readonly Curve[];
}

/** Draws the latency over the rate, with the objective as a line. */
export function drawLatencies(results: LoadResults): Figure | undefined {
  return figureOf(
    curvesOf(results, ({ rates }, { objective }) =>
      rates.map((one) => ({
        rate: one.rate,
        ms: judgedMs(one, objective),
        ...(one.objectiveMs !== null && { range: { lo: one.objectiveMs.lo, hi: one.objectiveMs.hi } }),
      })),
    ),
    {
      id: 'latencies',
      question: 'How does the latency grow with the rate?',
      howToRead: `Each sign is the objective’s quantile at one rate, the band or bar its CI over the blocks. The dashed line is the objective${results.held === undefined ? '' : '; a ring marks the rate that is held'}. Both axes are logarithmic, and latencies above ${OBJECTIVES_SHOWN} times the objective, or of more tasks without a result than it allows, are drawn at the upper edge.`,
    },
    ({ workload, curves }) =>
      sketchOf(workload, curves, {
        label: `${workload.objective.quantile} latency, ms`,
        highest: OBJECTIVES_SHOWN * workload.objective.ms,
      }),
  );
}

/** Draws the latency of pings over the rate; undefined: there were none. */
export function drawPings(results: LoadResults): Figure | undefined {
  const all = curvesOf(results, (cell) =>
    cell.rates.flatMap(({ rate }) => {
      const ping = pingAt(cell, rate);
      return ping === undefined ? [] : [{ rate, ms: ping.p99 }];
    }),
  );
  return figureOf(
    all.filter(({ curves }) => curves.length > 0),
    {
      id: 'pings',
      question: 'Does the server still answer meanwhile?',
      howToRead:
        'The p99 latency of requests that do no work, sent beside the tasks. Where it rises, tasks hold up the thread that accepts requests; the dashed line is the objective. Both axes are logarithmic.',
    },
    ({ workload, curves }) => sketchOf(workload, curves, { label: 'ping p99, ms', highest: Number.POSITIVE_INFINITY }),
  );
}

function curvesOf(
  { workloads, cells, held = [] }: LoadResults,
  pointsOf: (cell: MeasuredLoadCell, workload: LoadWorkload) => readonly Point[],
): readonly Curves[] {
  return workloads.map((workload) => ({
    workload,
    curves: cells.flatMap((cell): Curve[] => {
      if (cell.status !== 'ok' || cell.workload !== workload.name) return [];
      const points = pointsOf(cell, workload).toSorted((a, b) => a.rate - b.rate);
      const own = held.find((one) => one.cell === cell.id);
      return points.length === 0 ? [] : [{ cell, points, held: ringAt(own) }];
    }),
  }));
}

/** A rate whose windows were mostly refused is in the table, with its reason. */
function ringAt(held: Held | undefined): number | undefined {
  return held?.kind === 'at' && held.isDriverLimited !== true ? held.rate?.estimate : undefined;
}

interface Axis {
  readonly label: string;
  readonly highest: number;
}

function sketchOf({ title, objective }: LoadWorkload, curves: readonly Curve[], { label, highest }: Axis): Sketch {
  const within = (value: number): number => Math.min(highest, Math.max(0.1, value));
  const points = curves.flatMap((curve) => curve.points);
  const rates = points.map(({ rate }) => rate);
  const latencies = points.flatMap(({ ms: value, range }) =>
    [value, range?.lo ?? value, range?.hi ?? value].map(within),
  );
  const x: [number, number] = [Math.min(...rates) / 1.08, Math.max(...rates) * 1.08];
  const y: [number, number] = [Math.min(objective.ms, ...latencies) / 1.3, Math.max(objective.ms, ...latencies) * 1.3];
  const ticks = logTicks(y);
  return {
    title,
    alternative: curves
      .map(
        ({ cell, points: own }) =>
          `${capital(configurationName(cell))}: ${own.map(({ rate, ms: value }) => `${value === Number.POSITIVE_INFINITY ? 'too many without a result' : ms(value)} at ${threeDigits(rate)} a second`).join(', ')}.`,
      )
      .join(' '),
    options: {
      width: PANEL_PX,
      height: HEIGHT_PX,
      marginLeft: LEFT_PX,
      marginRight: NAMES_PX,
      marginTop: 28,
      marginBottom: 44,
      x: { type: 'log', domain: x },
      y: { type: 'log', domain: y, label },
      marks: [
        Plot.gridY(ticks, GRID),
        Plot.axisY(ticks, { text: plainNumber, label }),
        ...logAxis(x, 'tasks a second', PANEL_PX - LEFT_PX - NAMES_PX),
        Plot.ruleY([objective.ms], { stroke: 'var(--ink)', strokeDasharray: '6 5' }),
        ...curves.flatMap((curve, index) =>
          marksOf(curve, within, new Set(rates).size > 1 ? 0 : (index - (curves.length - 1) / 2) * BESIDE_PX),
        ),
        ...ringsOf(curves, objective.ms, label),
        ...namesOf(curves, within, y),
      ],
    },
  };
}

/** @param dx moves the signs of configurations apart that were measured at one rate only */
function marksOf({ cell, points }: Curve, within: (value: number) => number, dx: number): Plot.Markish[] {
  const stroke = lookOf(cell).color;
  const at = ({ ms: value }: Point): number => within(value);
  const ends = {
    x: 'rate',
    y1: ({ range }: Point) => within(range?.lo ?? 0),
    y2: ({ range }: Point) => within(range?.hi ?? 0),
  };
  const sure = points.filter(({ range }) => range !== undefined);
  return [
    points.length > 1
      ? Plot.areaY(sure, { ...ends, fill: stroke, fillOpacity: 0.14 })
      : // An area has no width there.
        Plot.ruleX(sure, { ...ends, dx, stroke, strokeWidth: BAR_PX, strokeOpacity: 0.3 }),
    Plot.line(points, { x: 'rate', y: at, stroke, strokeWidth: 1.5 }),
    Plot.dot(points, { x: 'rate', y: at, dx, stroke, fill: dotLook.fill(cell), symbol: lookOf(cell).symbol, r: 3.5 }),
  ];
}

/** Pings have no rate that they hold. */
function ringsOf(curves: readonly Curve[], objectiveMs: number, label: string): Plot.Markish[] {
  if (label.startsWith('ping')) return [];
  return curves.flatMap(({ cell, held }) =>
    held === undefined
      ? []
      : [Plot.dot([held], { x: Number, y: () => objectiveMs, r: 8, stroke: lookOf(cell).color, strokeWidth: 2 })],
  );
}

/** Names each curve at its end; those that end at the same height are stacked. */
function namesOf(
  curves: readonly Curve[],
  within: (value: number) => number,
  [lowest, highest]: readonly [number, number],
): Plot.Markish[] {
  const pxOf = (value: number): number => (Math.log(highest / value) / Math.log(highest / lowest)) * (HEIGHT_PX - 72);
  const ends = curves
    .map(({ cell, points }) => ({ cell, end: within(points.at(-1)?.ms ?? lowest) }))
    .toSorted((a, b) => b.end - a.end);
  let lastPx = Number.NEGATIVE_INFINITY;
  return ends.map(({ cell, end }) => {
    const atPx = Math.max(pxOf(end), lastPx + NAME_PX);
    lastPx = atPx;
    return Plot.text([cell], {
      y: () => end,
      frameAnchor: 'right',
      textAnchor: 'start',
      text: () => capital(configurationName(cell)),
      dx: 10,
      dy: atPx - pxOf(end),
      fill: lookOf(cell).color,
    });
  });
}
