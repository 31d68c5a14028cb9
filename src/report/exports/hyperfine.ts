import type { Results } from '../../model/results.ts';
import { jsonText } from '../../model/text.ts';
import { quantile, sorted, mean } from '../../stats/quantile.ts';
import { measuredCells } from './measured-cells.ts';

const MS_PER_S = 1000;

/**
 * The format of hyperfine's `--export-json` (https://github.com/sharkdp/hyperfine), for scripts that read it: one entry
 * per cell, with the times of all its batches in seconds. Every sample is a run, as in hyperfine; Lanewise's own CIs
 * are over blocks.
 */
export function renderHyperfine(results: Results): string {
  const entries = measuredCells(results).map(({ cell: { id, samples, params } }) => {
    const times = samples.map(({ wallMs }) => wallMs / MS_PER_S);
    const ordered = sorted(times);
    const system = samples.map(({ systemMs }) => systemMs);
    // Earlier results do not split CPU time.
    const isSplit = system.every((ms) => ms !== undefined);
    const systemS = isSplit ? mean(system) / MS_PER_S : undefined;
    const cpuS = mean(samples.map(({ cpuMs }) => cpuMs)) / MS_PER_S;
    return {
      command: id,
      mean: mean(times),
      stddev: times.length > 1 ? deviation(times) : null,
      median: quantile(ordered, 0.5),
      ...(systemS !== undefined && { user: cpuS - systemS, system: systemS }),
      min: ordered[0],
      max: ordered.at(-1),
      times,
      exit_codes: times.map(() => 0),
      parameters: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, JSON.stringify(value)])),
    };
  });
  const { tool } = results;
  return jsonText({ tool: `${tool.name} ${tool.version}`, results: entries }, 2);
}

/** Sample standard deviation, with n - 1. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
