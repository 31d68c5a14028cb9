import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openRequestServer } from '../../dist/workers/request-server.js';
import type { Task, TaskRecord } from '../../workers/contract.ts';
import { nowNs, pause } from '../../workers/clock.ts';

const taskOf = (index: number): Task => ({ index, input: index, traced: false, verified: false });

async function run({ index }: Task): Promise<TaskRecord> {
  const startedNs = nowNs();
  await pause(2);
  const finishedNs = nowNs();
  return {
    index,
    submittedNs: startedNs,
    receivedNs: finishedNs,
    reply: { status: 'ok', lane: 0, startedNs, finishedNs, digestedNs: finishedNs, digest: 'd', output: 'large' },
  };
}

const PATH = '/secret';
const openServer = async (serve = run) => {
  const { port, hold } = await openRequestServer(PATH, serve);
  return { port, hold, get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) };
};

describe('a server of tasks', () => {
  it('answers with the record of a task, and when its request was read', async () => {
    const { hold, get } = await openServer();
    hold([taskOf(0), taskOf(1)]);
    const answer = await get(`${PATH}/t/1`);
    const record = (await answer.json()) as { arrivedNs: number; reply: { startedNs: number } };
    expect(answer.status).toBe(200);
    expect(record).toMatchObject({ index: 1, reply: { status: 'ok', digest: 'd', output: true } });
    expect(record.arrivedNs).toBeLessThanOrEqual(record.reply.startedNs);
  });

  it('answers with the error of a task that failed', async () => {
    const error = { name: 'Error', message: 'no' };
    const { hold, get } = await openServer(async ({ index }) => ({
      index,
      submittedNs: 1,
      receivedNs: 2,
      reply: { status: 'failed', lane: 0, error },
    }));
    hold([taskOf(0)]);
    const answer = await get(`${PATH}/t/0`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ reply: { status: 'failed', error } });
  });

  it('runs each task once, and those of the current window only', async () => {
    const { hold, get } = await openServer();
    hold([taskOf(0), taskOf(1)]);
    const statusOf = async (index: number): Promise<number> => (await get(`${PATH}/t/${index}`)).status;
    expect([await statusOf(0), await statusOf(0), await statusOf(2)]).toEqual([200, 404, 404]);
    hold([taskOf(0)]);
    expect([await statusOf(1), await statusOf(0)]).toEqual([404, 200]);
  });

  it('answers a ping at once, while a task is running', async () => {
    const { hold, get } = await openServer(async (task) => {
      await pause(300);
      return run(task);
    });
    hold([taskOf(0)]);
    const ends: string[] = [];
    await Promise.all([
      get(`${PATH}/t/0`).then(() => ends.push('task')),
      get(`${PATH}/ping`).then(() => ends.push('ping')),
    ]);
    expect(ends).toEqual(['ping', 'task']);
  });

  it.each([
    '/',
    '/ping',
    '/t/0',
    '/secrets/ping',
    '/secret',
    '/secret/t/',
    '/secret/t/x',
    '/secret/t/0x0',
    '/secret/t/00',
  ])('serves nobody who asks for %s', async (path) => {
    const { hold, get } = await openServer();
    hold([taskOf(0)]);
    expect((await get(path)).status).toBe(404);
  });

  it('listens on the loopback address only, on a port that is free', async () => {
    const [one, other] = [await openServer(), await openServer()];
    expect(one.port).not.toBe(other.port);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => !internal && family === 'IPv4');
    const answers = await Promise.all(
      others.map(({ address }) => fetch(`http://${address}:${one.port}${PATH}/ping`).catch(() => 'refused')),
    );
    expect(answers).toEqual(others.map(() => 'refused'));
  });
});
