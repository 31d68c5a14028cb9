import { describe, expect, it } from 'vitest';
import { openConnections } from '../../dist/src/drive/connections.js';
import type { DriveAssignment, Driven } from '../../dist/src/drive/drive-protocol.js';
import { driveWindow } from '../../dist/src/drive/drive-window.js';
import { openMetronome } from '../../dist/src/host/metronome.js';
import { nowNs, pause } from '../../workers/clock.ts';
import type { Task, TaskRecord, TaskReply } from '../../workers/contract.ts';
import { openRequestServer } from '../../workers/request-server.ts';

const PATH = '/secret';
const metronomes = [await openMetronome(), await openMetronome()] as const;

async function waiting({ index }: Task, ms: number): Promise<TaskRecord> {
  const startedNs = nowNs();
  await pause(ms);
  const finishedNs = nowNs();
  const reply: TaskReply = {
    status: 'ok',
    lane: 0,
    startedNs,
    finishedNs,
    digestedNs: finishedNs,
    digest: String(index % 2),
    output: true,
  };
  return { index, submittedNs: startedNs, receivedNs: nowNs(), reply };
}

async function drive(
  serve: (task: Task) => Promise<TaskRecord>,
  dueMs: readonly number[],
  own: Partial<DriveAssignment['window']> = {},
  over: Partial<DriveAssignment> = {},
): Promise<Driven> {
  const { port, hold } = await openRequestServer(PATH, serve);
  hold(dueMs.map((_, index): Task => ({ index, input: index, traced: false, verified: true })));
  const assignment: DriveAssignment = {
    window: {
      rate: 100,
      dueMs,
      inputs: dueMs.map((_, index) => index % 2),
      settling: 0,
      objectiveMs: 1000,
      quantile: 0.5,
      mostUnfinished: 1000,
      keepsRequests: true,
      ...own,
    },
    tasks: 2,
    laneKind: 'process',
    isPoisson: false,
    probesDueMs: [1, 11, 21],
    seed: 1,
    ...over,
  };
  return driveWindow(assignment, PATH, openConnections(port, 4, 1), metronomes);
}

const DUE_MS = [0, 5, 10, 15, 20, 25];

describe('a window over HTTP', () => {
  it('sends each request when it is due, and has the times of both sides in their order', async () => {
    const { reading, requests = [], digests, probeMs, driver } = await drive((task) => waiting(task, 50), DUE_MS);
    expect(reading).toMatchObject({ offered: 6, sent: 6, done: 6, failed: 0 });
    expect(reading.parts.task.p50).toBeGreaterThanOrEqual(49);
    expect(digests).toEqual(['0', '1']);
    expect(probeMs?.n).toBe(3);
    expect(driver.sockets).toBeGreaterThanOrEqual(4);
    expect(requests.map(({ dueMs }) => dueMs)).toEqual(DUE_MS);
    for (const { dueMs, sentMs = 0, acceptedMs, startedMs, finishedMs, receivedMs } of requests) {
      const times = [dueMs, sentMs, acceptedMs, startedMs ?? 0, finishedMs ?? 0, receivedMs];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it('is over once too many requests are unanswered, also for pings', async () => {
    const { reading, probeMs } = await drive((task) => waiting(task, 60), DUE_MS, { mostUnfinished: 2 });
    expect(reading).toMatchObject({ offered: 6, sent: 2, done: 2, missed: 4 });
    expect(probeMs?.n).toBeLessThanOrEqual(3);
  });

  it('counts how requests fell to the workers of a cluster, also those that got none', async () => {
    let served = 0;
    const turns = async (task: Task): Promise<TaskRecord> => {
      const record = await waiting(task, 1);
      const lane = served++ < 4 ? 0 : 2;
      return { ...record, reply: { ...record.reply, lane } as TaskReply };
    };
    const { reading } = await drive(turns, DUE_MS, {}, { workers: 4 });
    expect(reading.byWorker).toEqual([4, 0, 2, 0]);
    expect((await drive(turns, DUE_MS)).reading.byWorker).toBeUndefined();
  });

  it('counts a task that throws as failed, and goes on', async () => {
    const error = { name: 'Error', message: 'no' };
    const { reading, lost } = await drive(async (task) => {
      const record = await waiting(task, 1);
      return task.index === 2 ? { ...record, reply: { status: 'failed', lane: 0, error } } : record;
    }, DUE_MS);
    expect(reading).toMatchObject({ sent: 6, done: 5, failed: 1, missed: 1 });
    expect(lost).toBeUndefined();
  });

  it('ends with a task that is lost with its lane, and names both', async () => {
    const error = { name: 'ProcessEnded', message: 'gone' };
    const { reading, lost } = await drive(
      async ({ index }) => ({ index, submittedNs: 1, receivedNs: 2, reply: { status: 'lost', lane: 1, error } }),
      [0, 200, 400],
    );
    expect(lost).toEqual({ error, task: 0, lane: { kind: 'process', index: 1 } });
    expect(reading.sent).toBe(1);
  });

  it('ends if the server does not answer as one of ours', async () => {
    const { lost } = await drive(async () => ({ reply: 'odd' }) as unknown as TaskRecord, [0, 200, 400]);
    expect(lost?.error).toMatchObject({ name: 'ConnectionError', message: expect.stringContaining('EBADMSG') });
  });

  it('is refused if its driver was held up, and keeps what was measured', async () => {
    const { reading, driver } = await drive(
      async (task) => {
        // This test is server and driver in one process.
        const until = performance.now() + 30;
        if (task.index === 1) while (performance.now() < until);
        return waiting(task, 1);
      },
      DUE_MS,
      { objectiveMs: 50 },
    );
    expect(driver.limits).toContain('late');
    expect(driver.limits).toContain('reads-late');
    expect(reading).toMatchObject({ state: 'driver-limited', done: 6 });
    expect(driver.lateMs.max).toBeGreaterThan(10);
  });

  it('is refused if its gaps are not those of Poisson arrivals', async () => {
    // All within 60 ms, where 6 s would be usual.
    const steady = Array.from({ length: 60 }, (_, index) => index);
    const { port, hold } = await openRequestServer(PATH, (task) => waiting(task, 1));
    hold(steady.map((_, index): Task => ({ index, input: index, traced: false, verified: false })));
    const window = {
      rate: 10,
      dueMs: steady,
      inputs: steady.map(() => 0),
      settling: 0,
      objectiveMs: 1000,
      quantile: 0.5,
      mostUnfinished: 1000,
      keepsRequests: false,
    };
    const assignment = { window, tasks: 1, laneKind: 'main', isPoisson: true, probesDueMs: [], seed: 1 } as const;
    const { driver, probeMs } = await driveWindow(assignment, PATH, openConnections(port, 4, 1), metronomes);
    expect(driver.limits).toContain('not-poisson');
    expect(probeMs).toBeUndefined();
  });
});
