/**
 * Which latencies do load tests report of a server that computes now and then? The server of the lesson open-and-closed
 * computes a report for a while, again and again, and answers nobody meanwhile. autocannon sends requests as fast as they
 * are answered, and at a rate with and without its correction; `lanewise load` at the same rate on a schedule. The last
 * row is by arithmetic: arrivals at any moment, answered at once or at the end of the report.
 *
 *   npm run evidence:open-and-closed -- [--seconds 34] [--seed 1] [--write]
 *
 * `--write` puts the table into docs/load.md.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { load } from '../../../src/index.ts';
import { quantile, sorted } from '../../../src/stats/quantile.ts';
import { madeBy } from '../../docs/made-by.ts';
import { writeDocs } from '../../docs/write-docs.ts';
import { scriptOptions } from '../../script-options.ts';

const SERVER = fileURLToPath(new URL('../../../bench/lessons/open-and-closed/server.js', import.meta.url));
const REPORT_MS = 200;
/** No multiple of a second, in whose steps autocannon keeps its rate. */
const REPORT_EVERY_MS = 1700;
const RATE = 200;
const CONNECTIONS = 10;
const QUANTILES = [0.5, 0.975, 0.99, 1] as const;

/** Latencies by one load test. */
export interface Reported {
  readonly name: string;
  /** Number of requests that were answered. */
  readonly requests?: number;
  /** Number of latencies among which the quantiles are. */
  readonly latencies?: number;
  /** In ms, as {@link QUANTILES}. */
  readonly quantiles: readonly number[];
}

/** Latency of arrivals at any moment of the time from one report to the next. */
export function expectedMs(probability: number): number {
  return Math.max(0, REPORT_MS - (1 - probability) * REPORT_EVERY_MS);
}

async function autocannon(name: string, url: string, flags: readonly string[]): Promise<Reported> {
  const command = fileURLToPath(import.meta.resolve('autocannon'));
  const args = [command, '--json', '--connections', String(CONNECTIONS), ...flags, url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const { requests, latency } = JSON.parse(await text(child.stdout)) as {
    readonly requests: { readonly total: number };
    readonly latency: Readonly<Record<'totalCount' | 'p50' | 'p97_5' | 'p99' | 'max', number>>;
  };
  return {
    name,
    requests: requests.total,
    latencies: latency.totalCount,
    quantiles: [latency.p50, latency.p97_5, latency.p99, latency.max],
  };
}

async function lanewiseLoad(name: string, url: string, seed: number, blocks: number): Promise<Reported> {
  const { cells } = await load({
    workload: new URL('../workloads/request.js', import.meta.url).href,
    params: { url },
    strategies: ['event-loop'],
    via: 'in-process',
    rates: [RATE],
    objective: { quantile: 'p99', ms: 1000 },
    blocks,
    seed,
    keepRequests: true,
    lock: 'wait',
  });
  const latencies = sorted(
    cells.flatMap(({ windows }) =>
      windows.flatMap(({ requests = [], offered }) =>
        requests.slice(-offered).map(({ dueMs, receivedMs }) => receivedMs - dueMs),
      ),
    ),
  );
  return {
    name,
    requests: latencies.length,
    latencies: latencies.length,
    quantiles: QUANTILES.map((probability) => quantile(latencies, probability)),
  };
}

export function tabulate(all: readonly Reported[]): string {
  return markdownTable(
    [
      ['load test', 'requests', 'latencies', 'p50, ms', 'p97.5, ms', 'p99, ms', 'max, ms'],
      ...all.map(({ name, requests = '', latencies = '', quantiles }) => [
        name,
        String(requests),
        String(latencies),
        ...quantiles.map((ms) => ms.toFixed(0)),
      ]),
    ],
    { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r'] },
  );
}

async function main(): Promise<void> {
  const values = scriptOptions({ seconds: 34, seed: 1, write: false });
  const { seconds, seed } = values;
  const server = fork(SERVER, [String(REPORT_MS)]);
  const [url] = (await once(server, 'message')) as [string];
  const reports = setInterval(() => void fetch(`${url}/report`), REPORT_EVERY_MS);
  try {
    const atRate = ['--duration', String(seconds), '--overallRate', String(RATE)];
    const table = tabulate([
      await autocannon(`autocannon, ${CONNECTIONS} connections`, url, ['--duration', String(seconds)]),
      await autocannon(`autocannon at ${RATE}/s, corrected`, url, atRate),
      await autocannon(`autocannon at ${RATE}/s, not corrected`, url, [...atRate, '--ignoreCoordinatedOmission']),
      await lanewiseLoad(`\`lanewise load\` at ${RATE}/s`, url, seed, 8),
      { name: 'expected of arrivals at any moment', quantiles: QUANTILES.map(expectedMs) },
    ]);
    process.stdout.write(`${table}\n`);
    const command = `npm run evidence:open-and-closed -- --seconds ${seconds} --seed ${seed}`;
    if (values.write) writeDocs('load.md', 'omission', `${table}\n\n${madeBy(command)}`);
  } finally {
    clearInterval(reports);
    server.disconnect();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
