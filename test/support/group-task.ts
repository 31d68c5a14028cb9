import type { StoppingRules, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { Group, PlannedCell } from '../../dist/src/model/plan.js';
import { newLogs } from '../../dist/src/measure/cell-hosts.js';
import { EqualWork } from '../../dist/src/measure/equal-work.js';
import { LeftBehind } from '../../dist/src/measure/scratch.js';
import { measureGroup, type GroupTask } from '../../dist/src/measure/measure-group.js';
import { OwnCpu, type NoiseReadings } from '../../dist/src/measure/noise-watch.js';
import { follow, type MeasuringEvent } from '../../dist/src/measure/events.js';
import { orderBlocks } from '../../dist/src/plan/cells.js';
import { resultsOf } from './results.js';
import { scriptedHosts, type Script } from './scripted-host.js';
import { workloadOf } from './workload.js';

const CELLS: readonly PlannedCell[] = [
  { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all' },
  { id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, concurrency: 1 },
];

export const CALM: NoiseReadings = {
  canaryMs: 1,
  stealShare: 0,
  throttledShare: 0,
  otherCores: 0,
  involuntaryPerSecond: 0,
};

export interface GroupTaskSpec extends Partial<Script> {
  readonly blocks: number;
  readonly rounds?: number;
  readonly looks?: readonly number[];
  readonly upperBoundLanes?: readonly number[];
  readonly tasks?: number;
  readonly tasksAreFixed?: boolean;
  readonly rules?: Partial<StoppingRules>;
  /** Of the block that is measured as the n-th, from 0. */
  readonly noise?: (measured: number) => Partial<NoiseReadings>;
  readonly signal?: AbortSignal;
}

/** A group whose hosts run nothing: what is measured stands in the script. */
export function groupTaskOf(spec: GroupTaskSpec): GroupTask {
  const {
    blocks,
    rounds = 1,
    looks,
    upperBoundLanes = [],
    tasks = 4,
    tasksAreFixed = false,
    noise = () => ({}),
  } = spec;
  const workload = workloadOf({ tasks, tasksAreFixed });
  const group: Group = {
    workload,
    title: 'work',
    versions: [{ ref: workload.ref, source: workload.source }],
    compares: 'with-baseline',
    params: {},
    cells: CELLS,
    baseline: 'work/event-loop',
    blocks: orderBlocks(CELLS, blocks, rounds, 1),
    upperBoundLanes,
  };
  let watched = 0;
  return {
    group,
    options: { ...resultsOf().options, blocks, rounds, ...(looks !== undefined && { looks: [...looks] }) },
    seed: 1,
    services: {},
    env: {},
    runtimes: [],
    ownStrategies: [],
    logs: newLogs(CELLS),
    warnings: [],
    equalWork: new EqualWork(),
    leftBehind: new LeftBehind(
      () => [],
      () => true,
    ),
    signal: spec.signal ?? new AbortController().signal,
    startHost: scriptedHosts({
      wallMs: spec.wallMs ?? (() => 10),
      ...(spec.onBatch && { onBatch: spec.onBatch }),
      ...(spec.warmMs && { warmMs: spec.warmMs }),
      ...(spec.tracedMs && { tracedMs: spec.tracedMs }),
      ...(spec.doubts && { doubts: spec.doubts }),
    }),
    preparingMs: 1,
    snapshots: () => [],
    rules: {
      decided: () => [],
      dropped: () => new Map(),
      confirmed: (raced) => raced,
      hitBlocks: () => [],
      ...spec.rules,
    },
    ownCpu: new OwnCpu(),
    cpus: 2,
    watchNoise: () => {
      const readings = { ...CALM, ...noise(watched++) };
      return { canary: () => undefined, leaveOut: () => () => undefined, stop: () => readings };
    },
  };
}

/** Measures it to its end. */
export function measureAll(task: GroupTask, listen?: (event: MeasuringEvent) => void): Promise<MeasuredGroup> {
  return follow(measureGroup(task), listen);
}

/** Called with every block that is done. */
export function onBlock(listen: (block: number) => void): (event: MeasuringEvent) => void {
  return (event) => {
    if (event.kind === 'block') listen(event.block);
  };
}
