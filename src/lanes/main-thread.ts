import type { LaneAssignment, LaneId, Task, TaskReply } from '../../workers/contract.ts';
import { activityHere } from '../../workers/lane-activity.ts';
import { openLane, runTask } from '../../workers/task.ts';
import { NO_USAGE } from '../../workers/usage.ts';
import { fromWire } from '../../workers/wire.ts';
import type { CallEnd } from './call.ts';
import { createFeed } from './feed.ts';
import type { OpenStrategy, Strategy, StrategySettings, TaskWatch } from './strategy.ts';

/** One task after the other on the event loop, each awaited: `for (…) await task()`. */
export const openSequential: OpenStrategy = (assignment, settings) => openMainLane(assignment, 1, settings);

/** All tasks at once on the event loop, or `concurrency` of them: `Promise.all(inputs.map(task))`. */
export const openEventLoop: OpenStrategy = (assignment, settings) =>
  openMainLane(assignment, assignment.concurrency, settings);

/** One lane on the event loop of this process, with up to `concurrency` tasks taking turns on it. */
async function openMainLane(
  assignment: LaneAssignment,
  concurrency: number,
  settings: Pick<StrategySettings, 'maxQueue' | 'goesOn'>,
): Promise<Strategy> {
  const id: LaneId = { kind: 'main', index: 0 };
  let watching: TaskWatch | undefined;
  /** Tasks start in order; a dispatched task may still wait for its turn. */
  let lastStarted = -1;
  const lane = await openLane(assignment, id, (task) => {
    lastStarted = task;
    watching?.began(task);
  });
  const feed = createFeed(concurrency, runHere, { ...settings, oneFirst: true });

  function runHere(task: Task): TaskReply | Promise<TaskReply> {
    const reply = runTask(lane, task);
    return 'then' in reply ? reply.then(fromWire) : fromWire(reply);
  }

  async function callHere(input: unknown, signal: AbortSignal | undefined): Promise<CallEnd> {
    const { settled, ran } = await lane.call(input, signal);
    if (settled.status === 'fulfilled') return { outcome: 'done', output: settled.value, lane: id.index, ran };
    const error: unknown = settled.reason;
    return { outcome: isCancelled(error, signal) ? 'cancelled' : 'failed', error, lane: id.index, ran };
  }

  return {
    laneKind: 'main',
    keepsLanes: true,
    run: (tasks, watch, whenDone) => {
      lastStarted = -1;
      watching = watch;
      return feed.run(tasks, watch && { ended: watch.ended }, whenDone);
    },
    serve: feed.serve,
    call: ({ index, input }, signal) => feed.call(index, signal, () => callHere(input, signal)),
    underWay: () => feed.underWay(() => id).filter(({ task }) => task <= lastStarted),
    usage: async () => NO_USAGE,
    activity: async () => [activityHere()],
    processIds: () => [],
    lanesLost: async () => 0,
    close: async () => [await lane.close()].filter((error) => error !== undefined),
  };
}

/** An aborted task throws the signal's reason or an AbortError of its own; anything else is a failure, however late. */
function isCancelled(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted !== true) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
