import type { LaneId, Task, TaskReply } from '../../workers/contract.ts';
import { asTask, endOrCancelled } from './call.ts';
import { createFeed } from './feed.ts';
import type { Strategy } from './strategy.ts';

/** Starts a lane, runs the task in it and waits for the lane's end, which comes at once if the task is aborted. */
type RunOne = (task: Task, slot: number, signal?: AbortSignal) => Promise<TaskReply>;

type LaneForEach = Pick<Strategy, 'laneKind' | 'keepsLanes' | 'run' | 'call' | 'underWay' | 'lanesLost'>;

/** What strategies without a pool have in common: every task starts a lane of its own, `poolSize` of them alive at once. */
export function laneForEach(kind: LaneId['kind'], poolSize: number, runOne: RunOne): LaneForEach {
  const feed = createFeed(poolSize, runOne);
  const cancelled: Promise<unknown>[] = [];
  return {
    laneKind: kind,
    keepsLanes: false,
    run: feed.run,
    call: (task, signal) =>
      feed.call(task.index, signal, (slot) => {
        const begin = (): Promise<TaskReply> => runOne(asTask(task), slot, signal);
        return endOrCancelled(slot, signal, begin, (gone) => cancelled.push(gone));
      }),
    underWay: () => feed.underWay((index) => ({ kind, index })),
    lanesLost: async () => (await Promise.all(cancelled)).length,
  };
}
