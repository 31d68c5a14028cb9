import { NS_PER_MS } from '../../../workers/clock.ts';
import type { Results } from '../../model/results.ts';
import { jsonText } from '../../model/text.ts';
import { measuredCells } from './measured-cells.ts';

const MS_PER_S = 1000;

/**
 * Bencher Metric Format (https://bencher.dev/docs/reference/bencher-metric-format/): for each cell the measures
 * `latency`, the time of a batch in nanoseconds, and `throughput`, tasks per second, with their 95% CIs.
 */
export function renderBencher(results: Results): string {
  const entries = measuredCells(results).map(({ cell: { id, summary }, workload: { tasks } }) => {
    const { median, lo, hi } = summary.wallMs;
    const isInterval = lo !== null && hi !== null && lo > 0;
    const perSecond = (wallMs: number): number => (tasks / wallMs) * MS_PER_S;
    return [
      id,
      {
        latency: {
          value: toNs(median),
          ...(isInterval && { lower_value: toNs(lo), upper_value: toNs(hi) }),
        },
        throughput: {
          value: summary.tasksPerSecond,
          ...(isInterval && { lower_value: perSecond(hi), upper_value: perSecond(lo) }),
        },
      },
    ] as const;
  });
  return jsonText(Object.fromEntries(entries), 2);
}

/** Whole nanoseconds: no clock is finer. */
function toNs(ms: number): number {
  return Math.round(ms * NS_PER_MS);
}
