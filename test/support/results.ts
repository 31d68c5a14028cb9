import {
  RESULTS_SCHEMA_ID,
  type Cell,
  type MeasuredCell,
  type Results,
  type Sample,
} from '../../dist/src/model/results.js';
import { summarize } from '../../dist/src/stats/summarize.js';

/** A sample of which only what is given matters. */
export function sampleOf(given: Partial<Sample>): Sample {
  return {
    block: 0,
    round: 0,
    position: 0,
    wallMs: 10,
    cpuMs: 10,
    tasksInFlight: 1,
    cpusUsed: 1,
    loopDelayMs: { p50: 0, p99: 1, max: 2 },
    taskMs: { p50: 5, p90: 8, p99: 9, max: 10 },
    dispatchMs: { p50: 0.1, p99: 0.2 },
    contextSwitches: { voluntary: 3, involuntary: 1 },
    digestShare: 0,
    ...given,
  };
}

/** One sample per block, each with that wall time. */
export function samplesOf(wallsMs: readonly number[], given: Partial<Sample> = {}): Sample[] {
  return wallsMs.map((wallMs, block) => sampleOf({ block, wallMs, ...given }));
}

export interface CellSpec extends Partial<Pick<MeasuredCell, 'strategy' | 'poolSize' | 'concurrency' | 'workload'>> {
  readonly id: string;
  readonly wallsMs: readonly number[];
  readonly cpuMs?: number;
  readonly memoryMiB?: number;
}

export function cellOf({ id, wallsMs, cpuMs = 10, memoryMiB, ...rest }: CellSpec): MeasuredCell {
  const samples = samplesOf(wallsMs, { cpuMs });
  const memoryBytes = memoryMiB === undefined ? [] : [memoryMiB * 2 ** 20];
  return {
    id,
    workload: 'work',
    params: {},
    strategy: 'event-loop',
    poolSize: 1,
    concurrency: rest.strategy === undefined ? 'all' : 1,
    ...identityIn(id),
    startupMs: [50],
    samples,
    status: 'ok',
    summary: summarize({ samples, startupMs: [50], memoryBytes, hostCopyBytes: [] }, 4),
    ...rest,
  };
}

/** What an id tells of its cell, where it is one: `work/worker-threads@2x8#2~new`. */
function identityIn(id: string): Partial<MeasuredCell> {
  const { strategy, size, concurrency, twin, version } =
    /^(?<strategy>[a-z]+-[a-z-]+|sequential)(?:@(?<size>\d+)(?:x(?<concurrency>\w+))?)?(?:#(?<twin>\d+))?(?<version>~new)?$/.exec(
      id.slice(id.lastIndexOf('/') + 1),
    )?.groups ?? {};
  if (strategy === undefined) return {};
  return {
    strategy,
    poolSize: Number(size ?? 1),
    concurrency:
      concurrency === 'all' || (concurrency === undefined && strategy === 'event-loop')
        ? 'all'
        : Number(concurrency ?? 1),
    ...(twin !== undefined && { twin: Number(twin) }),
    ...(version !== undefined && { version: 'new' }),
  };
}

export function failedCellOf(id: string, message: string, name = 'Error'): Cell {
  const error = { name, message, task: 3, lane: { kind: 'thread', index: 1 } } as const;
  return {
    id,
    workload: 'work',
    params: {},
    strategy: 'worker-threads',
    poolSize: 2,
    concurrency: 1,
    ...identityIn(id),
    startupMs: [],
    samples: [],
    status: 'failed',
    error,
  };
}

/** Complete results of one workload; what is given replaces the rest. */
export function resultsOf(given: Partial<Results> = {}): Results {
  return {
    schema: RESULTS_SCHEMA_ID,
    complete: true,
    tool: { name: 'lanewise', version: '0.0.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 61_000,
    seed: 7,
    environment: {
      node: 'v20.0.0',
      v8: '11',
      os: 'linux 6',
      arch: 'x64',
      cpuModel: 'A CPU',
      cores: 2,
      availableParallelism: 2,
      cpuQuota: null,
      memoryBytes: 2 ** 33,
    },
    options: {
      strategies: ['event-loop', 'worker-threads'],
      poolSizes: [1, 2],
      concurrency: null,
      baseline: 'event-loop',
      preset: 'quick',
      blocks: 10,
      rounds: 1,
      warmups: 1,
      minEffect: 0.05,
      timeoutMs: 60_000,
      atomics: 'sync',
      uvThreads: null,
    },
    workloads: [{ name: 'work', bound: 'cpu', source: 'work.js', params: {}, tasks: 4, digest: 'x', services: [] }],
    cells: [],
    comparisons: [],
    recommendations: [],
    timelines: [],
    warnings: [],
    ...given,
  };
}
