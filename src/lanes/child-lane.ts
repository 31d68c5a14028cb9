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
import { fitsLine } from '../../workers/line-pipe.ts';
import { fromWire, isLaneReply } from '../../workers/wire.ts';
import { forkChild, LAST_WORDS_MS } from '../system/forked-child.ts';
import { InputError, isCloneError, LaneEndedError, processEnded, uncaught } from './lane-ended-error.ts';
import { LaneOpenError } from './lane-open-error.ts';

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
      if (typeof index === 'number' && isLaneReply(wire)) pending.settleTask(index, fromWire(wire));
    },
    onMessage: (message) => {
      if (!isChildReply(message)) return;
      if (message.kind === 'uncaught') lastWords = uncaught(message.error, 'process');
      else pending.settle(message);
    },
    onError: (error) => pending.fail(error),
    onExit: (code, signal) => {
      const fail = (): void =>
        pending.fail(new LaneEndedError(lane.index, lastWords ?? processEnded(lane.index, code, signal)));
      if (pending.isOwed) setTimeout(fail, LAST_WORDS_MS);
      else fail();
    },
  });
  const send = (request: ChildRequest): void => child.send(request);

  const opened = pending.expect('opened');
  send({ kind: 'open', assignment, lane });
  try {
    const { error } = await opened;
    if (error !== undefined) throw new LaneOpenError(error);
  } catch (thrown) {
    await child.end();
    throw thrown;
  }

  return {
    pid: child.pid,
    runTask: (task) => {
      const reply = pending.expectTask(task.index);
      try {
        if (!task.traced && fitsLine(task.input)) child.sendLine([task.index, task.verified ? 1 : 0, task.input]);
        else send({ kind: 'task', task });
      } catch (thrown) {
        // An input that cannot be cloned fails its own task only.
        pending.failTask(task.index, isCloneError(thrown) ? new InputError(thrown) : thrown);
      }
      return reply;
    },
    usage: async () => {
      const answer = pending.expect('usage');
      send({ kind: 'usage' });
      return (await answer).usage;
    },
    activity: async () => {
      const answer = pending.expect('activity');
      send({ kind: 'activity' });
      return (await answer).activity;
    },
    close: async () => {
      const closed = pending.expect('closed');
      send({ kind: 'close' });
      const last = await closed.catch(() => undefined);
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

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

/** What a child still owes. Once the child has failed, so does everything that is asked of it later. */
class Pending {
  readonly #tasks = new Map<number, Waiter<TaskReply>>();
  readonly #answers = new Map<ChildReply['kind'], Waiter<ChildReply>>();
  #failure: Error | undefined;

  get isOwed(): boolean {
    return this.#tasks.size > 0 || this.#answers.size > 0;
  }

  expectTask(index: number): Promise<TaskReply> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#tasks.set(index, { resolve, reject });
    });
  }

  expect<Kind extends ChildReply['kind']>(kind: Kind): Promise<Reply<Kind>> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      // Answers are kept by their kind, so this one gets no other.
      this.#answers.set(kind, { resolve: (reply) => resolve(reply as Reply<Kind>), reject });
    });
  }

  settle(reply: Exclude<ChildReply, { kind: 'uncaught' }>): void {
    if (reply.kind === 'done') return this.settleTask(reply.index, fromWire(reply.reply));
    const waiter = this.#answers.get(reply.kind);
    this.#answers.delete(reply.kind);
    waiter?.resolve(reply);
  }

  settleTask(index: number, reply: TaskReply): void {
    this.#tasks.get(index)?.resolve(reply);
    this.#tasks.delete(index);
  }

  failTask(index: number, reason: unknown): void {
    this.#tasks.get(index)?.reject(reason);
    this.#tasks.delete(index);
  }

  fail(error: Error): void {
    this.#failure ??= error;
    for (const waiter of [...this.#tasks.values(), ...this.#answers.values()]) waiter.reject(this.#failure);
    this.#tasks.clear();
    this.#answers.clear();
  }
}
