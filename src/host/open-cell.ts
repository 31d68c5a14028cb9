import type { Digests, Doubt, ReplyOf } from '../model/schema/host-reply.ts';
import { toSample, type Finished, type MeasuredBatch } from '../stats/sample.ts';
import { toSlices } from '../stats/timeline.ts';
import { lostReply } from '../lanes/lane-ended-error.ts';
import { strategyOf } from '../lanes/registry.ts';
import type { TaskWatch } from '../lanes/strategy.ts';
import { lookAfter } from './aftermath.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { LaneError, Task, TaskRecord, UnderWay } from '../../workers/contract.ts';
import { finished } from './finished-tasks.ts';
import type { Half, HostAssignment } from './host-protocol.ts';
import { makeInputs, transferOf } from './make-inputs.ts';
import { createMeter } from './measure-batch.ts';
import { memoryOf, watchMemory } from './memory.ts';
import { readQueue } from './read-queue.ts';
import { createSampler } from './sampler.ts';
import type { Windows } from './serve-window.ts';
import { TaskFailure } from './task-failure.ts';
import { createVerification } from './verification.ts';
import { createWorkWatch } from './work-watch.ts';

/** More tasks make the file larger and the picture no clearer. */
const MOST_TRACED = 200;

/** A cell with open lanes: each call runs a batch and returns a reply for the orchestrator. */
export interface OpenCell {
  readonly opened: ReplyOf<'opened'>;
  /** @param half only these tasks of the batch, if its lanes are kept */
  readonly warm: (watch?: TaskWatch, half?: Half) => Promise<ReplyOf<'warmed'>>;
  readonly measure: (looks: number) => Promise<ReplyOf<'measured'>>;
  /** The parts that windows need. */
  readonly windows: Windows;
  readonly trace: (watchesMemory: boolean) => Promise<ReplyOf<'traced'>>;
  readonly profile: () => Promise<ReplyOf<'profiled'>>;
  readonly underWay: () => readonly UnderWay[];
  /** The same, asked of the process that knows. */
  readonly whoRuns: () => Promise<readonly UnderWay[]>;
  readonly close: () => Promise<ReplyOf<'closed'>>;
}

export async function openCell(assignment: HostAssignment): Promise<OpenCell> {
  const { lane, poolSize, atomics, maxQueue, goesOn = false, stricterFifo, queue, rounds } = assignment;
  const { workload, inputs, loadMs, hostCopyBytes } = await makeInputs(assignment);

  const openedNs = nowNs();
  const openStrategy = await strategyOf(assignment.strategy, assignment.ownStrategy);
  const strategy = await openStrategy(lane, {
    poolSize,
    atomics,
    maxQueue,
    goesOn,
    stricterFifo,
    queue,
    transferOf: workload && transferOf(workload),
  });
  const openMs = (nowNs() - openedNs) / NS_PER_MS;
  const isOnMainThread = strategy.laneKind === 'main';
  if (strategy.laneKind === 'process' && inputs.composition.shared) throw new TaskFailure({ error: SHARED_INPUT });

  const makeTasks = inputs.forLanes(strategy.laneKind, workload?.transfer !== undefined);
  const verification = createVerification(assignment.verify, assignment.tasks);
  const workWatch = createWorkWatch();
  const meter = createMeter(strategy);
  const sample = createSampler(lane.cell, rounds, async () => {
    const tasks = await makeTasks({ traced: false, verified: verification.timed() });
    return meter.measure((whenDone) => strategy.run(tasks, undefined, whenDone), atEnd);
  });
  /** Memory before it was profiled. */
  let profiledBytes: number | undefined;
  /** Called at the end of a measured batch, to look at the lanes. */
  let atEnd: (() => Promise<void>) | undefined;
  const treeIds = (): readonly number[] => [process.pid, ...strategy.processIds()];
  /** The input of each arrival, during a window. */
  let arriving: readonly number[] = [];
  const warmed = new Set<number>();
  /** Digests that the orchestrator already has. */
  let known: Digests = [];
  const reported = new Set<Doubt['kind']>();
  let hasCaughtUp = false;
  let measured = 0;

  /** Names the input of an arrival. */
  function asInputs(running: readonly UnderWay[]): readonly UnderWay[] {
    return running.map(({ task, ...rest }) => ({ ...rest, task: arriving[task] ?? task }));
  }

  function finish(records: readonly TaskRecord[], allMayThrow = false): readonly Finished[] {
    return finished(strategy, inputs.composition, records, goesOn && (allMayThrow ? 'always' : 'unless-all'));
  }

  /** Strategies take tasks that are numbered from 0. */
  async function runNumbered(tasks: readonly Task[], watch: TaskWatch | undefined): Promise<readonly TaskRecord[]> {
    const records = await strategy.run(
      tasks.map((task, index) => ({ ...task, index })),
      watch,
    );
    return records.map((record) => ({ ...record, index: tasks[record.index]?.index ?? 0 }));
  }

  /** If every task starts a lane, one task is enough to warm up the host: the first that does not throw, if any may. */
  async function runOne(tasks: readonly Task[], watch: TaskWatch | undefined): Promise<readonly TaskRecord[]> {
    const records: TaskRecord[] = [];
    for (const task of tasks) {
      const ran = await runNumbered([task], watch);
      records.push(...ran);
      if (!goesOn || ran.some(({ reply }) => reply.status !== 'failed')) break;
    }
    return records;
  }

  /** Brings up what the tasks left behind in an idle lane, as it comes up by itself in others. */
  async function catchUp(): Promise<void> {
    hasCaughtUp = true;
    try {
      await strategy.catchUp?.();
    } catch (thrown) {
      const { lane: index, error } = lostReply(thrown);
      throw new TaskFailure({ error, ...(index !== undefined && { lane: { kind: strategy.laneKind, index } }) });
    }
  }

  /** A measured batch; those that are run to look again are not measured. */
  async function lookingAfter(looks: number): ReturnType<typeof lookAfter<MeasuredBatch>> {
    const seen = await lookAfter(
      strategy,
      { tasks: assignment.tasks, looks },
      async (look) => {
        atEnd = look;
        const batch = await sample();
        atEnd = undefined;
        return batch;
      },
      async (look) => {
        const records = await strategy.run(await makeTasks({ traced: false, verified: () => false }));
        finish(records);
        await look();
        return { records };
      },
    );
    await meter.settle();
    return seen;
  }

  /** Doubts of this host that it has not reported yet. */
  function doubtsOf(found: readonly (Doubt | undefined)[]): { readonly doubts?: Doubt[] } {
    const doubts = found.filter((doubt) => doubt !== undefined).filter(({ kind }) => !reported.has(kind));
    for (const { kind } of doubts) reported.add(kind);
    return doubts.length === 0 ? {} : { doubts };
  }

  return {
    opened: {
      kind: 'opened',
      // Other lanes load the workload while opening; on the main thread, loading it earlier is part of the startup.
      startupMs: isOnMainThread ? loadMs + openMs : openMs,
      inputs: inputs.composition,
      // On the main thread, the host's copy is the one that runs.
      ...(!isOnMainThread && hostCopyBytes !== undefined && { hostCopyBytes }),
    },
    warm: async (watch, half) => {
      const all = await makeTasks({ traced: false, verified: verification.untimed });
      const asked = half === undefined ? all : all.filter(({ index }) => index % 2 === half);
      const startedNs = nowNs();
      const ran = strategy.keepsLanes ? await runNumbered(asked, watch) : await runOne(all, watch);
      // Half of a batch may consist of tasks that throw; a whole one that does fails later.
      const records = finish(ran, half !== undefined);
      const wallMs = wallOf(startedNs, ran);
      if (!hasCaughtUp) await catchUp();
      await meter.settle();
      if (!strategy.keepsLanes) {
        // Such a batch mostly starts lanes, one per task, so its time is scaled.
        verification.learn(records, (wallMs * assignment.tasks) / poolSize, true);
        return { kind: 'warmed', digests: [], wallMs, lanesWarmed: Math.min(poolSize, assignment.tasks) };
      }
      verification.learn(records, (wallMs * all.length) / asked.length, false);
      workWatch.note(records);
      for (const { reply } of ran) if (reply.lane !== undefined) warmed.add(reply.lane);
      known = withDigests(known, all.length, records);
      return { kind: 'warmed', digests: known, wallMs, lanesWarmed: warmed.size };
    },
    measure: async (looks) => {
      const isLookedAt = looks > 0 && strategy.keepsLanes;
      // Those of the warm-up are no part of the batch.
      strategy.deliveries?.();
      const { batch: raw, doubt } = isLookedAt
        ? await lookingAfter(looks)
        : { batch: await sample(), doubt: undefined };
      const records = finish(raw.records);
      const batch = { ...raw, records };
      verification.learn(records, batch.wallMs, true);
      if (strategy.keepsLanes) workWatch.note(records);
      measured += 1;
      // By then, timers that a batch set may be due, as they are on an event loop that turns meanwhile.
      if (measured === rounds) await catchUp();
      const digests = withDigests(known, raw.records.length, records);
      const isNew = digests.some((digest, index) => digest !== (known[index] ?? null));
      known = digests;
      return {
        kind: 'measured',
        ...(isNew && { digests }),
        reading: { ...toSample(batch, strategy.laneKind), ...(await readQueue(strategy)) },
        ...doubtsOf([workWatch.memoised(inputs.composition.areOne), doubt]),
      };
    },
    windows: {
      strategy,
      meter,
      makeTasks: () => makeTasks({ traced: false, verified: verification.timed() }),
      tasks: assignment.tasks,
      note: (brought) => {
        arriving = brought;
      },
    },
    trace: async (watchesMemory) => {
      // A timeline should resemble a measured batch; but if lanes are not kept, no other batch has been fully verified.
      const verified = strategy.keepsLanes ? verification.timed() : verification.untimed;
      const all = await makeTasks({ traced: true, verified });
      const tasks = all.slice(0, MOST_TRACED);
      const batchStartNs = nowNs();
      const run = async () => {
        const found = await strategy.run(tasks);
        return { found, batchMs: (nowNs() - batchStartNs) / NS_PER_MS };
      };
      const { result, largestBytes } = watchesMemory
        ? await watchMemory(treeIds, run)
        : { result: await run(), largestBytes: undefined };
      const { batchMs } = result;
      const records = finish(result.found);
      return {
        kind: 'traced',
        digests: records.map(({ digest }) => digest),
        slices: toSlices(batchStartNs, records),
        batchMs,
        tasks: tasks.length,
        ...(largestBytes !== undefined && { memoryBytes: largestBytes }),
      };
    },
    profile: async () => {
      // The profiler takes memory of its own, so that of the host is read before.
      profiledBytes = await memoryOf(treeIds());
      // Not loaded in a host that is measured only.
      const { profileBatches } = await import('./profile-batches.ts');
      return profileBatches(
        strategy,
        () => makeTasks({ traced: false, verified: () => false }),
        async (tasks) => finish(await strategy.run(tasks)),
      );
    },
    underWay: () => asInputs(strategy.underWay()),
    whoRuns: async () => asInputs((await strategy.whoRuns?.()) ?? strategy.underWay()),
    close: async () => {
      const memoryBytes = profiledBytes ?? (await memoryOf(treeIds()));
      const [teardownError] = await strategy.close();
      return {
        kind: 'closed',
        ...(memoryBytes !== undefined && { memoryBytes }),
        ...(teardownError !== undefined && { teardownError }),
      };
    },
  };
}

const SHARED_INPUT: LaneError = {
  name: 'DataCloneError',
  message:
    'the inputs hold shared memory (a SharedArrayBuffer), which a child process cannot share: it would work on its own copy',
};

/** The checksums known by now, by task: new ones replace those of before. */
function withDigests(known: Digests, tasks: number, records: readonly Finished[]): Digests {
  const digestOf = new Map(records.map(({ index, digest }) => [index, digest]));
  return Array.from({ length: tasks }, (_, index) => digestOf.get(index) ?? known[index] ?? null);
}

/** From submitting the batch to the last result, ms. */
function wallOf(startedNs: number, records: readonly TaskRecord[]): number {
  return (records.reduce((last, { receivedNs }) => Math.max(last, receivedNs), startedNs) - startedNs) / NS_PER_MS;
}
