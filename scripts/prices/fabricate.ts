import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  RESULTS_SCHEMA_ID,
  type Cell,
  type Comparison,
  type Results,
  type Sample,
  type StrategyName,
  type Timeline,
} from '../../src/model/results.ts';
import { summarize } from '../../src/stats/summarize.ts';

export interface Size {
  readonly samples: number;
  readonly workloads: number;
}

interface Way {
  readonly strategy: StrategyName;
  readonly poolSize: number;
  readonly name: string;
}

const POOL_SIZES = [1, 2, 4, 8];
const CONFIGURATIONS: readonly Way[] = [
  { strategy: 'sequential', poolSize: 1, name: 'sequential' },
  { strategy: 'event-loop', poolSize: 1, name: 'event-loop' },
  ...(['worker-threads', 'child-processes'] as const).flatMap((strategy) =>
    POOL_SIZES.map((poolSize) => ({ strategy, poolSize, name: `${strategy}@${poolSize}` })),
  ),
];
const ROUNDS = 4;
const TASKS = 16;

/** Makes up results with about this many samples, to test and time code on results of any size. */
export function fabricate({ samples, workloads }: Size): Results {
  const generator = xoroshiro128plus(1);
  const random = (): number => uniformFloat64(generator);
  const perCell = Math.ceil(samples / workloads / CONFIGURATIONS.length);
  const names = Array.from({ length: workloads }, (_workload, index) => `workload-${index + 1}`);
  const cells = names.flatMap((workload) => CONFIGURATIONS.map((way) => cellOf(workload, way, perCell, random)));
  return {
    schema: RESULTS_SCHEMA_ID,
    complete: true,
    tool: { name: 'lanewise', version: '0.0.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 3_600_000,
    seed: 1,
    environment: {
      node: process.version,
      v8: process.versions.v8,
      os: process.platform,
      arch: process.arch,
      cpuModel: 'made up',
      cores: 2,
      availableParallelism: 2,
      cpuQuota: null,
      memoryBytes: 2 ** 33,
    },
    options: {
      strategies: ['sequential', 'event-loop', 'worker-threads', 'child-processes'],
      poolSizes: POOL_SIZES,
      concurrency: null,
      baseline: 'event-loop',
      preset: 'rigorous',
      blocks: Math.ceil(perCell / ROUNDS),
      rounds: ROUNDS,
      warmups: 1,
      minEffect: 0.05,
      timeoutMs: 60_000,
      atomics: 'sync',
      uvThreads: null,
    },
    workloads: names.map((name) => ({
      name,
      bound: 'cpu',
      source: 'shipped',
      params: {},
      tasks: TASKS,
      digest: 'x',
      services: [],
    })),
    cells,
    comparisons: cells.filter(({ strategy }) => strategy !== 'event-loop').map(comparisonOf),
    recommendations: names.map((workload) => ({
      workload,
      params: {},
      choose: `${workload}/worker-threads@2`,
      fastest: `${workload}/worker-threads@2`,
      tied: [`${workload}/worker-threads@2`, `${workload}/child-processes@2`],
      because: 'it is made up',
    })),
    timelines: cells.map(({ id, poolSize }) => timelineOf(id, poolSize, random)),
    warnings: [],
  };
}

function cellOf(workload: string, { strategy, poolSize, name }: Way, count: number, random: () => number): Cell {
  const samples = Array.from({ length: count }, (_sample, index) =>
    sampleOf(Math.floor(index / ROUNDS), index % ROUNDS, poolSize, random),
  );
  const startupMs = [50];
  return {
    id: `${workload}/${name}`,
    workload,
    params: {},
    strategy,
    poolSize,
    concurrency: strategy === 'event-loop' ? 'all' : 1,
    startupMs,
    samples,
    status: 'ok',
    summary: summarize({ samples, startupMs, memoryBytes: [2 ** 26], hostCopyBytes: [] }, TASKS),
  };
}

function sampleOf(block: number, round: number, poolSize: number, random: () => number): Sample {
  const digits = (about: number): number => Number((about * (0.8 + 0.4 * random())).toPrecision(5));
  const wallMs = digits(80 / Math.min(2, poolSize));
  return {
    block,
    round,
    position: round,
    wallMs,
    cpuMs: digits(80),
    systemMs: digits(2),
    tasksInFlight: digits(poolSize),
    cpusUsed: digits(Math.min(2, poolSize)),
    loopDelayMs: { p50: digits(0.2), p99: digits(2), max: digits(3) },
    taskMs: {
      p5: digits(4),
      p25: digits(4.5),
      p50: digits(5),
      p75: digits(5.5),
      p90: digits(6),
      p95: digits(6.5),
      p99: digits(7),
      max: digits(9),
    },
    dispatchMs: { p50: digits(0.1), p99: digits(0.3) },
    contextSwitches: { voluntary: Math.round(20 * random()), involuntary: Math.round(9 * random()) },
    digestShare: digits(0.001),
  };
}

function comparisonOf({ id, workload }: Cell): Comparison {
  return {
    workload,
    params: {},
    baseline: `${workload}/event-loop`,
    contender: id,
    speedup: { estimate: 1.5, lo: 1.4, hi: 1.6, level: 0.994 },
    verdict: 'faster',
    blocks: 10,
  };
}

function timelineOf(cell: string, poolSize: number, random: () => number): Timeline {
  const slices = Array.from({ length: TASKS }, (_task, task) => {
    const startMs = Math.floor(task / poolSize) * 5;
    return {
      task,
      lane: task % poolSize,
      startMs,
      endMs: startMs + 3 + Math.round(random() * 2),
      kind: 'run' as const,
    };
  });
  return { cell, slices };
}
