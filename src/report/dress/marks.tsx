/** Parts of a line of a page: words that break only where they may, bars and marks. */
import type { ComponentChildren, VNode } from 'preact';
import { present, type Cell, type Table, type Text } from '../document.ts';
import type { LegendEntry } from '../figures/figure.ts';

/** A name with its params, which breaks between them rather than within one. */
export function breakable(name: string): readonly (VNode | string)[] {
  return name.split(/(?<=[[,])/).flatMap((part, index) => (index === 0 ? [part] : [<wbr />, part]));
}

/** A text with its emphasis and its links. */
export function inline(text: Text): ComponentChildren {
  if (typeof text === 'string') return withFlags(text);
  return text.map((part) => {
    if (typeof part === 'string') return withFlags(part);
    if ('to' in part) return <a href={`#${part.to}`}>{part.text}</a>;
    return part.as === 'strong' ? <strong>{part.text}</strong> : <code>{part.text}</code>;
  });
}

/** Browsers break a line after a hyphen, also between those of a flag, which is then copied as two words. */
function withFlags(text: string): ComponentChildren {
  return text.includes('--')
    ? text.split(FLAG).map((part, index) => (index % 2 === 0 ? part : <span class="flag">{part}</span>))
    : text;
}

const FLAG = /(--[a-z][a-z-]*)/;

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
