import { randomBytes } from 'node:crypto';
import type { DriveAssignment, Driven, DriverReply, DriverRequest, ServerAddress } from '../drive/drive-protocol.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { HostError, START_TIMEOUT_MS } from './host.ts';
import { openWorkerProcess, ProcessFailure, type WorkerProcess } from './worker-process.ts';

/** The process that sends the requests of a load measurement. It is started when it is first needed. */
export interface Driver {
  /** Opens connections to a server, and warms both sides up. */
  readonly connect: (server: ServerAddress, seed: number) => Promise<void>;
  /** @returns undefined if it takes longer than `limitMs` @throws HostError if the driver ends */
  readonly drive: (server: ServerAddress, drive: DriveAssignment, limitMs: number) => Promise<Driven | undefined>;
  readonly close: () => Promise<void>;
}

type DriverProcess = WorkerProcess<DriverRequest, DriverReply>;

export function createDriver(): Driver {
  let started: Promise<DriverProcess> | undefined;

  async function ask<Kind extends DriverReply['kind']>(
    request: DriverRequest,
    kind: Kind,
    limitMs: number,
  ): Promise<Extract<DriverReply, { kind: Kind }>> {
    const process = await (started ??= start());
    try {
      process.send(request);
      const reply = await process.next(limitMs);
      if (reply.kind === kind) return reply as Extract<DriverReply, { kind: Kind }>;
      throw new RangeError(`the driver answered "${reply.kind}" where "${kind}" was due`);
    } catch (thrown) {
      // It may still be sending requests, so another one begins afresh.
      started = undefined;
      process.kill();
      throw thrown;
    }
  }

  return {
    connect: async (server, seed) => {
      await ask({ kind: 'connect', server, seed }, 'connected', START_TIMEOUT_MS).catch(rethrown);
    },
    drive: (server, drive, limitMs) =>
      ask({ kind: 'drive', server, drive }, 'driven', limitMs).catch((thrown: unknown) => {
        if (thrown instanceof ProcessFailure && thrown.name === 'TimeoutError') return undefined;
        return rethrown(thrown);
      }),
    close: async () => {
      await (await started)?.end();
    },
  };
}

/** A path that nobody can guess, so that a server on the loopback address serves nobody else. */
export function secretPath(): string {
  return `/${randomBytes(16).toString('hex')}`;
}

async function start(): Promise<DriverProcess> {
  const process = openWorkerProcess<DriverRequest, DriverReply>('driver.cjs', { isReply });
  await process.next(START_TIMEOUT_MS);
  return process;
}

/** No other code runs in it. */
function isReply(message: unknown): message is DriverReply {
  return isObject(message) && typeof message.kind === 'string';
}

function rethrown(thrown: unknown): never {
  if (!(thrown instanceof ProcessFailure)) throw thrown;
  const { name, message } = thrown;
  throw new HostError({ error: { name, message: `the process that sends the requests: ${message}` } });
}
