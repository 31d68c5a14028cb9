import type { QueueAccess } from '../../workers/queue-access.ts';
import type { ChildReply, ChildRequest } from '../../workers/child-tasks.ts';
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
} from '../../workers/contract.ts';
import { errorFrom, dispatchError } from '../../workers/describe-error.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { fromWire, isIndexedReply, isTaskReply } from '../../workers/wire.ts';
import { forkChild, type ForkedChild, type ForkSettings } from '../system/forked-child.ts';
import { LaneEndedError, processEnded, processFailed, uncaught } from './lane-ended-error.ts';

/** One child process as a lane. It is never started again: a child that ends early has failed its cell. */
export interface ChildLane {
  readonly pid: number;
  readonly runTask: (task: Task) => Promise<TaskReply>;
  readonly usage: () => Promise<Usage>;
  /** @param notesResults whether it notes its time at each result, until it is asked again */
  readonly activity: (notesResults: boolean) => Promise<LaneActivity>;
  /** @throws where there is no profiler */
  readonly startRecording: (kind: ReadingKind) => Promise<void>;
  readonly endRecording: () => Promise<LaneReading>;
  /** Opens a server in the child. @returns its port */
  readonly listen: (path: string) => Promise<number>;
  /** Gives the server the tasks of a window. */
  readonly hold: (tasks: readonly Task[]) => Promise<void>;
  /** Ends the window. @returns how late timers of its event loop were, ms */
  readonly release: () => Promise<readonly number[]>;
  /** Runs the workload's teardown and ends the process; resolves when it is gone, with its last word if it had one. */
  readonly close: () => Promise<Reply<'closed'> | undefined>;
  /** Ends the process at once, whatever it is doing; nothing if it has ended. */
  readonly kill: () => void;
}

/** Differences from a plain child. */
export interface ChildSettings extends Pick<ForkSettings, 'start'> {
  /** The queue that it gets its tasks from; undefined: from this process. */
  readonly queue?: QueueAccess | undefined;
  /** Starts it elsewhere. Default: a process of this machine. */
  readonly fork?: ((settings: ForkSettings, lane: number) => ForkedChild) | undefined;
  /** Called once if it ends before it is closed. */
  readonly onEnded?: (error: LaneEndedError) => void;
}

/** Starts a child and waits until it has loaded the workload. Environment and Node flags are inherited on purpose. */
export async function openChildLane(
  assignment: LaneAssignment,
  lane: LaneId,
  { start, queue, fork = forkChild, onEnded }: ChildSettings = {},
): Promise<ChildLane> {
  const pending = new Pending();
  let hasFailed = false;
  const failed = (error: LaneEndedError): void => {
    // The first has the reason; the signal that ends the process for it comes second.
    if (hasFailed) return;
    hasFailed = true;
    pending.fail(error);
    onEnded?.(error);
  };
  let lastWords: LaneError | undefined;
  const forked: ForkSettings = {
    file: 'child.cjs',
    start,
    onMessage: (message) => {
      if (!isChildReply(message)) return;
      if (!('kind' in message)) {
        const [index, ...reply] = message;
        pending.take(index)?.resolve(fromWire(reply));
      } else if (message.kind === 'done') pending.take(message.index)?.resolve(message.reply);
      else if (message.kind === 'uncaught') lastWords = uncaught(message.error, 'process');
      else pending.take(message.kind)?.resolve(message);
    },
    onError: (error) => failed(new LaneEndedError(lane.index, processFailed(lane.index, error))),
    onExit: (code, signal) =>
      failed(new LaneEndedError(lane.index, lastWords ?? processEnded(lane.index, code, signal))),
  };
  const child = fork(forked, lane.index);
  const ask = <Kind extends AnswerKind>(kind: Kind, request: ChildRequest): Promise<Reply<Kind>> => {
    const answer = pending.expect<Reply<Kind>>(kind);
    child.send(request);
    return answer;
  };

  try {
    const { error } = await ask('opened', { kind: 'open', assignment, lane, queue });
    if (error !== undefined) throw errorFrom(error);
  } catch (thrown) {
    await child.end();
    throw thrown;
  }

  return {
    pid: child.pid,
    runTask: (task) => {
      const reply = pending.expect<TaskReply>(task.index);
      try {
        child.send([task.index, task.verified, task.traced, task.input] satisfies ChildRequest);
      } catch (thrown) {
        // An input that cannot be cloned fails its own task only.
        pending.take(task.index)?.reject(dispatchError(thrown));
      }
      return reply;
    },
    usage: async () => (await ask('usage', { kind: 'usage' })).usage,
    activity: async (notesResults) => (await ask('activity', { kind: 'activity', notesResults })).activity,
    startRecording: async (kind) => {
      const { error } = await ask('startRecording', { kind: 'startRecording', of: kind });
      if (error !== undefined) throw errorFrom(error);
    },
    endRecording: async () => (await ask('endRecording', { kind: 'endRecording' })).reading,
    listen: async (path) => (await ask('listening', { kind: 'listen', path })).port,
    hold: async (tasks) => {
      // One message each: in one, equal inputs would arrive as the same object, which a task may change.
      for (const { index, verified, input } of tasks) child.send({ kind: 'hold', index, verified, input });
      await ask('held', { kind: 'begin' });
    },
    release: async () => (await ask('released', { kind: 'release' })).delaysMs,
    close: async () => {
      const last = await ask('closed', { kind: 'close' }).catch(() => undefined);
      await child.end();
      return last;
    },
    kill: child.kill,
  };
}

/** Only what is a reply is taken for one: code that nobody knows runs in the child. */
function isChildReply(message: unknown): message is ChildReply {
  if (Array.isArray(message)) return isIndexedReply(message);
  if (!isObject(message)) return false;
  switch (message.kind) {
    case 'done':
      return typeof message.index === 'number' && isTaskReply(message.reply);
    case 'opened':
    case 'held':
    case 'startRecording':
    case 'closed':
      return true;
    case 'listening':
      return typeof message.port === 'number';
    case 'released':
      return Array.isArray(message.delaysMs);
    case 'usage':
    case 'activity':
      return isObject(message[message.kind]);
    case 'endRecording':
      return isObject(message.reading);
    case 'uncaught':
      return isObject(message.error);
    default:
      return false;
  }
}

type Reply<Kind extends AnswerKind> = Extract<ChildReply, { kind: Kind }>;
type AnswerKind = Exclude<Extract<ChildReply, { kind: string }>['kind'], 'done' | 'uncaught'>;

interface Waiter {
  readonly resolve: (reply: TaskReply | Reply<AnswerKind>) => void;
  readonly reject: (reason: unknown) => void;
}

/** Awaited replies of a child: of tasks by index, others by kind. Once it has failed, later requests fail, too. */
class Pending {
  readonly #waiters = new Map<number | AnswerKind, Waiter>();
  #failure: Error | undefined;

  expect<Owed extends TaskReply | Reply<AnswerKind>>(key: number | AnswerKind): Promise<Owed> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      // The waiter under a key only gets the reply of that key.
      this.#waiters.set(key, { resolve: resolve as Waiter['resolve'], reject });
    });
  }

  /** Removes and returns the waiter for a reply. */
  take(key: number | AnswerKind): Waiter | undefined {
    const waiter = this.#waiters.get(key);
    this.#waiters.delete(key);
    return waiter;
  }

  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiters.values()) reject(this.#failure);
    this.#waiters.clear();
  }
}
