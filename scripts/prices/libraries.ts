/**
 * Measures the cost of pool libraries: the same work through each pool of examples/strategies, and Lanewise's own.
 *
 *   npm run evidence:libraries -- [--preset standard] [--write]
 *
 * Two workers with a concurrency of one, so that every task includes its dispatch. `--write` puts the table into
 * docs/writing-a-strategy.md.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { shortId } from '../../src/model/cell-id.ts';
import type { Comparison, Results } from '../../src/model/results.ts';
import { ratio, threeDigits } from '../../src/report/numbers.ts';
import { madeBy } from '../docs/made-by.ts';
import { measure } from '../lanewise.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { scriptOptions } from '../script-options.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/strategies/', import.meta.url));
const WORKLOADS = ['noop', 'echo', 'primes'];

/** Table of the time of a task and its speedup, for each strategy and kind of work. */
export function tabulate({ workloads, cells, comparisons }: Results): string {
  const names = workloads.map(({ name }) => name);
  const ids = [...new Set(cells.map(shortId))];
  const columns = (id: string): readonly string[] =>
    workloads.flatMap(({ name, tasks }) => {
      const cell = cells.find((other) => other.workload === name && shortId(other) === id);
      if (cell?.status !== 'ok') return ['failed', ''];
      const compared = comparisons.find(({ contender }) => contender === cell.id);
      return [
        timeOfTask(cell.summary.wallMs.median / tasks),
        compared === undefined ? withoutInterval(cell.dropped?.speedup) : interval(compared.speedup),
      ];
    });
  return markdownTable(
    [['', ...names.flatMap((name) => [`${name}: a task`, 'speedup'])], ...ids.map((id) => [id, ...columns(id)])],
    { align: ['l', ...names.flatMap(() => ['r', 'r'])] },
  );
}

function timeOfTask(ms: number): string {
  return ms < 1 ? `${threeDigits(ms * 1000)} µs` : `${threeDigits(ms)} ms`;
}

/** The baseline, or a library that the race has dropped: the range of its starts, which is no interval. */
function withoutInterval(dropped: { readonly lo: number; readonly hi: number } | undefined): string {
  return dropped === undefined ? '1' : `${ratio(dropped.lo)}–${ratio(dropped.hi)}×, dropped`;
}

function interval({ estimate, lo, hi }: Comparison['speedup']): string {
  return `${ratio(estimate)}× (${ratio(lo)}–${ratio(hi)})`;
}

function main(): void {
  const values = scriptOptions({ preset: 'standard', write: false });
  const libraries = ['*-threads.js', '*-processes.js', 'node-cluster.js', 'lanewise-pool.js'].map((pattern) =>
    join(EXAMPLES, pattern),
  );
  const strategies = ['worker-threads', 'child-processes', ...libraries].join(',');
  const configurations = ['-s', strategies, '-p', '2', '-c', '1', '--baseline', 'worker-threads'];
  const results = measure(['run', ...WORKLOADS, ...configurations, '--no-upper-bound', '--preset', values.preset]);
  const table = tabulate(results);
  process.stdout.write(`${table}\n`);
  const command = `npm run evidence:libraries -- --preset ${values.preset} --write`;
  if (values.write) writeDocs('writing-a-strategy.md', 'libraries', `${table}\n\n${madeBy(command)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
