import { toSample, type Finished } from '../src/stats/sample.ts';
import { toSlices } from '../src/stats/timeline.ts';
import { strategyOf } from '../src/strategies/registry.ts';
import type { Strategy, StrategySettings, TaskWatch } from '../src/strategies/strategy.ts';
import { NS_PER_MS, nowNs } from './clock.ts';
import type { TaskRecord, Transferable, UnderWay, WorkloadDefinition } from './contract.ts';
import { hookError } from './describe-error.ts';
import type { HostAssignment, HostFailure, HostReply } from './host-protocol.ts';
import { prepareInputs } from './inputs.ts';
import { loadWorkload } from './load-workload.ts';
import { createMeter } from './measure-batch.ts';
import { memoryOf, watchMemory } from './memory.ts';
import { createSampler } from './sampler.ts';

/** More tasks make no clearer picture, and a larger file. */
const MOST_TRACED = 200;

type ReplyOf<Kind extends HostReply['kind']> = Extract<HostReply, { kind: Kind }>;

/** A cell whose lanes are open: each call runs batches and answers with what the orchestrator wants to know of them. */
export interface OpenCell {
  readonly startupMs: number;
  readonly warm: (watch?: TaskWatch) => Promise<ReplyOf<'warmed'>>;
  readonly measure: () => Promise<ReplyOf<'measured'>>;
  readonly trace: () => Promise<ReplyOf<'traced'>>;
  readonly underWay: () => readonly UnderWay[];
  readonly close: () => Promise<ReplyOf<'closed'>>;
}

/** A task failed or was lost, so that its batch has no result: the failure is the cell's. */
export class TaskFailure extends Error {
  readonly failure: HostFailure;

  constructor(failure: HostFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

export async function openCell(assignment: HostAssignment): Promise<OpenCell> {
  const { lane, poolSize, atomics, rounds } = assignment;
  const loadedNs = nowNs();
  const workload = await loadWorkload(lane.workload);
  const loadMs = (nowNs() - loadedNs) / NS_PER_MS;
  const makeTasks = await prepareInputs(workload, { ...assignment, params: lane.params });

  const openedNs = nowNs();
  const openStrategy = await strategyOf(assignment);
  const strategy = await openStrategy(lane, {
    poolSize,
    atomics,
    transferOf: transferOf(workload),
  });
  const openMs = (nowNs() - openedNs) / NS_PER_MS;
  // Other lanes load the workload while they open; for the main loop it had been loaded by then.
  const startupMs = strategy.laneKind === 'main' ? loadMs + openMs : openMs;

  const meter = createMeter(strategy);
  const sample = createSampler(lane.cell, rounds, () => meter.measure(makeTasks({ traced: false })));
  const treeIds = (): readonly number[] => [process.pid, ...strategy.processIds()];
  const warmed = new Set<number>();
  /** The digests that the orchestrator knows. */
  let told: readonly string[] = [];

  return {
    startupMs,
    warm: async (watch) => {
      const tasks = makeTasks({ traced: false });
      // Where every task starts a lane, one task warms up the host that starts them.
      const records = finished(strategy, await strategy.run(strategy.keepsLanes ? tasks : tasks.slice(0, 1), watch));
      await meter.settle();
      if (!strategy.keepsLanes)
        return { kind: 'warmed', digests: [], lanesWarmed: Math.min(poolSize, assignment.tasks) };
      for (const record of records) warmed.add(record.lane);
      told = records.map((record) => record.digest);
      return { kind: 'warmed', digests: told, lanesWarmed: warmed.size };
    },
    measure: async () => {
      const batch = await sample();
      const records = finished(strategy, batch.records);
      const digests = records.map((record) => record.digest);
      const isNew = digests.some((digest, index) => digest !== told[index]);
      told = digests;
      return {
        kind: 'measured',
        ...(isNew && { digests }),
        reading: toSample({ ...batch, records }, strategy.laneKind),
      };
    },
    trace: async () => {
      const tasks = makeTasks({ traced: true }).slice(0, MOST_TRACED);
      const handedOverNs = nowNs();
      const { result, largestBytes } = await watchMemory(treeIds, async () => {
        const records = await strategy.run(tasks);
        return { records, batchMs: (nowNs() - handedOverNs) / NS_PER_MS };
      });
      return {
        kind: 'traced',
        slices: toSlices(handedOverNs, finished(strategy, result.records)),
        batchMs: result.batchMs,
        tasks: tasks.length,
        ...(largestBytes !== undefined && { memoryBytes: largestBytes }),
      };
    },
    underWay: strategy.underWay,
    close: async () => {
      const memoryBytes = await memoryOf(treeIds());
      const [teardownError] = await strategy.close();
      return {
        kind: 'closed',
        ...(memoryBytes !== undefined && { memoryBytes }),
        ...(teardownError !== undefined && { teardownError }),
      };
    },
  };
}

function transferOf(workload: WorkloadDefinition): StrategySettings['transferOf'] {
  if (workload.transfer === undefined) return undefined;
  // A method of what the module exports.
  const list = workload as { transfer(input: unknown): readonly Transferable[] };
  return (input) => {
    try {
      return [...list.transfer(input)];
    } catch (thrown) {
      throw hookError('transfer', thrown);
    }
  };
}

/** @throws TaskFailure for the first task that was not done: of those that were lost, one whose lane is known */
function finished({ laneKind }: Strategy, records: readonly TaskRecord[]): readonly Finished[] {
  const culprit = records.find(({ reply }) => reply.status === 'lost' && reply.lane !== undefined);
  return (culprit === undefined ? records : [culprit]).map(({ reply, ...record }) => {
    switch (reply.status) {
      case 'ok':
        return { ...record, ...reply };
      case 'failed':
        throw new TaskFailure({ error: reply.error, task: record.index, lane: { kind: laneKind, index: reply.lane } });
      case 'lost':
        throw new TaskFailure({
          error: reply.error,
          task: record.index,
          ...(reply.lane !== undefined && { lane: { kind: laneKind, index: reply.lane } }),
        });
      default:
        return reply satisfies never;
    }
  });
}
