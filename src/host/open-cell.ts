import type { Composition, Digests, Doubt, HostFailure, ReplyOf } from '../model/schema/host-reply.ts';
import { toSample, type Finished, type FinishedBatch } from '../stats/sample.ts';
import { toSlices } from '../stats/timeline.ts';
import { strategyOf } from '../lanes/registry.ts';
import type { BatchStrategy, StrategySettings, TaskWatch } from '../lanes/strategy.ts';
import { lookAt, lookAtRest, whatFollows } from './aftermath.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type {
  LaneError,
  LaneId,
  TaskRecord,
  Transferable,
  UnderWay,
  WorkloadDefinition,
} from '../../workers/contract.ts';
import { lossOnTheWay } from './failure-text.ts';
import { callHookNow } from '../../workers/describe-error.ts';
import type { HostAssignment } from './host-protocol.ts';
import { prepareInputs, type Inputs } from './inputs.ts';
import { loadWorkload } from '../../workers/load-workload.ts';
import { createMeter } from './measure-batch.ts';
import { memoryOf, watchMemory } from './memory.ts';
import { createSampler } from './sampler.ts';
import { createVerification } from './verification.ts';
import { createWorkWatch } from './work-watch.ts';

/** More tasks make no clearer picture, and a larger file. */
const MOST_TRACED = 200;

/** A cell whose lanes are open: each call runs batches and answers with what the orchestrator wants to know of them. */
export interface OpenCell {
  readonly opened: ReplyOf<'opened'>;
  readonly warm: (watch?: TaskWatch) => Promise<ReplyOf<'warmed'>>;
  readonly measure: (looks: boolean) => Promise<ReplyOf<'measured'>>;
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
  const { workload, inputs, loadMs, hostCopyBytes } = await makeInputs(assignment);

  const openedNs = nowNs();
  const openStrategy = await strategyOf(assignment.strategy, assignment.ownStrategy);
  const strategy = await openStrategy(lane, {
    poolSize,
    atomics,
    transferOf: workload && transferOf(workload),
  });
  const openMs = (nowNs() - openedNs) / NS_PER_MS;
  const isOnMainThread = strategy.laneKind === 'main';
  if (strategy.laneKind === 'process' && inputs.composition.shared) throw new TaskFailure({ error: SHARED_INPUT });

  const makeTasks = inputs.forLanes(strategy.laneKind, workload?.transfer !== undefined);
  const verification = createVerification(assignment.verify, assignment.tasks);
  const workWatch = createWorkWatch();
  const meter = createMeter(strategy);
  const sample = createSampler(lane.cell, rounds, async () =>
    meter.measure(await makeTasks({ traced: false, verified: verification.timed() }), atEnd),
  );
  /** Called at the end of a measured batch that is looked at. */
  let atEnd: (() => Promise<void>) | undefined;
  const treeIds = (): readonly number[] => [process.pid, ...strategy.processIds()];
  const warmed = new Set<number>();
  /** The digests that the orchestrator knows. */
  let known: Digests = [];
  const told = new Set<Doubt['kind']>();

  function finish(records: readonly TaskRecord[]): readonly Finished[] {
    return finished(strategy, inputs.composition, records);
  }

  async function measured(): Promise<FinishedBatch> {
    const batch = await sample();
    return { ...batch, records: finish(batch.records) };
  }

  interface LookedAt {
    readonly batch: FinishedBatch;
    readonly doubt?: Doubt | undefined;
  }

  /** One look can be disturbed; what is seen twice is there. */
  async function lookingAfter(): Promise<LookedAt> {
    const before = await lookAtRest(strategy, assignment.tasks);
    let end = before;
    atEnd = async () => {
      end = await lookAt(strategy);
    };
    const batch = await measured();
    atEnd = undefined;
    if ((await whatFollows(strategy, before, end, batch.records)) === undefined) return { batch };
    const again = await lookAtRest(strategy, assignment.tasks);
    const untimed = finish(await strategy.run(await makeTasks({ traced: false, verified: () => false })));
    const doubt = await whatFollows(strategy, again, await lookAt(strategy), untimed);
    await meter.settle();
    return { batch, doubt };
  }

  /** What this host has found doubtful and not told yet. */
  function doubtsOf(found: readonly (Doubt | undefined)[]): { readonly doubts?: Doubt[] } {
    const doubts = found.filter((doubt) => doubt !== undefined).filter(({ kind }) => !told.has(kind));
    for (const { kind } of doubts) told.add(kind);
    return doubts.length === 0 ? {} : { doubts };
  }

  return {
    opened: {
      kind: 'opened',
      // Other lanes load the workload while they open; where the host had to load it before, that is part of the start of a main thread.
      startupMs: isOnMainThread ? loadMs + openMs : openMs,
      inputs: inputs.composition,
      // On the main thread the copy is the one that runs.
      ...(!isOnMainThread && hostCopyBytes !== undefined && { hostCopyBytes }),
    },
    warm: async (watch) => {
      const all = await makeTasks({ traced: false, verified: verification.untimed });
      // Where every task starts a lane, one task warms up the host that starts them.
      const tasks = strategy.keepsLanes ? all : all.slice(0, 1);
      const startedNs = nowNs();
      const records = finish(await strategy.run(tasks, watch));
      const wallMs = wallOf(startedNs, records);
      await meter.settle();
      if (!strategy.keepsLanes) {
        // Starting its lanes is most of such a batch, and each task starts one.
        verification.learn(records, (wallMs * assignment.tasks) / poolSize, true);
        return { kind: 'warmed', digests: [], lanesWarmed: Math.min(poolSize, assignment.tasks) };
      }
      verification.learn(records, wallMs, false);
      workWatch.note(records);
      for (const record of records) warmed.add(record.lane);
      known = records.map((record) => record.digest);
      return { kind: 'warmed', digests: known, lanesWarmed: warmed.size };
    },
    measure: async (looks) => {
      const isLookedAt = looks && strategy.keepsLanes;
      const { batch, doubt }: LookedAt = isLookedAt ? await lookingAfter() : { batch: await measured() };
      const { records } = batch;
      verification.learn(records, batch.wallMs, true);
      if (strategy.keepsLanes) workWatch.note(records);
      const digests = records.map(({ digest }, index) => digest ?? known[index] ?? null);
      const isNew = digests.some((digest, index) => digest !== (known[index] ?? null));
      known = digests;
      return {
        kind: 'measured',
        ...(isNew && { digests }),
        reading: toSample(batch, strategy.laneKind),
        ...doubtsOf([workWatch.memoised(inputs.composition.areOne), doubt]),
      };
    },
    trace: async () => {
      // A timeline is to look as a measured batch does; where lanes are not kept, no other batch has been verified whole.
      const verified = strategy.keepsLanes ? verification.timed() : verification.untimed;
      const all = await makeTasks({ traced: true, verified });
      const tasks = all.slice(0, MOST_TRACED);
      const handedOverNs = nowNs();
      const { result, largestBytes } = await watchMemory(treeIds, async () => {
        const records = await strategy.run(tasks);
        return { records, batchMs: (nowNs() - handedOverNs) / NS_PER_MS };
      });
      const records = finish(result.records);
      return {
        kind: 'traced',
        digests: records.map(({ digest }) => digest),
        slices: toSlices(handedOverNs, records),
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

interface MadeInputs {
  /** Undefined where the host need not load it. */
  readonly workload: WorkloadDefinition | undefined;
  readonly inputs: Inputs;
  readonly loadMs: number;
  /** Undefined where it was not loaded, or memory is not measured. */
  readonly hostCopyBytes?: number | undefined;
}

/** Loads the workload only if its inputs are made by it: what it holds is then in memory once more than a pool in a program needs. */
async function makeInputs(assignment: HostAssignment): Promise<MadeInputs> {
  const { lane, loadsWorkload } = assignment;
  const spec = { ...assignment, params: lane.params };
  if (!loadsWorkload) return { workload: undefined, inputs: await prepareInputs(undefined, spec), loadMs: 0 };
  const bytesBefore = await memoryOf([process.pid]);
  const loadedNs = nowNs();
  const workload = await loadWorkload(lane.workload);
  const loadMs = (nowNs() - loadedNs) / NS_PER_MS;
  const inputs = await prepareInputs(workload, spec);
  const bytesAfter = await memoryOf([process.pid]);
  const isMeasured = bytesBefore !== undefined && bytesAfter !== undefined;
  const hostCopyBytes = isMeasured ? Math.max(0, bytesAfter - bytesBefore) : undefined;
  return { workload, inputs, loadMs, hostCopyBytes };
}

const SHARED_INPUT: LaneError = {
  name: 'DataCloneError',
  message:
    'the inputs hold shared memory (a SharedArrayBuffer), which a child process cannot share: it would work on a copy of its own',
};

/** From the hand-over to the last result, ms. */
function wallOf(startedNs: number, records: readonly Finished[]): number {
  return (records.reduce((last, { receivedNs }) => Math.max(last, receivedNs), startedNs) - startedNs) / NS_PER_MS;
}

function transferOf(workload: WorkloadDefinition): StrategySettings['transferOf'] {
  if (workload.transfer === undefined) return undefined;
  // A method of what the module exports.
  const list = workload as { transfer(input: unknown): readonly Transferable[] };
  return (input) => callHookNow('transfer', () => [...list.transfer(input)]);
}

/** @throws TaskFailure for the first task that was not done: of those that were lost, one whose lane is known */
function finished(
  { laneKind }: BatchStrategy,
  inputs: Composition,
  records: readonly TaskRecord[],
): readonly Finished[] {
  const culprit = records.find(({ reply }) => reply.status === 'lost' && reply.lane !== undefined);
  return (culprit === undefined ? records : [culprit]).map(({ reply, ...record }) => {
    if (reply.status === 'ok') return { ...record, ...reply };
    const { status, lane, error } = reply;
    throw new TaskFailure({
      error: status === 'failed' ? withHint(error, laneKind, inputs) : error,
      task: record.index,
      ...(lane !== undefined && { lane: { kind: laneKind, index: lane } }),
    });
  });
}

/** What a task did not find on its input may have been lost on the way to it. */
function withHint(error: LaneError, kind: LaneId['kind'], inputs: Composition): LaneError {
  const loss = error.name === 'TypeError' ? lossOnTheWay(kind, inputs) : undefined;
  return loss === undefined ? error : { ...error, message: `${error.message} (${loss})` };
}
