import { setTimeout } from 'node:timers';
import type { ChildReply, ChildRequest } from '../../workers/child-tasks.ts';
import type {
  LaneActivity,
  LaneAssignment,
  LaneError,
  LaneId,
  Task,
  TaskReply,
  Usage,
} from '../../workers/contract.ts';
import { errorFrom, notHandedOver } from '../../workers/describe-error.ts';
import { fitsLine } from '../../workers/line-pipe.ts';
import { fromWire, isLaneReply } from '../../workers/wire.ts';
import { forkChild, LAST_WORDS_MS } from '../system/forked-child.ts';
import { LaneEndedError, processEnded, uncaught } from './lane-ended-error.ts';

/** One child process as a lane. It is never started again: a child that ends early has failed its cell. */
export interface ChildLane {
  readonly pid: number;
  readonly runTask: (task: Task) => Promise<TaskReply>;
  readonly usage: () => Promise<Usage>;
  readonly activity: () => Promise<LaneActivity>;
  /** Runs the workload's teardown and ends the process; resolves when it is gone, with its last word if it had one. */
  readonly close: () => Promise<Reply<'closed'> | undefined>;
  /** Ends the process at once, whatever it is doing; nothing if it has ended. */
  readonly kill: () => void;
}

/** Starts a child and waits until it has loaded the workload. Environment and Node flags are inherited on purpose. */
export async function openChildLane(assignment: LaneAssignment, lane: LaneId): Promise<ChildLane> {
  const pending = new Pending();
  let lastWords: LaneError | undefined;
  const child = forkChild({
    file: 'child.js',
    onLine: ([index, ...wire]) => {
      if (typeof index === 'number' && isLaneReply(wire)) pending.take(index)?.resolve(fromWire(wire));
    },
    onMessage: (message) => {
      if (!isChildReply(message)) return;
      if (message.kind === 'uncaught') lastWords = uncaught(message.error, 'process');
      else if (message.kind === 'done') pending.take(message.index)?.resolve(fromWire(message.reply));
      else pending.take(message.kind)?.resolve(message);
    },
    onError: (error) => pending.fail(error),
    onExit: (code, signal) => {
      const fail = (): void =>
        pending.fail(new LaneEndedError(lane.index, lastWords ?? processEnded(lane.index, code, signal)));
      if (pending.isOwed) setTimeout(fail, LAST_WORDS_MS);
      else fail();
    },
  });
  const ask = <Kind extends AnswerKind>(kind: Kind, request: ChildRequest): Promise<Reply<Kind>> => {
    const answer = pending.expect<Reply<Kind>>(kind);
    child.send(request);
    return answer;
  };

  try {
    const { error } = await ask('opened', { kind: 'open', assignment, lane });
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
        if (!task.traced && fitsLine(task.input)) child.sendLine([task.index, task.verified ? 1 : 0, task.input]);
        else child.send({ kind: 'task', task } satisfies ChildRequest);
      } catch (thrown) {
        // An input that cannot be cloned fails its own task only.
        pending.take(task.index)?.reject(notHandedOver(thrown));
      }
      return reply;
    },
    usage: async () => (await ask('usage', { kind: 'usage' })).usage,
    activity: async () => (await ask('activity', { kind: 'activity' })).activity,
    close: async () => {
      const last = await ask('closed', { kind: 'close' }).catch(() => undefined);
      await child.end();
      return last;
    },
    kill: child.kill,
  };
}

/** A workload may send what it likes; what is no reply of ours is not for us. */
function isChildReply(message: unknown): message is ChildReply {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  switch (message.kind) {
    case 'done':
      return (
        'index' in message && typeof message.index === 'number' && 'reply' in message && isLaneReply(message.reply)
      );
    case 'opened':
    case 'closed':
      return true;
    case 'usage':
      return 'usage' in message && typeof message.usage === 'object';
    case 'activity':
      return 'activity' in message && typeof message.activity === 'object';
    case 'uncaught':
      return 'error' in message && typeof message.error === 'object';
    default:
      return false;
  }
}

type Reply<Kind extends ChildReply['kind']> = Extract<ChildReply, { kind: Kind }>;
type AnswerKind = Exclude<ChildReply['kind'], 'done' | 'uncaught'>;

interface Waiter {
  readonly resolve: (reply: TaskReply | Reply<AnswerKind>) => void;
  readonly reject: (reason: unknown) => void;
}

/** What a child still owes: tasks by their number, answers by their kind. Once it has failed, so does everything that is asked of it later. */
class Pending {
  readonly #waiters = new Map<number | AnswerKind, Waiter>();
  #failure: Error | undefined;

  get isOwed(): boolean {
    return this.#waiters.size > 0;
  }

  expect<Owed extends TaskReply | Reply<AnswerKind>>(key: number | AnswerKind): Promise<Owed> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      // What is kept under a key gets the reply of that key, and no other.
      this.#waiters.set(key, { resolve: resolve as Waiter['resolve'], reject });
    });
  }

  /** Whoever waits for it, and from now on does not. */
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
