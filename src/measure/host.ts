import type { HostAssignment, HostFailure, HostReply, HostRequest } from '../../workers/host-protocol.ts';
import { openWorkerProcess, ProcessFailure } from './worker-process.ts';

/** Opening loads the user's module and starts every lane; a machine that is busy needs its time. */
const OPEN_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 10_000;

type ReplyOf<Kind extends HostReply['kind']> = Extract<HostReply, { kind: Kind }>;

/** A host process: it runs one cell, a request at a time, and idles by waiting for the next message. */
export interface Host {
  readonly open: (assignment: HostAssignment) => Promise<ReplyOf<'opened'>>;
  /** One batch; `together` is how many hosts share the machine meanwhile. */
  readonly warm: (together: number) => Promise<ReplyOf<'warmed'>>;
  readonly measure: () => Promise<ReplyOf<'measured'>>;
  readonly trace: () => Promise<ReplyOf<'traced'>>;
  readonly close: () => Promise<ReplyOf<'closed'>>;
  /** Ends the process and all that it started, whatever they are doing. */
  readonly kill: () => Promise<void>;
}

/** The cell of a host failed; the others go on. */
export class HostError extends Error {
  readonly failure: HostFailure;

  constructor(failure: HostFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

export interface HostOptions {
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
}

export type StartHost = (options: HostOptions) => Promise<Host>;

export async function startHost({ timeoutMs, env }: HostOptions): Promise<Host> {
  const process = openWorkerProcess<HostRequest, HostReply>('host.js', { env });

  async function next<Kind extends HostReply['kind']>(
    kind: Kind,
    limitMs: number,
    late: string,
  ): Promise<ReplyOf<Kind>> {
    const reply = await process.next(limitMs).catch((thrown: unknown) => {
      if (!(thrown instanceof ProcessFailure)) throw thrown;
      const message = thrown.name === 'TimeoutError' ? late : thrown.message;
      throw new HostError({ error: { name: thrown.name, message } });
    });
    if (reply.kind === 'failed') throw new HostError(reply.failure);
    if (reply.kind === kind) return reply as ReplyOf<Kind>;
    throw new Error(`a host answered "${reply.kind}" where "${kind}" was due`);
  }

  async function ask<Kind extends HostReply['kind']>(
    request: HostRequest,
    kind: Kind,
    limitMs: number,
    late: string,
  ): Promise<ReplyOf<Kind>> {
    process.send(request);
    return next(kind, limitMs, late);
  }

  const lateBatch = `a batch did not end within ${timeoutMs / 1000} s: raise --timeout, or lower --tasks`;
  const lateOpening = `its lanes were not ready within ${OPEN_TIMEOUT_MS / 1000} s: the module, its \`input\` or its \`setup\` did not end`;
  try {
    await next('booted', OPEN_TIMEOUT_MS, 'its process did not start');
  } catch (thrown) {
    process.kill();
    throw thrown;
  }
  return {
    open: (assignment) => ask({ kind: 'open', assignment }, 'opened', OPEN_TIMEOUT_MS, lateOpening),
    warm: (together) => ask({ kind: 'warm' }, 'warmed', timeoutMs * together, lateBatch),
    measure: () => ask({ kind: 'measure' }, 'measured', timeoutMs, lateBatch),
    trace: () => ask({ kind: 'trace' }, 'traced', timeoutMs, lateBatch),
    close: () =>
      ask(
        { kind: 'close' },
        'closed',
        CLOSE_TIMEOUT_MS,
        `its \`teardown\` did not end within ${CLOSE_TIMEOUT_MS / 1000} s`,
      ),
    kill: async () => {
      process.kill();
      await process.end();
    },
  };
}
