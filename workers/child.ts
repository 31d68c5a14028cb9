/** A child process that runs tasks: the lane of `child-processes`, and of `process-per-task` for one task. */
import { lifeline, onParentMessage, tellParent } from './parent.ts';
import type { LaneAssignment, LaneError, LaneId, Task, Usage } from './contract.ts';
import { describeError, uncloneable } from './describe-error.ts';
import { activityHere } from './lane-activity.ts';
import { fitsLine, onLine, sendLine } from './line-pipe.ts';
import { openLane, runTask, type Lane } from './task.ts';
import { usageOfThisProcess } from './usage.ts';
import type { LaneReply } from './wire.ts';
import type { LaneActivity } from './work-watch.ts';

export type ChildRequest =
  | { readonly kind: 'open'; readonly assignment: LaneAssignment; readonly lane: LaneId }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'usage' }
  | { readonly kind: 'activity' }
  | { readonly kind: 'close' };

export type ChildReply =
  | { readonly kind: 'opened'; readonly error?: LaneError }
  | { readonly kind: 'done'; readonly index: number; readonly reply: LaneReply }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'activity'; readonly activity: LaneActivity }
  /** Of what is about to end the child, unless the workload catches it. */
  | { readonly kind: 'uncaught'; readonly error: LaneError }
  /** The last word: what the child has used in all, and what its teardown threw. */
  | { readonly kind: 'closed'; readonly usage: Usage; readonly error?: LaneError };

let lane: Lane | undefined;
process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: describeError(thrown) }));

onLine(lifeline, (message) => {
  const [index, isVerified, input] = message as [number, 0 | 1, unknown];
  serve({ index, input, traced: false, verified: isVerified === 1 });
});
onParentMessage((message) => {
  const request = message as ChildRequest;
  switch (request.kind) {
    case 'task':
      return serve(request.task);
    case 'usage':
      return send({ kind: 'usage', usage: usageOfThisProcess() });
    case 'activity':
      return send({ kind: 'activity', activity: activityHere() });
    case 'open':
      return void open(request);
    case 'close':
      return void close();
    default:
      return request satisfies never;
  }
});

/** No async function: a task that answers at once costs no promise. */
function serve(task: Task): void {
  const reply = runTask(opened(), task);
  if ('then' in reply) void reply.then((later) => answer(task.index, later));
  else answer(task.index, reply);
}

function answer(index: number, reply: LaneReply): void {
  if (Array.isArray(reply) && fitsLine(reply.at(-1))) return sendLine(lifeline, [index, ...reply]);
  try {
    send({ kind: 'done', index, reply });
  } catch (thrown) {
    // An output that cannot be cloned fails its task only.
    send({
      kind: 'done',
      index,
      reply: { status: 'failed', lane: opened().index, error: uncloneable('output', thrown) },
    });
  }
}

async function open({ assignment, lane: id }: Extract<ChildRequest, { kind: 'open' }>): Promise<void> {
  try {
    lane = await openLane(assignment, id);
    send({ kind: 'opened' });
  } catch (thrown) {
    send({ kind: 'opened', error: describeError(thrown) });
  }
}

async function close(): Promise<void> {
  const error = await opened().close();
  send({ kind: 'closed', usage: usageOfThisProcess(), ...(error !== undefined && { error }) });
}

function opened(): Lane {
  if (lane === undefined) throw new Error('a child was given work before it was opened');
  return lane;
}

function send(reply: ChildReply): void {
  tellParent(reply);
}
