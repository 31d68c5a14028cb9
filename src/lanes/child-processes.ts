import type { LaneAssignment } from '../../workers/contract.ts';
import { sumUsage } from '../../workers/usage.ts';
import { asTask, endOrCancelled } from './call.ts';
import { openChildLane, type ChildLane, type ChildSettings } from './child-lane.ts';
import { createFeed } from './feed.ts';
import { LaneEndedError } from './lane-ended-error.ts';
import type { OpenStrategy, Strategy, StrategySettings } from './strategy.ts';

/**
 * A pool of forked children. Not a library, because child processes themselves are being measured: the pool
 * libraries add a second copy, a reduced environment, silent retries or hangs.
 */
export const openChildProcesses: OpenStrategy = async (assignment, settings) =>
  poolOf(await openAll(assignment, settings.poolSize), assignment.concurrency, settings);

/** The strategy of children that are open. @param concurrency of each */
export function poolOf(
  lanes: readonly ChildLane[],
  concurrency: number,
  settings: Pick<StrategySettings, 'maxQueue' | 'goesOn'>,
): Strategy {
  const poolSize = lanes.length;
  const laneOf = (slot: number): number => slot % poolSize;
  // Every slot belongs to one lane: none gets more tasks than its concurrency, so a full pipe cannot build up a
  // backlog.
  const feed = createFeed(poolSize * concurrency, (task, slot) => childOf(slot).runTask(task), settings);
  /** Lanes that were ended with a cancelled task, by index. */
  const lost = new Map<number, Promise<unknown>>();

  function childOf(slot: number): ChildLane {
    const lane = lanes[laneOf(slot)];
    if (lane === undefined) throw new RangeError(`unknown slot ${slot}`);
    return lane;
  }

  /** Ends a lane, which is not replaced. */
  function closeLane(lane: number): void {
    feed.close((slot) => laneOf(slot) === lane);
  }

  return {
    laneKind: 'process',
    keepsLanes: true,
    run: feed.run,
    serve: feed.serve,
    call: (task, signal) =>
      feed.call(task.index, signal, (slot) => {
        const [lane, child] = [laneOf(slot), childOf(slot)];
        const begin = () =>
          child.runTask(asTask(task)).catch((thrown: unknown) => {
            if (thrown instanceof LaneEndedError) closeLane(lane);
            throw thrown;
          });
        return endOrCancelled(lane, signal, begin, (gone) => {
          if (!lost.has(lane)) lost.set(lane, gone);
          closeLane(lane);
          child.kill();
        });
      }),
    underWay: () => feed.underWay((slot) => ({ kind: 'process', index: laneOf(slot) })),
    usage: async () => sumUsage(await Promise.all(lanes.map((lane) => lane.usage()))),
    activity: (notesResults) => Promise.all(lanes.map((lane) => lane.activity(notesResults))),
    recorder: {
      start: async (kind) => void (await Promise.all(lanes.map((lane) => lane.startRecording(kind)))),
      end: () => Promise.all(lanes.map((lane) => lane.endRecording())),
    },
    processIds: () => lanes.map((lane) => lane.pid),
    lanesLost: async () => (await Promise.all(lost.values())).length,
    close: async () => {
      const last = await Promise.all(lanes.map((lane) => lane.close()));
      return last.flatMap((word) => word?.error ?? []);
    },
  };
}

/**
 * Starts all children at once.
 *
 * @throws the first error in opening one; the others are closed
 */
export async function openAll(
  assignment: LaneAssignment,
  poolSize: number,
  settings?: ChildSettings,
): Promise<readonly ChildLane[]> {
  const indices = Array.from({ length: poolSize }, (_, index) => index);
  const openings = await Promise.allSettled(
    indices.map((index) => openChildLane(assignment, { kind: 'process', index }, settings)),
  );
  const lanes = openings.flatMap((opening) => (opening.status === 'fulfilled' ? [opening.value] : []));
  const failed = openings.find((opening) => opening.status === 'rejected');
  if (failed === undefined) return lanes;
  await Promise.all(lanes.map((lane) => lane.close()));
  throw failed.reason;
}
