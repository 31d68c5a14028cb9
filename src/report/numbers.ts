import type { MeasuredCell } from '../model/results.ts';

/** Three significant digits, always with a point: 0.0123, 1.78, 44.1, 132, 1480. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 6));
}

/** As {@link threeDigits}; what was not measured is never a number. */
export function orNotMeasured(value: number | null): string {
  return value === null ? 'not measured' : threeDigits(value);
}

/** Two decimals in a column of ratios; two digits of a smaller one. */
export function ratio(value: number): string {
  if (value >= 0.1) return value.toFixed(2);
  // Smaller ones would be written with an exponent.
  return value >= 1e-6 ? value.toPrecision(2) : value.toFixed(2);
}

/** 0.95 is `95 %`, 0.99286 is `99.3 %`. */
export function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(1))} %`;
}

/** `95% CI 1.70–1.85`. */
export function confidence({
  lo,
  hi,
  level,
}: {
  readonly lo: number;
  readonly hi: number;
  readonly level: number;
}): string {
  return `${Number((level * 100).toFixed(1))}% CI ${ratio(lo)}–${ratio(hi)}`;
}

/** `4.2 s`, `1 min 30 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What was measured of a cell, with its unit. */
export function memoryText({ summary: { memoryMiB } }: MeasuredCell): string {
  return memoryMiB === null ? orNotMeasured(null) : `${threeDigits(memoryMiB)} MiB`;
}

/** How long an event would wait for the main thread, of 100 the longest but one. */
export function loopDelayText({ summary }: MeasuredCell): string {
  return `${threeDigits(summary.loopDelayMs.p99)} ms`;
}

export function medianText({ summary }: MeasuredCell): string {
  return `${threeDigits(summary.taskMs.p50)} ms`;
}

export function p99Text({ summary }: MeasuredCell): string {
  return `${threeDigits(summary.taskMs.p99)} ms`;
}

export function taskLatencyText(cell: MeasuredCell): string {
  return `p50 ${medianText(cell)}, p99 ${p99Text(cell)}`;
}
