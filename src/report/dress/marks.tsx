import type { VNode } from 'preact';
import { present, type Cell, type Table } from '../document.ts';
import type { LegendEntry } from '../figures/figure.ts';

type Ratio = NonNullable<Cell['range']>;

/** Both ends of a logarithmic axis. */
export interface RatioAxis {
  readonly lo: number;
  readonly hi: number;
}

/** One axis for all ratios of a table, so that bars can be compared: at least from half to twice. */
export function axisOf(rows: Table['rows']): RatioAxis {
  const ranges = rows.flatMap(({ cells }) => cells.flatMap(({ range }) => range ?? []));
  return { lo: Math.min(0.5, ...ranges.map(({ lo }) => lo)), hi: Math.max(2, ...ranges.map(({ hi }) => hi)) };
}

const BAR_PX = { width: 104, height: 16 };
const BAR_EDGE_PX = 5;

/** The CI as a line, the estimate as a dot, a dashed line at 1; the text beside it has the numbers. */
export function ratioBar({ estimate, lo, hi, hasNoVerdict = false }: Ratio, axis: RatioAxis): VNode {
  const perE = (BAR_PX.width - 2 * BAR_EDGE_PX) / Math.log(axis.hi / axis.lo);
  const at = (ratio: number): string => (BAR_EDGE_PX + Math.log(Math.max(ratio, axis.lo) / axis.lo) * perE).toFixed(1);
  const middle = BAR_PX.height / 2;
  const sign = hasNoVerdict ? undefined : lo > 1 ? 'good' : hi < 1 ? 'bad' : undefined;
  return (
    <svg class={present('ratio', sign).join(' ')} {...BAR_PX} aria-hidden="true">
      <line class="same" x1={at(1)} x2={at(1)} y1="0" y2={BAR_PX.height} />
      <line x1={at(lo)} x2={at(hi)} y1={middle} y2={middle} />
      <circle cx={at(estimate)} cy={middle} r="3.5" />
    </svg>
  );
}

const MARKS: Readonly<Record<LegendEntry['symbol'], string>> = {
  circle: 'M1 6a5 5 0 1 0 10 0a5 5 0 1 0-10 0',
  square: 'M2 2h8v8h-8z',
  triangle: 'M6 1l5 10h-10z',
  diamond: 'M6 0.5l4.5 5.5l-4.5 5.5l-4.5-5.5z',
  star: 'M6 0.5l1.5 4h4l-3 2.6l1 4.2l-3.5-2.4l-3.5 2.4l1-4.2l-3-2.6h4z',
};

/** A mark as figures draw it, for a legend. */
export function markView({ symbol, color, isFilled }: LegendEntry): VNode {
  return (
    <svg width="12" height="12" aria-hidden="true">
      <path d={MARKS[symbol]} stroke={color} stroke-width="1.5" fill={isFilled ? color : 'none'} />
    </svg>
  );
}
