import type { LaneAssignment, LaneId } from '../../workers/contract.ts';
import { activityHere } from '../../workers/lane-activity.ts';
import { openLane, runTask } from '../../workers/task.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire } from '../../workers/wire.ts';
import { createFeed } from './feed.ts';
import type { Strategy, TaskWatch } from './strategy.ts';

/** One lane on the main loop of this process, with up to `inFlight` tasks taking turns on it. */
export async function openMainLane(assignment: LaneAssignment, inFlight: number): Promise<Strategy> {
  const id: LaneId = { kind: 'main', index: 0 };
  let watching: TaskWatch | undefined;
  /** Tasks are started in order; one that was handed over may still wait for its turn. */
  let lastStarted = -1;
  const lane = await openLane(assignment, id, (task) => {
    lastStarted = task;
    watching?.began(task);
  });
  const feed = createFeed(inFlight, async (task) => fromWire(await runTask(lane, task)));
  return {
    laneKind: 'main',
    keepsLanes: true,
    run: (tasks, watch) => {
      lastStarted = -1;
      watching = watch;
      return feed.run(tasks, watch && { ended: watch.ended });
    },
    underWay: () =>
      feed
        .underWay()
        .filter(({ task }) => task <= lastStarted)
        .map(({ task }) => ({ task, lane: id })),
    usage: async () => NO_USAGE,
    activity: async () => [activityHere()],
    processIds: () => [],
    close: async () => [await lane.close()].filter((error) => error !== undefined),
  };
}
