/** Serves requests in a child process that is a lane. */
import { sendToParent } from './parent.ts';
import type {
  LaneActivity,
  LaneAssignment,
  LaneError,
  LaneId,
  LaneReading,
  ReadingKind,
  Task,
  TaskReply,
  Usage,
} from './contract.ts';
import type { QueueAccess } from './queue-access.ts';
import type { ServerReply, ServerRequest } from './child-server.ts';
import { describeError } from './describe-error.ts';
import { activityHere, noteResult } from './lane-activity.ts';
import type { EndRecording } from './lane-recording.ts';
import { openLane, runTask, type Lane } from './task.ts';
import { usageOfThisProcess } from './usage.ts';
import { notSent, type IndexedReply, type LaneReply } from './wire.ts';

/** A task as it is sent: without field names, like its reply. */
type ChildTask = readonly [index: number, verified: boolean, traced: boolean, input: unknown];

export type ChildRequest =
  | ChildTask
  /** `queue`: where its tasks come from; absent: from its parent. */
  | {
      readonly kind: 'open';
      readonly assignment: LaneAssignment;
      readonly lane: LaneId;
      readonly queue?: QueueAccess | undefined;
    }
  | { readonly kind: 'usage' }
  | { readonly kind: 'activity'; readonly notesResults: boolean }
  | { readonly kind: 'startRecording'; readonly of: ReadingKind }
  | { readonly kind: 'endRecording' }
  | ServerRequest
  | { readonly kind: 'close' };

export type ChildReply =
  | IndexedReply
  | { readonly kind: 'done'; readonly index: number; readonly reply: TaskReply }
  | { readonly kind: 'opened'; readonly error?: LaneError }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'activity'; readonly activity: LaneActivity }
  | { readonly kind: 'startRecording'; readonly error?: LaneError }
  | { readonly kind: 'endRecording'; readonly reading: LaneReading }
  | ServerReply
  /** An error that is about to end the child, unless the workload catches it. */
  | { readonly kind: 'uncaught'; readonly error: LaneError }
  /** The last message: the child's total usage, and the error of its teardown. */
  | { readonly kind: 'closed'; readonly usage: Usage; readonly error?: LaneError };

// Taken before a workload can replace it.
const exit = process.exit.bind(process);

let lane: Lane | undefined;
let queue: { readonly close: () => Promise<void> } | undefined;

/** Carries out a request of the parent, and sends one reply. */
export function serve(request: ChildRequest): void {
  if (!('kind' in request)) {
    const [index, verified, traced, input] = request;
    return run({ index, verified, traced, input });
  }
  switch (request.kind) {
    case 'usage':
      return send({ kind: 'usage', usage: usageOfThisProcess() });
    case 'activity':
      return send({
        kind: 'activity',
        activity: activityHere({ isProcess: true, notesResults: request.notesResults }),
      });
    case 'startRecording':
      return void startRecording(request.of);
    case 'endRecording':
      return void endRecording();
    case 'open':
      return void open(request);
    case 'listen':
    case 'hold':
    case 'begin':
    case 'release':
      return void serveRequests(request);
    case 'close':
      return void close();
    default:
      return request satisfies never;
  }
}

/** Runs a task and sends its reply. Not an async function, so that a synchronous task costs no promise. */
function run(task: Task): void {
  const reply = runTask(opened(), task);
  if ('then' in reply) void reply.then((later) => answer(task.index, later));
  else answer(task.index, reply);
}

function answer(index: number, reply: LaneReply): void {
  try {
    send('status' in reply ? { kind: 'done', index, reply } : [index, ...reply]);
  } catch (thrown) {
    // An output that cannot be cloned fails only its task.
    send({ kind: 'done', index, reply: notSent(opened().index, thrown) });
  }
  noteResult();
}

async function open({ assignment, lane: id, queue: access }: Extract<ChildRequest, { kind: 'open' }>): Promise<void> {
  try {
    lane = await openLane(assignment, id);
    if (access !== undefined) {
      // Not loaded in a child that gets its tasks from its parent.
      const { consume } = await import('./queue-worker.ts');
      queue = await consume(lane, access, assignment.concurrency, endWith);
    }
    send({ kind: 'opened' });
  } catch (thrown) {
    send({ kind: 'opened', error: describeError(thrown) });
  }
}

/** Ends this process, which can get no more tasks. */
function endWith(thrown: unknown): void {
  send({ kind: 'uncaught', error: describeError(thrown) });
  exit(1);
}

let server: Promise<(asked: ServerRequest) => Promise<ServerReply | undefined>> | undefined;

async function serveRequests(asked: ServerRequest): Promise<void> {
  // Not loaded in a child that runs batches.
  server ??= import('./child-server.ts').then(({ serverOf }) => serverOf(opened()));
  const answerTo = await server;
  const reply = await answerTo(asked);
  if (reply !== undefined) send(reply);
}

let ending: EndRecording | undefined;

async function startRecording(kind: ReadingKind): Promise<void> {
  try {
    // Not loaded in a child that is measured.
    const { record } = await import('./lane-recording.ts');
    ending = await record(kind, false);
    send({ kind: 'startRecording' });
  } catch (thrown) {
    send({ kind: 'startRecording', error: describeError(thrown) });
  }
}

async function endRecording(): Promise<void> {
  if (ending === undefined) throw new Error('a child was to end a recording that it had not started');
  send({ kind: 'endRecording', reading: await ending() });
}

async function close(): Promise<void> {
  await queue?.close();
  const error = await opened().close();
  send({ kind: 'closed', usage: usageOfThisProcess(), ...(error !== undefined && { error }) });
}

function opened(): Lane {
  if (lane === undefined) throw new Error('a child received work before it was opened');
  return lane;
}

export function send(reply: ChildReply): void {
  sendToParent(reply);
}
