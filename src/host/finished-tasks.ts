import type { LaneError, LaneId, TaskRecord } from '../../workers/contract.ts';
import type { BatchStrategy } from '../lanes/strategy.ts';
import type { Composition } from '../model/schema/host-reply.ts';
import type { Finished } from '../stats/sample.ts';
import { lossOnTheWay } from './failure-text.ts';
import { TaskFailure } from './task-failure.ts';

/**
 * The tasks that have finished.
 *
 * @param leavesOut whether tasks that threw are left out: never, always, or unless all have
 * @throws TaskFailure for the first task that failed; among lost tasks, for one whose lane is known
 */
export function finished(
  { laneKind }: Pick<BatchStrategy, 'laneKind'>,
  inputs: Composition,
  records: readonly TaskRecord[],
  leavesOut: false | 'always' | 'unless-all',
): readonly Finished[] {
  const others = records.filter(({ reply }) => reply.status !== 'failed');
  const isLeft = leavesOut === 'always' || (leavesOut === 'unless-all' && others.length > 0);
  if (isLeft && others.length < records.length) return finished({ laneKind }, inputs, others, false);
  const culprit = records.find(({ reply }) => reply.status === 'lost' && reply.lane !== undefined);
  return (culprit === undefined ? records : [culprit]).map(({ reply, ...record }) => {
    if (reply.status === 'ok') return { ...record, ...reply };
    const { status, lane, error } = reply;
    const isKnown = status === 'failed' || reply.isOfAnother !== true;
    throw new TaskFailure({
      error: status === 'failed' ? withHint(error, laneKind, inputs) : error,
      ...(isKnown && { task: record.index }),
      ...(lane !== undefined && { lane: { kind: laneKind, index: lane } }),
    });
  });
}

/** Adds a hint to a TypeError, whose task may miss something that was lost when its input was sent. */
function withHint(error: LaneError, kind: LaneId['kind'], inputs: Composition): LaneError {
  const loss = error.name === 'TypeError' ? lossOnTheWay(kind, inputs) : undefined;
  return loss === undefined ? error : { ...error, message: `${error.message} (${loss})` };
}
