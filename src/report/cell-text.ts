import type { MeasuredCell } from '../model/results.ts';
import { orNotMeasured, threeDigits } from './numbers.ts';

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
