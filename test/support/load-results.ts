import type { AtRate, LoadResults, Window } from '../../dist/src/model/load.js';
import { CALM } from './group-task.js';
import { resultsOf } from './results.js';
import { windowOf } from './windows.js';

const BLOCKS = 12;
const LOOP = {
  id: 'work/event-loop',
  strategy: 'event-loop',
  poolSize: 1,
  concurrency: 'all',
  family: 'loop',
} as const;
const OPTIONS: LoadResults['options'] = {
  strategies: ['event-loop'],
  poolSizes: [2],
  baseline: 'event-loop',
  preset: 'standard',
  blocks: BLOCKS,
  rounds: 1,
  minEffect: 0.05,
  timeoutMs: 30_000,
  rates: [40],
  arrivals: { kind: 'poisson' },
  requests: 400,
  settling: 100,
  via: 'in-process',
  maxQueue: null,
  giveUpMs: null,
  stricterFifo: true,
};

/** A rate whose latencies are `p99` ms at most in 99% of cases. */
export function atRateOf(rate: number, p99 = 4, over: Partial<AtRate> = {}): AtRate {
  return {
    rate,
    latencyMs: { p50: 1, p90: 2, p95: 3, p99, max: 2 * p99 },
    objectiveMs: null,
    missShare: 0,
    rejectedShare: 0,
    gaveUpShare: 0,
    wastedShare: 0,
    wastedRunning: 0,
    holds: 'unsure',
    ...over,
  };
}

/** Results at 40 tasks a second of the event loop, with a p99 of about as many ms. */
export function loadOf(p99: number, given: Partial<LoadResults> = {}, over: Partial<Window> = {}): LoadResults {
  const { environment, startedAt, seed } = resultsOf();
  const windows = Array.from({ length: BLOCKS }, (_, block) =>
    windowOf(block, 0, p99 * (1 + (((block * 7) % 5) - 2) * 0.004), over),
  );
  const objective = { quantile: 'p99', ms: 50 } as const;
  const blocks = windows.map(({ block }) => ({ block, ...CALM, canaryMs: 1 + (block % 3) * 0.001 }));
  return {
    schema: 'lanewise/load@1',
    complete: true,
    tool: { name: 'lanewise', version: '0.0.0' },
    startedAt,
    durationMs: 1,
    seed,
    environment,
    options: OPTIONS,
    workloads: [
      {
        name: 'work',
        title: 'work',
        bound: 'cpu',
        source: 'work.js',
        params: {},
        inputs: 8,
        aloneMs: 10,
        capacity: 100,
        objective,
        rates: [40],
      },
    ],
    cells: [{ ...LOOP, workload: 'work', params: {}, startupMs: [], windows, status: 'ok', rates: [] }],
    latencyComparisons: [],
    noise: [{ workload: 'work', params: {}, blocks }],
    warnings: [],
    ...given,
  };
}
