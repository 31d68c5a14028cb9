import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** The members used of linkedom's elements, which it does not type. */
interface Drawn {
  readonly outerHTML: string;
  readonly attributes: Iterable<{ readonly name: string; value: string }>;
  querySelectorAll(selector: string): Iterable<Drawn>;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  prepend(...nodes: readonly Drawn[]): void;
  remove(): void;
  textContent: string;
}

export interface Drawing {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** The drawing in words and numbers, for screen readers. */
  readonly alternative: string;
  readonly options: Plot.PlotOptions;
}

const TEXT_PX = 13;
/** Width of a digit of it. */
const DIGIT_PX = 8;

const SVG = 'http://www.w3.org/2000/svg';

/** Matches numbers with more decimals than a tenth of a pixel. */
const LONG_NUMBER = /\d+\.\d{2,}/g;
/** Attributes that hold coordinates, and nothing that a user named. */
const GEOMETRY = new Set(['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height']);

/** Draws an SVG with a text alternative, without inline styles (which the page's policy forbids) and scripts. */
export function draw({ id, title, alternative, options }: Drawing): { readonly svg: string } {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ document, className: 'plot', ...options }) as unknown as Drawn;
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of svg.querySelectorAll('*')) {
    // Inside an image, everything is presentation.
    element.removeAttribute('aria-label');
    element.removeAttribute('aria-hidden');
    for (const attribute of element.attributes) {
      if (GEOMETRY.has(attribute.name)) attribute.value = attribute.value.replaceAll(LONG_NUMBER, toTenths);
    }
  }
  // In the namespace of SVG: the text of an HTML <title> would not be escaped.
  const name = document.createElementNS(SVG, 'title') as unknown as Drawn;
  const description = document.createElementNS(SVG, 'desc') as unknown as Drawn;
  name.textContent = title;
  description.textContent = alternative;
  name.setAttribute('id', `${id}-title`);
  description.setAttribute('id', `${id}-desc`);
  svg.prepend(name, description);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title`);
  svg.setAttribute('aria-describedby', `${id}-desc`);
  svg.setAttribute('font-size', String(TEXT_PX));
  return { svg: svg.outerHTML };
}

function toTenths(number: string): string {
  return String(Number(Number(number).toFixed(1)));
}

/** Style of grid lines. */
export const GRID = { stroke: 'var(--grid)', strokeOpacity: 1 } as const;

/** More labels would touch each other. */
const TICKS_LIMIT = 8;

/** Fewer show no scale. */
const LEAST_TICKS = 3;
/** From coarse to fine. */
const STEPS = [
  [1, 2, 5],
  [1, 2, 3, 5, 7],
  [1, 1.5, 2, 3, 4, 6, 8],
  [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9],
] as const;

/** Ticks of a logarithmic axis: 1, 2, 5 times powers of ten; only the powers if those are too many, more if too few. */
export function logTicks([lowest, highest]: readonly [number, number]): number[] {
  if (!Number.isFinite(highest / lowest)) return [];
  const [first, last] = [Math.floor(Math.log10(lowest)), Math.ceil(Math.log10(highest))];
  const decades = Array.from({ length: last - first + 1 }, (_decade, index) => first + index);
  const inside = (steps: readonly number[]): number[] =>
    decades
      .flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)))
      .filter((tick) => tick >= lowest && tick <= highest);
  const fine = inside([1, 2, 5]);
  if (fine.length > TICKS_LIMIT) return inside([1]);
  const enough = STEPS.map(inside).find((ticks) => ticks.length >= LEAST_TICKS);
  const found = enough ?? fine;
  // Around a single value there may be none: then it has the only one.
  return found.length > 0 ? found : [Number(Math.sqrt(lowest * highest).toPrecision(3))];
}

/**
 * A logarithmic axis with its grid: Plot's own would label only two of three ticks.
 *
 * @param widthPx of the axis; a tick whose number would run into that before has none
 */
export function logAxis(domain: readonly [number, number], label: string, widthPx?: number): Plot.Markish[] {
  const ticks = logTicks(domain);
  const labelled = new Set(widthPx === undefined ? ticks : apart(ticks, domain, widthPx));
  const text = (tick: number): string => (labelled.has(tick) ? plainNumber(tick) : '');
  return [Plot.gridX(ticks, GRID), Plot.axisX(ticks, { text, label, labelAnchor: 'center' })];
}

/** The ticks whose numbers have a digit's width between them. */
export function apart(
  ticks: readonly number[],
  [lowest, highest]: readonly [number, number],
  widthPx: number,
): number[] {
  let endPx = Number.NEGATIVE_INFINITY;
  return ticks.filter((tick) => {
    const atPx = (Math.log(tick / lowest) / Math.log(highest / lowest)) * widthPx;
    const halfPx = (plainNumber(tick).length * DIGIT_PX) / 2;
    if (atPx - halfPx < endPx + DIGIT_PX) return false;
    endPx = atPx + halfPx;
    return true;
  });
}

/** 0.05, 1, 2000: never with an exponent. */
export function plainNumber(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 6 });
}
