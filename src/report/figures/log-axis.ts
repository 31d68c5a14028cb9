import * as Plot from '@observablehq/plot';

/** More of them would touch each other. */
const TICKS_LIMIT = 8;

/** Where a logarithmic axis is marked: at 1, 2, 5 and their tens, or at tens only where those are too many. */
export function logTicks([lowest, highest]: readonly [number, number]): number[] {
  if (!Number.isFinite(highest / lowest)) return [];
  const [first, last] = [Math.floor(Math.log10(lowest)), Math.ceil(Math.log10(highest))];
  const decades = Array.from({ length: last - first + 1 }, (_decade, index) => first + index);
  const inside = (steps: readonly number[]): number[] =>
    decades
      .flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)))
      .filter((tick) => tick >= lowest && tick <= highest);
  const fine = inside([1, 2, 5]);
  return fine.length <= TICKS_LIMIT ? fine : inside([1]);
}

/** A logarithmic axis below the drawing, with its grid: Plot's own leaves every third of these ticks without a number. */
export function logAxis(domain: readonly [number, number], label: string): Plot.Markish[] {
  const ticks = logTicks(domain);
  return [
    Plot.gridX(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
    Plot.axisX(ticks, { text: plainNumber, label, labelAnchor: 'center' }),
  ];
}

/** 0.05, 1, 2000: never with an exponent. */
export function plainNumber(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 6 });
}
