import type { LaneAssignment } from '../../workers/contract.ts';
import { openLane, runTask } from '../../workers/task.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire } from '../../workers/wire.ts';
import { feed } from './feed.ts';
import type { Strategy } from './strategy.ts';

/** One lane on the main loop of this process, with up to `inFlight` tasks taking turns on it. */
export async function openMainLane(assignment: LaneAssignment, inFlight: number): Promise<Strategy> {
  const lane = await openLane(assignment, { kind: 'main', index: 0 });
  return {
    laneKind: 'main',
    keepsLanes: true,
    run: (tasks) => feed(tasks, inFlight, async (task) => fromWire(await runTask(lane, task))),
    usage: async () => NO_USAGE,
    processIds: () => [],
    close: async () => [await lane.close()].filter((error) => error !== undefined),
  };
}
