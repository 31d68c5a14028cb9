import type { LaneId, Task, TaskReply } from '../../workers/contract.ts';
import { asTask, endOrCancelled } from './call.ts';
import { createFeed } from './feed.ts';
import type { Strategy, StrategySettings } from './strategy.ts';

/** Starts a lane, runs the task in it and waits for the lane's end; an aborted task ends it at once. */
type RunOne = (task: Task, slot: number, signal?: AbortSignal) => Promise<TaskReply>;

type LaneForEach = Pick<Strategy, 'laneKind' | 'keepsLanes' | 'run' | 'serve' | 'call' | 'underWay' | 'lanesLost'>;

/**
 * The common part of strategies without a pool: every task starts a lane of its own, at most `poolSize` of them at
 * once.
 */
export function laneForEach(
  kind: LaneId['kind'],
  settings: Pick<StrategySettings, 'poolSize' | 'maxQueue' | 'goesOn'>,
  runOne: RunOne,
): LaneForEach {
  const feed = createFeed(settings.poolSize, runOne, settings);
  const cancelled: Promise<unknown>[] = [];
  return {
    laneKind: kind,
    keepsLanes: false,
    run: feed.run,
    serve: feed.serve,
    call: (task, signal) =>
      feed.call(task.index, signal, (slot) => {
        const begin = (): Promise<TaskReply> => runOne(asTask(task), slot, signal);
        return endOrCancelled(slot, signal, begin, (gone) => cancelled.push(gone));
      }),
    underWay: () => feed.underWay((index) => ({ kind, index })),
    lanesLost: async () => (await Promise.all(cancelled)).length,
  };
}
