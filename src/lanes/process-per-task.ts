import type { LaneError, Task, TaskReply } from '../../workers/contract.ts';
import { NO_USAGE, sumUsage } from '../../workers/usage.ts';
import { openChildLane, type ChildLane } from './child-lane.ts';
import type { LaneEndedError } from './lane-ended-error.ts';
import { laneForEach } from './per-task.ts';
import type { OpenStrategy } from './strategy.ts';

/** No pool: every task starts a child process and waits for its end, at most `poolSize` of them at once. */
export const openProcessPerTask: OpenStrategy = async (assignment, settings) => {
  const alive = new Set<ChildLane>();
  const teardownErrors: LaneError[] = [];
  let ended = NO_USAGE;

  async function runOne(task: Task, slot: number, signal?: AbortSignal): Promise<TaskReply> {
    let early: LaneEndedError | undefined;
    const onEnded = (error: LaneEndedError): void => {
      early = error;
    };
    const lane = await openChildLane(assignment, { kind: 'process', index: slot }, { onEnded });
    alive.add(lane);
    signal?.addEventListener('abort', lane.kill);
    if (signal?.aborted === true) lane.kill();
    const replying = lane.runTask(task);
    await replying.catch(() => undefined);
    signal?.removeEventListener('abort', lane.kill);
    const last = await lane.close();
    ended = sumUsage([ended, last?.usage ?? { cpuMs: 0, systemMs: 0, commandsMs: 0 }]);
    if (last?.error !== undefined) teardownErrors.push(last.error);
    alive.delete(lane);
    // After its reply, an error that nobody handled may have ended it.
    if (last === undefined && early !== undefined) throw early;
    return replying;
  }

  return {
    ...laneForEach('process', settings, runOne),
    usage: async () => ended,
    processIds: () => [...alive].map((lane) => lane.pid),
    close: async () => {
      await Promise.all([...alive].map((lane) => lane.close()));
      return teardownErrors;
    },
  };
};
