import { sumUsage } from '../../workers/usage.ts';
import { leastBusy, openChildLanes } from './child-lanes.ts';
import { createFeed } from './feed.ts';
import type { OpenStrategy } from './strategy.ts';

/**
 * A pool of forked children. Lanewise's own, because child processes are what is being measured: the pool
 * libraries add a second copy, a stripped environment, silent retries or hangs.
 */
export const openChildProcesses: OpenStrategy = async (assignment, { poolSize }) => {
  const lanes = await openChildLanes(assignment, poolSize);
  // No lane is ever given more than it may have under way, so a full pipe cannot build up a backlog.
  const feed = createFeed(poolSize * assignment.inFlight, (task) => leastBusy(lanes).runTask(task));
  return {
    laneKind: 'process',
    keepsLanes: true,
    run: feed.run,
    underWay: () =>
      lanes.flatMap((lane, index) => lane.tasks().map((task) => ({ task, lane: { kind: 'process', index } as const }))),
    usage: async () => sumUsage(await Promise.all(lanes.map((lane) => lane.usage()))),
    activity: () => Promise.all(lanes.map((lane) => lane.activity())),
    processIds: () => lanes.map((lane) => lane.pid),
    close: async () => {
      const last = await Promise.all(lanes.map((lane) => lane.close()));
      return last.flatMap((word) => word?.error ?? []);
    },
  };
};
