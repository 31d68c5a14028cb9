import type { Comparison, MeasuredCell, Ratio } from '../model/results.ts';

/** Three significant digits, always with a point: 0.0123, 1.78, 44.1, 132, 1480. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 6));
}

/** The text of a reading; never a number if it was not measured. */
export function orNotMeasured(value: number | null | undefined, show = threeDigits): string {
  return value === null || value === undefined ? 'not measured' : show(value);
}

export function ms(value: number): string {
  return `${threeDigits(value)} ms`;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** A ratio with two decimals, or two significant digits if it is small. */
export function ratio(value: number): string {
  if (value >= 0.1) return value.toFixed(2);
  // Smaller values would get an exponent.
  return value >= 1e-6 ? value.toPrecision(2) : value.toFixed(2);
}

/** 0.95 is `95%`, 0.99286 is `99.3%`. */
export function percent(fraction: number): string {
  return `${inPercent(fraction)}%`;
}

/** 0.99286 is 99.3. */
export function inPercent(fraction: number, decimals = 1): number {
  return Number((fraction * 100).toFixed(decimals));
}

/** `95% CI 1.70–1.85`. */
export function confidence({ lo, hi, level }: Comparison['speedup'], show = ratio): string {
  return `${inPercent(level)}% CI ${show(lo)}–${show(hi)}`;
}

/** The meaning of the verdicts, given the minimum effect. */
export function verdictWords(minEffect: number): string {
  return `Faster and slower: shown to differ, by how much is in the CI; slightly: by less than ${percent(minEffect)} as estimated. Same: shown to differ by less than ${percent(minEffect)}.`;
}

/** `1.78 (1.70 to 1.85)`. */
export function withInterval({ estimate, lo, hi }: Ratio, show = ratio, between = ' to '): string {
  return `${show(estimate)} (${show(lo)}${between}${show(hi)})`;
}

/** `4.2 s`, `1 min 30 s`. */
export function duration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}

/** A time that somebody has set: short ones in full, as `40 ms` or `1.25 s`. */
export function givenTime(durationMs: number): string {
  if (durationMs < 1000) return `${durationMs} ms`;
  return durationMs < 10_000 ? `${durationMs / 1000} s` : duration(durationMs);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a, b and 3 more`; of names that have commas themselves, `a; b; and 3 more`. */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most);
  const more = names.length - most;
  const comma = shown.some((name) => name.includes(',')) ? ';' : ',';
  return `${shown.join(`${comma} `)}${more > 0 ? `${comma === ';' ? ';' : ''} and ${more} more` : ''}`;
}

/** The memory of a cell, with its unit. */
export function memoryText({ summary: { memoryMiB } }: MeasuredCell): string {
  return orNotMeasured(memoryMiB, (mib) => `${threeDigits(mib)} MiB`);
}

/** Event-loop delay p99, with its unit. */
export function loopDelayText({ summary }: MeasuredCell): string {
  return ms(summary.loopDelayMs.p99);
}

export function medianText({ summary }: MeasuredCell): string {
  return ms(summary.taskMs.p50);
}

export function p99Text({ summary }: MeasuredCell): string {
  return ms(summary.taskMs.p99);
}

export function taskLatencyText(cell: MeasuredCell): string {
  return `p50 ${medianText(cell)}, p99 ${p99Text(cell)}`;
}
