import { toSample, type Finished } from '../src/stats/sample.ts';
import { toSlices } from '../src/stats/timeline.ts';
import { strategies } from '../src/strategies/registry.ts';
import type { Strategy } from '../src/strategies/strategy.ts';
import { NS_PER_MS, nowNs } from './clock.ts';
import type { TaskRecord, Transferable } from './contract.ts';
import type { HostAssignment, HostFailure, HostReply } from './host-protocol.ts';
import { prepareInputs } from './inputs.ts';
import { loadWorkload } from './load-workload.ts';
import { measureBatch } from './measure-batch.ts';
import { memoryOf, watchMemory } from './memory.ts';
import { createSampler } from './sampler.ts';

/** Warming up goes on until every lane has run a task, at most this many times as long as asked for. */
const WARMING_LIMIT = 4;

type ReplyOf<Kind extends HostReply['kind']> = Extract<HostReply, { kind: Kind }>;

/** A cell whose lanes are open: each call runs batches and answers with what the orchestrator wants to know of them. */
export interface OpenCell {
  readonly startupMs: number;
  readonly warm: (batches: number) => Promise<ReplyOf<'warmed'>>;
  readonly measure: () => Promise<ReplyOf<'measured'>>;
  readonly trace: () => Promise<ReplyOf<'traced'>>;
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
  const workload = await loadWorkload(lane.workload);
  const makeTasks = await prepareInputs(workload, { ...assignment, params: lane.params });
  const openStrategy = await strategies[assignment.strategy]();

  const openedNs = nowNs();
  const strategy = await openStrategy(lane, {
    poolSize,
    atomics,
    transferOf: workload.transfer as ((input: unknown) => readonly Transferable[]) | undefined,
  });
  const startupMs = (nowNs() - openedNs) / NS_PER_MS;

  const sample = createSampler(lane.cell, rounds, () => measureBatch(strategy, makeTasks({ traced: false })));
  const treeIds = (): readonly number[] => [process.pid, ...strategy.processIds()];

  /** The digests that the orchestrator knows. */
  let told: readonly string[] = [];

  return {
    startupMs,
    warm: async (batches) => {
      const lanesToWarm = Math.min(poolSize, assignment.tasks);
      if (!strategy.keepsLanes) return { kind: 'warmed', digests: [], lanesWarmed: lanesToWarm };
      const warmed = new Set<number>();
      const isCold = (batch: number): boolean => warmed.size < lanesToWarm && batch < batches * WARMING_LIMIT;
      for (let batch = 0; batch < batches || isCold(batch); batch++) {
        const records = finished(strategy, await strategy.run(makeTasks({ traced: false })));
        for (const record of records) warmed.add(record.lane);
        told = records.map((record) => record.digest);
      }
      return { kind: 'warmed', digests: told, lanesWarmed: warmed.size };
    },
    measure: async () => {
      const batch = await sample();
      const records = finished(strategy, batch.records);
      const digests = records.map((record) => record.digest);
      const isNew = digests.some((digest, index) => digest !== told[index]);
      told = digests;
      return { kind: 'measured', ...(isNew && { digests }), reading: toSample({ ...batch, records }) };
    },
    trace: async () => {
      const tasks = makeTasks({ traced: true });
      const handedOverNs = nowNs();
      const { result, largestBytes } = await watchMemory(treeIds, () => strategy.run(tasks));
      return {
        kind: 'traced',
        slices: toSlices(handedOverNs, finished(strategy, result)),
        ...(largestBytes !== undefined && { memoryBytes: largestBytes }),
      };
    },
    close: async () => {
      const memoryBytes = await memoryOf(treeIds());
      await strategy.close();
      return { kind: 'closed', ...(memoryBytes !== undefined && { memoryBytes }) };
    },
  };
}

/** @throws TaskFailure for the first task that was not done */
function finished({ laneKind }: Strategy, records: readonly TaskRecord[]): readonly Finished[] {
  return records.map(({ reply, ...record }) => {
    switch (reply.status) {
      case 'ok':
        return { ...record, ...reply };
      case 'failed':
        throw new TaskFailure({ error: reply.error, task: record.index, lane: { kind: laneKind, index: reply.lane } });
      case 'lost':
        throw new TaskFailure({ error: reply.error, task: record.index });
      default:
        return reply satisfies never;
    }
  });
}
