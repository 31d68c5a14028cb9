import { clearInterval, setInterval } from 'node:timers';
import type { Task, TaskReply } from '../../workers/contract.ts';
import { dispatchError } from '../../workers/describe-error.ts';
import { carry } from '../../workers/queue-values.ts';
import { workerName, type QueuedTask } from '../../workers/queue-worker.ts';
import { fromWire } from '../../workers/wire.ts';
import type { QueueServer } from '../queue/queue-server.ts';
import { lostReply, type LaneEndedError } from './lane-ended-error.ts';
import type { ChannelEvents, NumberedReply, QueueChannel } from './queue-channel.ts';

/** A task for a queue. */
export interface Submitted {
  readonly task: Task;
  /** Called once. */
  readonly onReply: (reply: TaskReply) => void;
}

/** Counts of replies that did not come once and by themselves. */
export interface Deliveries {
  /** Replies of tasks that had one before: they ran twice. */
  readonly again: number;
  /** Replies whose event never came, and that were fetched. */
  readonly fetched: number;
}

/** Hands tasks over to a queue, and sees to it that each has its reply, which a queue does not promise. */
export interface Desk extends ChannelEvents {
  readonly open: (channel: QueueChannel) => void;
  readonly submit: (tasks: readonly Submitted[]) => void;
  /** Number of tasks without a reply. */
  readonly unanswered: () => number;
  /** Waits for no more replies: the batch has failed, or has all. */
  readonly abandon: () => void;
  /** Asks the queue for the tasks that run. */
  readonly running: () => Promise<readonly { readonly task: number; readonly lane: number }[]>;
  readonly laneEnded: (error: LaneEndedError) => void;
  /** Counts since the last call. */
  readonly deliveries: () => Deliveries;
  /** From now on, lanes may end. */
  readonly close: () => void;
}

/** After as long without any reply, the queue is asked whether it still has tasks. */
const SILENCE_MS = 1000;
/**
 * BullMQ 6.7.0 loses events of PostgreSQL, perhaps because it reads on from the highest number, while a transaction with
 * a lower one may end later. Of 500 tasks in two workers, 22 and 45 had no event; their replies are fetched.
 */
const SILENCE_ON_POSTGRES_MS = 20;

interface Waiting extends Submitted {
  /** Known once the queue has it. */
  jobId?: string | undefined;
  /** It was in no state when it was looked for. */
  isMissing?: boolean;
  /** Looks since a later task had its reply. */
  overtaken?: number;
  /** Its reply, which was there before its event. */
  kept?: NumberedReply;
}

export function createDesk(kind: QueueServer['kind']): Desk {
  const isPostgres = kind === 'postgres';
  const silenceMs = isPostgres ? SILENCE_ON_POSTGRES_MS : SILENCE_MS;
  /** Tasks without a reply, by their number in the queue. */
  const waiting = new Map<number, Waiting>();
  let channel: QueueChannel | undefined;
  let next = 0;
  let ended: Error | undefined;
  let isClosing = false;
  let isHeard = false;
  let isLooking = false;
  /** The highest number of a task with a reply. */
  let newest = -1;
  /** Tasks whose reply was fetched: its event may still come. */
  const fetchedOnes = new Set<number>();
  let watching: ReturnType<typeof setInterval> | undefined;
  const counts = { again: 0, fetched: 0 };

  function onReply({ number, reply }: NumberedReply): void {
    isHeard = true;
    const one = waiting.get(number);
    // A task of an abandoned batch is nobody's any more.
    if (one === undefined) counts.again += number >= oldest && !fetchedOnes.delete(number) ? 1 : 0;
    else settle(number, one, fromWire(reply));
  }

  /** Tasks before this number were abandoned without a reply. */
  let oldest = 0;

  function settle(number: number, one: Waiting, reply: TaskReply): void {
    waiting.delete(number);
    newest = Math.max(newest, number);
    if (waiting.size === 0) rest();
    one.onReply(reply);
  }

  function lose(lost: readonly (readonly [number, Waiting])[], thrown: unknown): void {
    for (const [number, one] of lost) settle(number, one, lostReply(thrown));
  }

  function settleFetched(number: number, one: Waiting, { reply }: NumberedReply): void {
    counts.fetched += 1;
    fetchedOnes.add(number);
    settle(number, one, fromWire(reply));
  }

  /** One look at a time: two at once would take a task that is on its way for one that is missing twice. */
  async function look(): Promise<void> {
    if (isLooking || channel === undefined) return;
    isLooking = true;
    try {
      await fetchOvertaken(channel);
      const isSilent = !isHeard;
      isHeard = false;
      if (isSilent) await fetchAll(channel);
    } finally {
      isLooking = false;
    }
  }

  /** While other replies come: those of tasks that later ones have overtaken may have lost their event. */
  async function fetchOvertaken({ replyOf }: QueueChannel): Promise<void> {
    for (const [number, one] of waiting) {
      if (number > newest) return;
      const looks = (one.overtaken ?? 0) + 1;
      one.overtaken = looks;
      if (one.kept !== undefined) settleFetched(number, one, one.kept);
      // A long task is asked for ever more rarely.
      else if (one.jobId !== undefined && looks > 1 && Number.isInteger(Math.log2(looks))) {
        const kept = await replyOf(one.jobId);
        // Its event has time until the next look.
        if (kept !== undefined) one.kept = kept;
      }
    }
  }

  /** The queue is silent: it may have lost tasks, or events. */
  async function fetchAll({ isDone, replyOf }: QueueChannel): Promise<void> {
    const before = [...waiting];
    if (!(await isDone())) return;
    for (const [number, one] of before) {
      // The queue does not have it yet.
      if (one.jobId === undefined) continue;
      const kept = await replyOf(one.jobId);
      // It may have come meanwhile.
      if (!waiting.has(number)) continue;
      if (kept !== undefined) settleFetched(number, one, kept);
      else if (one.isMissing === true) lose([[number, one]], new Error('the queue has lost the task'));
      // It may be on its way from one state to another: looked for twice.
      else one.isMissing = true;
    }
  }

  async function add(open: QueueChannel, jobs: readonly QueuedTask[], added: readonly Waiting[]): Promise<void> {
    try {
      const ids = await open.add(jobs);
      for (const [place, one] of added.entries()) one.jobId = ids[place];
    } catch (thrown) {
      const lost = new Set(added);
      lose(
        [...waiting].filter(([, one]) => lost.has(one)),
        new Error(`the server of the queue has refused the tasks: ${(thrown as Error).message}`),
      );
    }
  }

  /** Asks the queue which tasks went with a lane. A lane that ends between two of them fails the batch, too. */
  async function loseThoseOf(error: LaneEndedError): Promise<void> {
    const jobs = await running();
    const its = new Set(jobs.flatMap(({ number, worker }) => (worker === workerName(error.lane) ? [number] : [])));
    const all = [...waiting];
    const lost = all.filter(([number]) => its.has(number));
    if (lost.length > 0) lose(lost, error);
    // Its task had its reply already: the batch fails, and no task of it is to blame.
    else for (const [number, one] of all.slice(0, 1)) settle(number, one, { ...lostReply(error), isOfAnother: true });
  }

  async function running(): ReturnType<QueueChannel['running']> {
    try {
      return (await channel?.running()) ?? [];
    } catch {
      return [];
    }
  }

  /** Also called if the queue cannot be asked: a client of PostgreSQL reports no end of its connections. */
  function onLost({ message }: Error): void {
    if (isClosing) return;
    ended ??= new Error(`the connection to the server of the queue was lost: ${message}`);
    lose([...waiting], ended);
  }

  function rest(): void {
    clearInterval(watching);
    watching = undefined;
    channel?.listen(false);
  }

  return {
    open: (opened) => {
      channel = opened;
    },
    onReply,
    onFailed: (jobId, reason) => {
      const found = [...waiting].find(([, one]) => one.jobId === jobId);
      if (found !== undefined) lose([found], new Error(`the queue has failed the task: ${reason}`));
    },
    onLost,
    submit: (tasks) => {
      const jobs: QueuedTask[] = [];
      const added: Waiting[] = [];
      for (const one of tasks) {
        const { verified, traced, input } = one.task;
        if (ended !== undefined) {
          one.onReply(lostReply(ended));
          continue;
        }
        try {
          const job: QueuedTask = [next, verified, traced, carry(input, isPostgres)];
          const entry: Waiting = { ...one };
          waiting.set(next++, entry);
          jobs.push(job);
          added.push(entry);
        } catch (thrown) {
          // An input that cannot be cloned fails its own task only.
          one.onReply(lostReply(dispatchError(thrown)));
        }
      }
      if (jobs.length === 0 || channel === undefined) return;
      channel.listen(true);
      isHeard = true;
      watching ??= setInterval(() => void look().catch(onLost), silenceMs).unref();
      void add(channel, jobs, added);
    },
    unanswered: () => waiting.size,
    abandon: () => {
      if (waiting.size > 0) oldest = next;
      waiting.clear();
      rest();
    },
    running: async () => {
      const jobs = await running();
      return jobs.flatMap(({ number, worker }) => {
        const task = waiting.get(number)?.task.index;
        return task === undefined ? [] : [{ task, lane: laneOf(worker) }];
      });
    },
    laneEnded: (error) => {
      if (isClosing) return;
      ended ??= error;
      void loseThoseOf(error);
    },
    deliveries: () => {
      const { again, fetched } = counts;
      Object.assign(counts, { again: 0, fetched: 0 });
      return { again, fetched };
    },
    close: () => {
      isClosing = true;
      clearInterval(watching);
    },
  };
}

function laneOf(worker = ''): number {
  return Number(/\d+$/.exec(worker)?.[0] ?? 0);
}
