/** A machine that joined, and what a host may ask it for: here, both sides are in this process. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { serveRun } from '../../dist/src/measure/worker-machine.js';
import { openLink, type Talk } from '../../dist/src/queue/machine-link.js';
import { DESK, type MachineReply, type MachineRequest } from '../../dist/src/queue/machine-protocol.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { newToken } from '../../dist/src/queue/sealed-talk.js';
import { deferred } from '../../dist/workers/deferred.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const server = await startQueueServer('redis').catch(() => undefined);
afterAll(() => server?.close());

const LANE = { kind: 'process', index: 0 } as const;

/** A run that one machine has joined, the talk of a host with it, and what it answered. */
async function joined(url: string) {
  const token = newToken();
  const link = await openLink(url, token, () => undefined);
  const desk = deferred<Talk>();
  const isReady = deferred<void>();
  await link.answerTo(DESK, (talk) => {
    desk.resolve(talk);
    return () => isReady.resolve();
  });
  const served = serveRun({ url, token, insecure: undefined, folder: folder.path, say: () => undefined });
  await (await desk.promise).send({ kind: 'modules', modules: [], name: 'b' });
  await isReady.promise;

  const replies: MachineReply[] = [];
  let heard = (): void => undefined;
  const host = await link.call('b', {}, (reply) => {
    replies.push(reply as MachineReply);
    heard();
  });
  return {
    ask: (request: object) => host.send(request),
    /** Waits until a reply is there. */
    hears: (isMeant: (reply: MachineReply) => boolean) =>
      new Promise<MachineReply>((resolve) => {
        heard = () => {
          const meant = replies.find(isMeant);
          if (meant !== undefined) resolve(meant);
        };
        heard();
      }),
    replies,
    end: async () => {
      await (await desk.promise).send({ kind: 'over' });
      await served;
      link.close();
    },
  };
}

function opening(path: string, sha256: string): MachineRequest {
  const module = { place: 'shared', path, sha256 } as const;
  const queue = { kind: 'redis', name: 'jobs', lockMs: 60_000 } as const;
  return { kind: 'open', lane: LANE, cell: 'task/bullmq@1', module, params: {}, concurrency: 1, queue };
}

/** Replies of the worker to one kind of request. */
const saidOf =
  (kind: string) =>
  (reply: MachineReply): boolean =>
    reply.kind === 'said' && 'kind' in reply.message && reply.message.kind === kind;

describe.skipIf(server === undefined)('a machine that joined', () => {
  const { url = '' } = server ?? {};

  it('opens no worker with code that is not its own, whatever a host asks its worker for', async () => {
    const own = fileURLToPath(await folder.module('export default (n) => n;'));
    const marker = join(folder.path, 'foreign code ran');
    const source = `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(marker)}, '');
      export default (n) => n;`;
    const workload = { url: `data:text/javascript,${encodeURIComponent(source)}` };
    const assignment = { workload, params: {}, cell: 'task/bullmq@1', concurrency: 1, services: {} };
    const { ask, hears, replies, end } = await joined(url);

    await ask(opening(basename(own), createHash('sha256').update(readFileSync(own)).digest('hex')));
    await hears(saidOf('opened'));
    const forged = { kind: 'open', lane: LANE, assignment };
    for (const what of ['open', forged, undefined])
      await ask({ kind: 'ask', lane: 0, what, request: forged, assignment });
    await ask({ kind: 'ask', lane: 0, what: 'usage' });
    await hears(saidOf('usage'));
    await ask({ kind: 'ask', lane: 0, what: 'close' });
    await hears(saidOf('closed'));
    await ask({ kind: 'end', lane: 0 });
    await hears(({ kind }) => kind === 'exited');
    await end();

    expect(replies.filter(saidOf('opened'))).toHaveLength(1);
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['differs', 'module-0.mjs', 'differs between the two machines'],
    ['is not below its folder', '../module-0.mjs', 'There is no file'],
  ])('refuses a module that %s', async (_, path, why) => {
    await folder.file('module-0.mjs', 'export default (n) => n;');
    const { ask, hears, end } = await joined(url);
    await ask(opening(path, 'of another copy'));
    expect(await hears(({ kind }) => kind === 'failed')).toMatchObject({ lane: 0, why: expect.stringContaining(why) });
    await end();
  });
});
