/** Drawings of a pulse over time, for the page. */
import * as Plot from '@observablehq/plot';
import type { LoadCell, LoadResults, OverloadedCell, Pulse } from '../../model/load.ts';
import { fluidRecoveryMs } from '../../model/pulse.ts';
import { GRID } from '../figures/draw.ts';
import { figureOf, type Figure, type Sketch } from '../figures/figure.ts';
import { AXIS_END_PX, lookOf, PANEL_PX } from '../figures/rows.ts';
import { capital, configurationName } from '../names.ts';
import { duration, threeDigits } from '../numbers.ts';
import { watchedMs } from './overload-table.ts';

const HEIGHT_PX = 240;

interface Overloaded {
  readonly cell: LoadCell;
  readonly found: OverloadedCell;
  readonly objectiveMs: number;
}

/** Draws the backlog of each configuration through its pulses, and the latency; undefined: there were none. */
export function drawPulses({ overload = [], cells, workloads }: LoadResults): Figure | undefined {
  return figureOf(
    overload.flatMap((found): Overloaded[] => {
      const cell = cells.find(({ id }) => id === found.cell);
      const workload = workloads.find(({ name }) => name === found.workload);
      return cell === undefined || workload === undefined ? [] : [{ cell, found, objectiveMs: workload.objective.ms }];
    }),
    {
      id: 'pulses',
      question: 'What does a pulse of arrivals do, and when is it over?',
      howToRead:
        'Each line is the backlog through one pulse: the tasks that are due and have no result yet. The pulse lasts where the background is shaded; the dashed line is what a fluid would do with the low rate after the pulse.',
    },
    sketchOf,
  );
}

function sketchOf({ cell, found, objectiveMs }: Overloaded): Sketch {
  const { growthPerSecond, recoveryMs, tailMs, pulses } = found;
  const name = capital(configurationName(cell));
  const recovery =
    recoveryMs.measured === null ? `not within ${duration(watchedMs(tailMs))}` : duration(recoveryMs.measured);
  const look = lookOf(cell).color;
  return {
    title: name,
    alternative: `${name}: the backlog grows by ${threeDigits(growthPerSecond.measured)} tasks a second (forecast ${threeDigits(growthPerSecond.forecast)}); recovery: ${recovery}.`,
    options: overTime(found, 'tasks waiting or running', [
      ...linesOf(pulses, look, ({ backlog }) => backlog),
      Plot.line(forecastOf(found), { x: 'x', y: 'y', stroke: 'var(--ink)', strokeDasharray: '6 5' }),
    ]),
    more: {
      heading: 'Latency over the same time',
      alternative: `${name}: the longest latencies of the tasks that arrived at each time, with the objective of ${threeDigits(objectiveMs)} ms.`,
      options: overTime(found, 'latency, ms', [
        ...linesOf(pulses, look, ({ latencyMs }) => latencyMs),
        Plot.ruleY([objectiveMs], { stroke: 'var(--ink)', strokeDasharray: '6 5' }),
      ]),
    },
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function linesOf(
  pulses: readonly Pulse[],
  stroke: string,
  read: (point: Pulse['course'][number]) => number | null,
): Plot.Markish[] {
  return pulses.map(({ course }) =>
    Plot.line(
      course.flatMap((point): Point[] => {
        const y = read(point);
        return y === null ? [] : [{ x: point.ms / 1000, y }];
      }),
      { x: 'x', y: 'y', stroke, strokeOpacity: 0.7, strokeWidth: 1.2 },
    ),
  );
}

/** Up in the pulse, and down afterwards if it ever empties. */
function forecastOf({ capacity, baseRate, growthPerSecond, ...found }: OverloadedCell): readonly Point[] {
  const { leadMs, pulseMs, tailMs } = found;
  const endMs = leadMs + pulseMs;
  const peak = (growthPerSecond.forecast * pulseMs) / 1000;
  const emptyMs = fluidRecoveryMs({ queue: peak, capacity, baseRate });
  const points = [
    { x: 0, y: 0 },
    { x: leadMs, y: 0 },
    { x: endMs, y: peak },
  ];
  if (emptyMs !== undefined && emptyMs <= tailMs)
    points.push({ x: endMs + emptyMs, y: 0 }, { x: endMs + tailMs, y: 0 });
  return points.map(({ x, y }) => ({ x: x / 1000, y }));
}

function overTime({ leadMs, pulseMs, tailMs }: OverloadedCell, label: string, marks: Plot.Markish[]): Plot.PlotOptions {
  return {
    width: PANEL_PX,
    height: HEIGHT_PX,
    marginLeft: 44,
    marginRight: AXIS_END_PX,
    marginTop: 28,
    marginBottom: 44,
    x: { domain: [0, (leadMs + pulseMs + tailMs) / 1000], label: 'seconds', labelAnchor: 'center', ticks: 6 },
    y: { label, ticks: 5, zero: true },
    marks: [
      Plot.gridY({ ...GRID, ticks: 5 }),
      Plot.rectX([{ from: leadMs / 1000, to: (leadMs + pulseMs) / 1000 }], {
        x1: 'from',
        x2: 'to',
        fill: 'var(--ink)',
        fillOpacity: 0.06,
      }),
      Plot.ruleY([0], { stroke: 'var(--ink)', strokeOpacity: 0.4 }),
      ...marks,
    ],
  };
}
