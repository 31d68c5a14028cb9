import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { hasContent } from '../../workers/value-kinds.ts';
import type { LaneAssignment, Nanoseconds, Task, TaskRecord, TaskReply, Usage } from '../../workers/contract.ts';
import { deferred } from '../../workers/deferred.ts';
import { NO_USAGE, sumUsage } from '../../workers/usage.ts';
import type { QueueServer } from '../queue/queue-server.ts';
import type { ChildLane } from './child-lane.ts';
import { openAll } from './child-processes.ts';
import { allOrBroken } from './feed.ts';
import { openChannel, type QueueChannel } from './queue-channel.ts';
import type { SpreadLanes } from './spread-lanes.ts';
import { createDesk, type Desk, type Submitted } from './queue-desk.ts';
import { roomForEach } from './queue-stamps.ts';
import { processesOf, usageOfServer } from './server-usage.ts';
import type { BatchStrategy, OpeningSettings, OpenStrategy, QueueSettings, ServedRecord } from './strategy.ts';

/**
 * A BullMQ queue, whose workers are child processes: a batch is added whole, and results come back as events. Its
 * server belongs to it: a fresh one without persistence, unless the address of another one is given.
 */
export const openBullmq: OpenStrategy<BatchStrategy> = async (assignment, settings) => {
  const asked = settings.queue ?? DEFAULTS;
  const startNs = nowNs();
  const server = await serverOf(asked);
  const startMs = (nowNs() - startNs) / NS_PER_MS;
  const { name, lockMs } = asked;
  const access = { kind: server.kind, url: server.url, name, lockMs };
  const desk = createDesk(server.kind);
  const opened: (() => Promise<unknown>)[] = [server.close];
  try {
    const channel = await openChannel(access, asked.mostTasks, desk);
    opened.unshift(channel.close);
    desk.open(channel);
    const machines = await machinesOf(asked, settings.poolSize);
    if (machines !== undefined) opened.unshift(async () => machines.close());
    const lanes = await openAll(assignment, settings.poolSize, {
      queue: access,
      fork: machines?.fork,
      onEnded: desk.laneEnded,
    });
    return queueOf({ assignment, settings, server, startMs, desk, channel, lanes, machines });
  } catch (thrown) {
    desk.close();
    for (const close of opened) await close();
    throw thrown;
  }
};

/** Settings where none are given, as in a test. */
const DEFAULTS: QueueSettings = { name: 'lanewise', lockMs: 600_000, mostTasks: 10_000 };

/** The code of servers is loaded only here. */
async function serverOf({ url, kind, template }: QueueSettings): Promise<QueueServer> {
  const { startQueueServer, useQueueServer } = await import('../queue/queue-server.ts');
  return url === undefined ? startQueueServer(kind, template) : useQueueServer(url);
}

/** The code of machines is loaded only where some have joined. */
async function machinesOf({ machines, url }: QueueSettings, poolSize: number): Promise<SpreadLanes | undefined> {
  if (machines === undefined || url === undefined) return undefined;
  return (await import('./spread-lanes.ts')).spreadLanes(machines, url, poolSize);
}

interface Parts {
  readonly assignment: LaneAssignment;
  readonly settings: OpeningSettings;
  readonly server: QueueServer;
  readonly startMs: number;
  readonly desk: Desk;
  readonly channel: QueueChannel;
  readonly lanes: readonly ChildLane[];
  /** Undefined: all lanes are on this one. */
  readonly machines: SpreadLanes | undefined;
}

function queueOf({ assignment, settings, server, startMs, desk, channel, lanes, machines }: Parts): BatchStrategy {
  const { poolSize, maxQueue = Number.POSITIVE_INFINITY, goesOn = false } = settings;
  const { concurrency } = assignment;
  const capacity = poolSize * concurrency;
  /** When each lane last ended a task that arrived by itself. */
  const lastEndNs: number[] = [];

  async function serverUsage(): Promise<Usage | undefined> {
    const counted = server.pid === undefined ? undefined : usageOfServer(server.pid);
    if (counted !== undefined) return counted;
    // A server that is gone has no usage; what waits for it fails by itself.
    const reported = await channel.serverCpu().catch(() => undefined);
    if (reported === undefined) return undefined;
    const { userMs, systemMs } = reported;
    return { ...NO_USAGE, cpuMs: userMs + systemMs, systemMs };
  }

  const serverIds = (): readonly number[] => (server.pid === undefined ? [] : processesOf(server.pid));

  async function usageOf(lane: ChildLane, index: number): Promise<Usage> {
    const usage = await lane.usage();
    return machines?.usageOf(usage, index) ?? usage;
  }

  function serve(task: Task): Promise<ServedRecord> {
    const arrivedNs = nowNs();
    const { index } = task;
    if (desk.unanswered() - capacity >= maxQueue)
      return Promise.resolve({ index, submittedNs: arrivedNs, receivedNs: arrivedNs, reply: { status: 'rejected' } });
    return new Promise((resolve) => {
      const onReply = (given: TaskReply): void => {
        const receivedNs = nowNs();
        const reply =
          machines?.inTimeHere([{ index, submittedNs: arrivedNs, receivedNs, reply: given }], arrivedNs)[0]?.reply ??
          given;
        let submittedNs = receivedNs;
        if (reply.status === 'ok') {
          // The queue does not show when a lane had room: not before it had ended the task before.
          submittedNs = Math.min(reply.startedNs, Math.max(arrivedNs, lastEndNs[reply.lane] ?? 0));
          lastEndNs[reply.lane] = reply.digestedNs;
          reply.output = hasContent(reply.output);
        }
        resolve({ index, submittedNs, receivedNs, reply });
      };
      desk.submit([{ task, onReply }]);
    });
  }

  return {
    laneKind: 'process',
    keepsLanes: true,
    run: async (tasks, watch, whenDone) => {
      const records: TaskRecord[] = [];
      const all = deferred<void>();
      const broken = deferred<void>();
      if (tasks.length === 0) all.resolve();
      const submitted = tasks.map((task): Submitted => {
        const { index } = task;
        const onReply = (reply: TaskReply): void => {
          records.push({ index, submittedNs: Number.NaN, receivedNs: nowNs(), reply });
          watch?.ended(index);
          // Free the output; only whether it has content is recorded.
          if (reply.status === 'ok') reply.output = hasContent(reply.output);
          else if (!goesOn || reply.status === 'lost') broken.resolve();
          if (records.length === tasks.length) all.resolve();
        };
        return { task, onReply };
      });
      for (const { index } of tasks) watch?.began(index);
      machines?.watch(true);
      const batchStartNs = nowNs();
      desk.submit(submitted);
      await allOrBroken(all.promise, broken.promise);
      whenDone?.();
      machines?.watch(false);
      desk.abandon();
      // Without a connection there is nothing to trim, and its end has been the reply of each task.
      await channel.trim().catch(() => undefined);
      const timed = machines === undefined ? records : await inTimeHere(records, machines, batchStartNs);
      const roomNs = roomForEach(timed, batchStartNs, concurrency);
      return timed
        .map((record) => ({ ...record, submittedNs: roomNs.get(record.index) ?? batchStartNs }))
        .toSorted((a, b) => a.index - b.index);
    },
    serve,
    // Only the server knows, and it is asked for it.
    underWay: () => [],
    whoRuns: async () =>
      (await desk.running()).map(({ task, lane }) => ({ task, lane: { kind: 'process', index: lane } })),
    deliveries: desk.deliveries,
    usage: async () => sumUsage(await Promise.all(lanes.map(usageOf))),
    server: { ...(server.pid !== undefined && { startMs }), processIds: serverIds, usage: serverUsage },
    activity: (notesResults) => Promise.all(lanes.map((lane) => lane.activity(notesResults))),
    processIds: () => [...lanes.map((lane) => lane.pid), ...serverIds()],
    close: async () => {
      desk.close();
      const last = await Promise.all(lanes.map((lane) => lane.close()));
      machines?.close();
      await channel.close();
      await server.close();
      return last.flatMap((word) => word?.error ?? []);
    },
  };
}

/** Records with all times on the clock of this machine. */
async function inTimeHere(
  records: readonly TaskRecord[],
  machines: SpreadLanes,
  sinceNs: Nanoseconds,
): Promise<readonly TaskRecord[]> {
  // A batch that failed may have lost its machine.
  if (records.every(({ reply }) => reply.status === 'ok')) await machines.compareClocks();
  return machines.inTimeHere(records, sinceNs);
}
