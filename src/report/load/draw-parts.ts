/** Drawings of where the time of tasks went, for the page. */
import * as Plot from '@observablehq/plot';
import { shortId } from '../../model/cell-id.ts';
import type { LoadResults, LoadWorkload, MeasuredLoadCell } from '../../model/load.ts';
import type { MeanParts } from '../../stats/load/mean-parts.ts';
import { present } from '../document.ts';
import { GRID } from '../figures/draw.ts';
import { figureOf, type Figure, type LegendEntry, type Sketch } from '../figures/figure.ts';
import { IN_ROW, rowsOf } from '../figures/rows.ts';
import { capital, configurationName } from '../names.ts';
import { listed, threeDigits } from '../numbers.ts';
import { countedParts, latencyOf, PART_NAMES, PARTS, slowestWords, type PartName } from './parts-text.ts';

interface AtRate {
  readonly workload: LoadWorkload;
  readonly rate: number;
  readonly parts: ReadonlyMap<MeasuredLoadCell, MeanParts>;
  /** Configurations of which too few windows count. */
  readonly without: readonly MeasuredLoadCell[];
}

/** Colours that no strategy has. */
const COLORS = {
  late: 'var(--edge)',
  accept: 'var(--care-edge)',
  queue: 'var(--strip)',
  task: 'var(--ink)',
  back: 'var(--edge)',
} as const satisfies Record<PartName, LegendEntry['color']>;

/** Draws where the time of tasks went at each of the common rates; undefined: earlier results do not know. */
export function drawParts(results: LoadResults): Figure | undefined {
  const all = results.workloads.flatMap((workload) => workload.rates.map((rate) => atRate(rate, workload, results)));
  const [first] = all;
  if (first === undefined) return undefined;
  const inProcess = results.options.via === 'in-process';
  return figureOf(
    all.filter(({ parts }) => parts.size > 0),
    {
      id: 'parts',
      question: 'Where does the time go?',
      howToRead: `Means over ${slowestWords(first.workload.objective)}, in the order of what happens: ${inProcess ? '' : 'sent, '}accepted by the event loop, started, done, and its result back. They add up to the mean latency of these tasks. Below each drawing are the means over all tasks.`,
      legend: PART_NAMES.filter((name) => name !== 'late' && name !== 'back')
        .map((name): LegendEntry => ({ ...entryOf(name), name: PARTS[name] }))
        .concat({
          ...entryOf('back'),
          name: inProcess ? PARTS.back : `${PARTS.late} (first), or ${PARTS.back} (last)`,
        }),
    },
    sketchOf,
  );
}

function entryOf(name: PartName): Omit<LegendEntry, 'name'> {
  return { color: COLORS[name], symbol: 'square', isFilled: true };
}

function atRate(rate: number, workload: LoadWorkload, { cells }: LoadResults): AtRate {
  const own = cells.filter((cell) => cell.status === 'ok').filter((cell) => cell.workload === workload.name);
  const found = own.map((cell) => [cell, countedParts(cell, rate)] as const);
  return {
    workload,
    rate,
    parts: new Map(found.flatMap(([cell, parts]) => (parts === undefined ? [] : [[cell, parts]]))),
    without: found.flatMap(([cell, parts]) =>
      parts === undefined && cell.windows.some((window) => window.rate === rate) ? [cell] : [],
    ),
  };
}

function sketchOf({ workload, rate, parts, without }: AtRate): Sketch {
  const slowest = barsOf(parts, 'slowest');
  return {
    title: `${workload.title} at ${threeDigits(rate)} tasks a second`,
    ...slowest,
    omitted: present(
      ...(slowest.omitted ?? []),
      without.length > 0 &&
        `Not drawn at ${threeDigits(rate)} tasks a second, where too few of its windows count: ${listed(without.map(configurationName), 3)}.`,
    ),
    more: { heading: 'All tasks', ...barsOf(parts, 'all') },
  };
}

interface Segment {
  readonly cell: MeasuredLoadCell;
  readonly name: PartName;
  readonly from: number;
  readonly to: number;
}

function barsOf(all: AtRate['parts'], which: keyof MeanParts): Pick<Sketch, 'alternative' | 'options' | 'omitted'> {
  const partsOf = (cell: MeasuredLoadCell): MeanParts['all'] | undefined => all.get(cell)?.[which];
  const numbers = (cell: MeasuredLoadCell): string => {
    const parts = partsOf(cell);
    return parts === undefined ? '' : `${threeDigits(latencyOf(parts))} ms`;
  };
  const { cells, omitted, options, texts } = rowsOf([...all.keys()], numbers);
  const segments = cells.flatMap((cell) => {
    const parts = partsOf(cell);
    return parts === undefined ? [] : segmentsOf(cell, parts);
  });
  const domain: [number, number] = [0, Math.max(...segments.map(({ to }) => to)) * 1.02];
  return {
    omitted,
    alternative: cells
      .map((cell) => {
        const own = segments.filter((segment) => segment.cell === cell);
        const words = own.map(({ name, from, to }) => `${threeDigits(to - from)} ms ${PARTS[name]}`);
        return `${capital(configurationName(cell))}: ${words.join(', ')}.`;
      })
      .join(' '),
    options: {
      ...options,
      x: { domain },
      marks: [
        Plot.gridX({ ...GRID, ticks: 5 }),
        Plot.axisX({ ticks: 5, label: 'ms', labelAnchor: 'center' }),
        ...texts,
        Plot.ruleY(segments, {
          y: ({ cell }: Segment) => shortId(cell),
          dy: IN_ROW.dy,
          x1: 'from',
          x2: 'to',
          stroke: ({ name }: Segment) => COLORS[name],
          strokeWidth: 11,
        }),
      ],
    },
  };
}

function segmentsOf(cell: MeasuredLoadCell, parts: MeanParts['all']): readonly Segment[] {
  let from = 0;
  return PART_NAMES.map((name) => {
    const segment = { cell, name, from, to: from + parts[name] };
    from = segment.to;
    return segment;
  });
}
