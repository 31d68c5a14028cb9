/**
 * Are latencies under load measured right? Every latency of waiting tasks in pools of one, two and four workers is
 * forecast from the arrivals by the queue's recursion, and compared with the measured one.
 *
 *   npm run evidence:load -- [--seed 1] [--blocks 6] [--write]
 *
 * The exit status is 1 if a goal is missed. `--write` puts the table into docs/method.md.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { load } from '../../src/index.ts';
import type { LoadResults, Window } from '../../src/model/load.ts';
import { queueLatenciesMs } from '../../src/stats/load/fcfs.ts';
import { quantile, sorted } from '../../src/stats/quantile.ts';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';

const SERVICE_MS = 20;
const SERVERS = [1, 2, 4] as const;
/** Arrivals per second as a share of what the pool can do. */
const SHARES = [0.5, 0.7, 0.9] as const;
const MOST_MEDIAN_MS = 1;
const MOST_P99_MS = 3;

/** How far the forecasts of one pool at one rate are off. */
export interface ForecastRow {
  readonly servers: number;
  readonly share: number;
  readonly tasks: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly isMet: boolean;
}

/** |measured - forecast| of every task of a window, in ms. */
export function forecastErrorsMs({ requests = [] }: Pick<Window, 'requests'>, servers: number): readonly number[] {
  const done = requests.flatMap(({ dueMs, startedMs, finishedMs, receivedMs }) =>
    startedMs === null || finishedMs === null
      ? []
      : [{ arrivedMs: dueMs, serviceMs: finishedMs - startedMs, latencyMs: receivedMs - dueMs }],
  );
  const forecast = queueLatenciesMs(done, servers);
  return done.map(({ latencyMs }, index) => Math.abs(latencyMs - (forecast[index] ?? Number.NaN)));
}

export function rowOf(windows: readonly Window[], servers: number, share: number): ForecastRow {
  const errors = sorted(windows.flatMap((window) => forecastErrorsMs(window, servers)));
  const [medianMs, p99Ms] = [quantile(errors, 0.5), quantile(errors, 0.99)];
  return {
    servers,
    share,
    tasks: errors.length,
    medianMs,
    p99Ms,
    isMet: medianMs < MOST_MEDIAN_MS && p99Ms < MOST_P99_MS,
  };
}

async function measure(servers: number, blocks: number, seed: number): Promise<LoadResults> {
  return load({
    workload: 'timer',
    params: { ms: SERVICE_MS },
    strategies: ['worker-threads'],
    poolSizes: [servers],
    rates: SHARES.map((share) => (share * servers * 1000) / SERVICE_MS),
    blocks,
    seed,
    keepRequests: true,
    lock: 'wait',
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      blocks: { type: 'string', default: '6' },
      write: { type: 'boolean', default: false },
    },
  });
  const rows: ForecastRow[] = [];
  for (const servers of SERVERS) {
    const { cells, workloads } = await measure(servers, Number(values.blocks), Number(values.seed));
    const windows = cells.flatMap((cell) => cell.windows);
    for (const [index, share] of SHARES.entries())
      rows.push(
        rowOf(
          windows.filter(({ rate }) => rate === workloads[0]?.rates[index]),
          servers,
          share,
        ),
      );
  }
  const table = markdownTable([
    ['workers', 'load', 'tasks', 'off by, median, ms', 'off by, p99, ms', 'goal (< 1 ms, < 3 ms)'],
    ...rows.map(({ servers, share, tasks, medianMs, p99Ms, isMet }) => [
      String(servers),
      `${share * 100}%`,
      String(tasks),
      medianMs.toFixed(2),
      p99Ms.toFixed(2),
      isMet ? 'met' : 'missed',
    ]),
  ]);
  const text = `${table}\n\n${madeBy(`npm run evidence:load -- --blocks ${values.blocks} --seed ${values.seed}`)}`;
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'load', text);
  if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
