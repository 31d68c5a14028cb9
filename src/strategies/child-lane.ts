import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ChildReply, ChildRequest } from '../../workers/child.ts';
import type { LaneAssignment, LaneId, Task, TaskReply, Usage } from '../../workers/contract.ts';
import { fitsLine, LINE_PIPE_FD, onLine, sendLine } from '../../workers/line-pipe.ts';
import { fromWire, type WireReply } from '../../workers/wire.ts';
import { LaneOpenError } from './lane-open-error.ts';

const CHILD_FILE = fileURLToPath(new URL('../../workers/child.js', import.meta.url));

/** A fork has no console window of its own on Windows; its types do not know the option. */
const OF_ONE_WINDOW = { windowsHide: true };

/** A child that has been told to end and has not within this time is killed. */
const END_TIMEOUT_MS = 2000;

/** One child process as a lane. It is never started again: a child that ends early has failed its cell. */
export interface ChildLane {
  readonly pid: number;
  /** Tasks that it has been given and has not answered. */
  readonly load: () => number;
  readonly runTask: (task: Task) => Promise<TaskReply>;
  readonly usage: () => Promise<Usage>;
  /** Runs the workload's teardown and ends the process; resolves when it is gone, with its last word if it had one. */
  readonly close: () => Promise<Reply<'closed'> | undefined>;
}

/** Starts a child and waits until it has loaded the workload. Environment and Node flags are inherited on purpose. */
export async function openChildLane(assignment: LaneAssignment, lane: LaneId): Promise<ChildLane> {
  const child = fork(CHILD_FILE, [], {
    ...OF_ONE_WINDOW,
    serialization: 'advanced',
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'overlapped'],
  });
  live.add(child);
  const pending = new Pending();
  child.on('error', (error) => pending.fail(error));
  child.on('message', (reply: ChildReply) => pending.settle(reply));
  const pipe = child.stdio[LINE_PIPE_FD];
  if (!(pipe instanceof Duplex)) throw new Error('the child process could not be started');
  onLine(pipe, (message) => {
    const [index, ...wire] = message as [number, ...WireReply];
    pending.settleTask(index, fromWire(wire));
  });
  // `exit` is the authority: `disconnect` can come 100 ms earlier and knows no exit code.
  child.on('exit', (code, signal) => {
    live.delete(child);
    pending.fail(
      new Error(
        `the child process of lane ${lane.index} ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`,
      ),
    );
  });

  function send(request: ChildRequest): void {
    // Without a callback a failed send is an `error` event, and every message costs a tick less.
    child.send(request);
  }

  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (child.connected) child.disconnect();
    const killer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
    await exited;
    clearTimeout(killer);
  }

  const opened = pending.expect('opened');
  send({ kind: 'open', assignment, lane });
  try {
    const { error } = await opened;
    if (error !== undefined) throw new LaneOpenError(error);
  } catch (thrown) {
    await end();
    throw thrown;
  }

  return {
    pid: child.pid ?? 0,
    load: () => pending.tasks.size,
    runTask: (task) => {
      const reply = pending.expectTask(task.index);
      try {
        if (!task.traced && fitsLine(task.input)) sendLine(pipe, [task.index, task.input]);
        else send({ kind: 'task', task });
      } catch (thrown) {
        // An input that cannot be cloned fails its own task only.
        pending.failTask(task.index, thrown);
      }
      return reply;
    },
    usage: async () => {
      const answer = pending.expect('usage');
      send({ kind: 'usage' });
      return (await answer).usage;
    },
    close: async () => {
      const closed = pending.expect('closed');
      send({ kind: 'close' });
      const last = await closed.catch(() => undefined);
      await end();
      return last;
    },
  };
}

const live = new Set<ChildProcess>();

// A child in a CPU loop survives its parent's death, since it never gets to see the disconnect.
process.on('exit', () => {
  for (const child of live) child.kill('SIGKILL');
});

type Reply<Kind extends ChildReply['kind']> = Extract<ChildReply, { kind: Kind }>;

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

/** What a child still owes. Once the child has failed, so does everything that is asked of it later. */
class Pending {
  readonly tasks = new Map<number, Waiter<TaskReply>>();
  readonly #answers = new Map<ChildReply['kind'], Waiter<ChildReply>>();
  #failure: Error | undefined;

  expectTask(index: number): Promise<TaskReply> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.tasks.set(index, { resolve, reject });
    });
  }

  expect<Kind extends ChildReply['kind']>(kind: Kind): Promise<Reply<Kind>> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      // Answers are kept by their kind, so this one gets no other.
      this.#answers.set(kind, { resolve: (reply) => resolve(reply as Reply<Kind>), reject });
    });
  }

  settle(reply: ChildReply): void {
    if (reply.kind === 'done') return this.settleTask(reply.index, fromWire(reply.reply));
    const waiter = this.#answers.get(reply.kind);
    this.#answers.delete(reply.kind);
    waiter?.resolve(reply);
  }

  settleTask(index: number, reply: TaskReply): void {
    this.tasks.get(index)?.resolve(reply);
    this.tasks.delete(index);
  }

  failTask(index: number, reason: unknown): void {
    this.tasks.get(index)?.reject(reason);
    this.tasks.delete(index);
  }

  fail(error: Error): void {
    this.#failure ??= error;
    for (const waiter of [...this.tasks.values(), ...this.#answers.values()]) waiter.reject(this.#failure);
    this.tasks.clear();
    this.#answers.clear();
  }
}
