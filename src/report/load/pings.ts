import type { LoadCell } from '../../model/load.ts';
import { median } from '../../stats/quantile.ts';

/** Latencies of the pings at the measured rate closest to a rate: medians over the windows. Undefined: no pings. */
export function pingAt(
  { windows }: Pick<LoadCell, 'windows'>,
  rate: number,
): { readonly p50: number; readonly p99: number } | undefined {
  const answered = windows.flatMap((window) =>
    window.phase === undefined && window.probeMs !== undefined && window.probeMs.n > 0
      ? [{ distance: Math.abs(Math.log(window.rate / rate)), ...window.probeMs }]
      : [],
  );
  const closest = Math.min(...answered.map(({ distance }) => distance));
  const there = answered.filter(({ distance }) => distance === closest);
  if (there.length === 0) return undefined;
  return { p50: median(there.map(({ p50 }) => p50)), p99: median(there.map(({ p99 }) => p99)) };
}
