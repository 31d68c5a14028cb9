/** A child process that runs tasks: the lane of `child-processes`, and of `process-per-task` for one task. */
import type { LaneAssignment, LaneError, LaneId, Task, TaskReply, Usage } from './contract.ts';
import { describeError } from './describe-error.ts';
import { openLane, type Lane } from './task.ts';
import { usageOfThisProcess } from './usage.ts';

export type ChildRequest =
  | { readonly kind: 'open'; readonly assignment: LaneAssignment; readonly lane: LaneId }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'usage' }
  | { readonly kind: 'close' };

export type ChildReply =
  | { readonly kind: 'opened'; readonly error?: LaneError }
  | { readonly kind: 'done'; readonly reply: TaskReply }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'closed' };

let opening: Promise<Lane> | undefined;

process.on('message', (request: ChildRequest) => {
  void serve(request);
});
// The host is gone: whatever this child still does, nobody waits for it.
process.on('disconnect', () => process.exit(0));

async function serve(request: ChildRequest): Promise<void> {
  switch (request.kind) {
    case 'open':
      opening = openLane(request.assignment, request.lane);
      return send(
        await opening.then(
          () => ({ kind: 'opened' as const }),
          (thrown: unknown) => ({ kind: 'opened' as const, error: describeError(thrown) }),
        ),
      );
    case 'task':
      return answer(await (await opened()).runTask(request.task));
    case 'usage':
      return send({ kind: 'usage', usage: usageOfThisProcess() });
    case 'close':
      await (await opened()).close();
      return send({ kind: 'closed' });
    default:
      request satisfies never;
  }
}

/** An output that cannot be cloned fails its task only. */
function answer(reply: TaskReply): void {
  try {
    send({ kind: 'done', reply });
  } catch (thrown) {
    const { index, lane, startedNs, finishedNs, digestedNs } = reply;
    send({
      kind: 'done',
      reply: { index, lane, startedNs, finishedNs, digestedNs, status: 'failed', error: describeError(thrown) },
    });
  }
}

function opened(): Promise<Lane> {
  if (opening === undefined) throw new Error('a child was given work before it was opened');
  return opening;
}

function send(reply: ChildReply): void {
  process.send?.(reply);
}
