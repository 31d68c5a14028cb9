import { NS_PER_MS } from '../../../workers/clock.ts';
import type { MeasuredCell, Results } from '../../model/results.ts';
import { visible } from '../../model/text.ts';
import { byBlock } from '../../stats/groups.ts';
import { median } from '../../stats/quantile.ts';
import { present } from '../document.ts';
import { capital } from '../names.ts';
import { measuredCells } from './measured-cells.ts';

/**
 * The Go benchmark data format (https://go.dev/design/14313-benchmark-format), which benchstat reads: one line per
 * block, in nanoseconds per task, the median of its rounds. benchstat takes lines as independent, which the rounds of a
 * block are not. Names hold the configuration as `/key=value`, of which benchstat can make columns:
 * `benchstat -col /strategy benchmarks.txt`.
 */
export function renderGoBenchmark(results: Results): string {
  const { environment, tool, seed } = results;
  const configuration = [
    ['lanewise', tool.version],
    ['node', environment.node],
    ['os', environment.os],
    ['arch', environment.arch],
    ['cpu', environment.cpuModel],
    ['seed', String(seed)],
  ].map(([key, value = '']) => `${key}: ${visible(value.replaceAll(/\s+/g, ' '))}`);
  const lines = measuredCells(results).flatMap(({ cell, workload: { tasks } }) =>
    byBlock(cell.samples).map((rounds) =>
      [
        `Benchmark${nameOf(cell)}-${environment.cores}`,
        tasks * rounds.length,
        `${perTaskNs(median(rounds.map(({ wallMs }) => wallMs)), tasks)} ns/op`,
        `${perTaskNs(median(rounds.map(({ cpuMs }) => cpuMs)), tasks)} cpu-ns/op`,
      ].join('\t'),
    ),
  );
  return `${[...configuration, '', ...lines].join('\n')}\n`;
}

function nameOf(cell: MeasuredCell): string {
  const { workload, params, strategy, poolSize, concurrency, version, twin, uvThreads, runtime, machines } = cell;
  const parts = present(
    // `Benchmark` must not be followed by a lower-case letter.
    capital(workload).replace(/^\p{Ll}/u, '_$&'),
    ...Object.entries(params).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
    `strategy=${strategy}`,
    `lanes=${poolSize}`,
    `concurrency=${concurrency}`,
    uvThreads !== undefined && `uvthreads=${uvThreads}`,
    runtime !== undefined && `runtime=${runtime}`,
    machines !== undefined && `machines=${machines}`,
    twin !== undefined && `twin=${twin}`,
    version !== undefined && `version=${version}`,
  );
  // A name ends at the first space, and a slash begins its next part.
  return parts.map((part) => part.replaceAll(/[\s/\p{C}]+/gu, '_')).join('/');
}

function perTaskNs(ms: number, tasks: number): string {
  return String(Number(((ms * NS_PER_MS) / tasks).toPrecision(6)));
}
