import type { BatchStrategy } from '../lanes/strategy.ts';
import type { Finished } from '../stats/sample.ts';
import { NS_PER_MS, pause } from '../../workers/clock.ts';
import type { LaneActivity } from '../../workers/contract.ts';
import type { Doubt } from '../model/schema/host-reply.ts';
import { ownUsage } from '../../workers/usage.ts';
import { pendingAfter, unawaited } from './work-watch.ts';

/** Time for work that follows a result at once, such as callbacks of a batch that was not awaited. */
const MOMENT_MS = 25;
/** Time for pending work to start, if there is at least one item per task. */
const LONG_MOMENT_MS = 250;

/** Past and pending activity of a cell's lanes, at one moment. */
export interface Look {
  readonly lanes: readonly LaneActivity[];
  /**
   * CPU time of the host and its lanes, ms, without the commands of tasks, whose time is counted in too large steps.
   */
  readonly cpuMs: number;
}

export async function lookAt(strategy: BatchStrategy): Promise<Look> {
  const lanes = (await strategy.activity?.()) ?? [];
  const { cpuMs, commandsMs = 0 } = await strategy.usage();
  return { lanes, cpuMs: ownUsage().cpuMs + cpuMs - commandsMs };
}

/** Looks after pending work of the previous batch has had time to end, which would hide as much of the next batch. */
export async function lookAtRest(strategy: BatchStrategy, tasks: number): Promise<Look> {
  const look = await lookAt(strategy);
  const pending = look.lanes.reduce((sum, lane) => sum + lane.pending, 0);
  if (pending < tasks) return look;
  await pause(LONG_MOMENT_MS);
  return lookAt(strategy);
}

/** Looks at what the lanes do a moment after the last result of a batch. */
export async function lookAfterBatch(
  strategy: BatchStrategy,
  before: Look,
  atEnd: Look,
  records: readonly Finished[],
): Promise<Extract<Doubt, { kind: 'unawaited' }> | undefined> {
  await pause(pendingAfter(before.lanes, atEnd.lanes) >= records.length ? LONG_MOMENT_MS : MOMENT_MS);
  const afterwards = await lookAt(strategy);
  return unawaited({
    before: before.lanes,
    atEnd: atEnd.lanes,
    afterwards: afterwards.lanes,
    tasks: records.length,
    runningMs: records.reduce((sum, { startedNs, finishedNs }) => sum + (finishedNs - startedNs) / NS_PER_MS, 0),
    cpuMs: { batch: atEnd.cpuMs - before.cpuMs, after: afterwards.cpuMs - atEnd.cpuMs },
    isEmpty: records.every(({ output }) => output === false || output === undefined),
  });
}
