import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { median } from '../../../src/stats/quantile.ts';
import type { QueueServer } from '../../../src/queue/queue-server.ts';
import { loadBullmq, reaching } from '../../../workers/bullmq-package.ts';
import { NS_PER_MS, nowNs } from '../../../workers/clock.ts';
import { commandTimes } from '../../../workers/commands.ts';
import { WORKS, type WorkName } from './processor.ts';
import type { Mode, WorkerReply, WorkerRequest } from './worker.ts';

export interface QueueConfiguration {
  readonly work: WorkName;
  readonly mode: Mode;
  readonly concurrency: number;
}

/** Microseconds of a job: the median of the batches. */
export interface Price {
  readonly wallUs: number;
  readonly producerCpuUs: number;
  /** With its sandboxes. */
  readonly workerCpuUs: number;
  /** Undefined where the system does not report it. */
  readonly serverCpuUs?: number;
}

const US_PER_MS = 1000;
/** Longer than any batch takes. */
const LOCK_MS = 600_000;

/** @throws Error if a job fails or the worker ends */
export async function measureQueue(
  { kind, url }: QueueServer,
  { work, mode, concurrency }: QueueConfiguration,
  { batches, jobs = WORKS[work].jobs }: { readonly batches: number; readonly jobs?: number | undefined },
): Promise<Price> {
  const access = { kind, url, name: `evidence_${randomBytes(6).toString('hex')}`, lockMs: LOCK_MS };
  const bullmq = loadBullmq();
  const { options, backend } = reaching(bullmq, access, true);
  const queue = new bullmq.Queue(access.name, options, backend);
  // The tables are there before the worker looks for them.
  await queue.waitUntilReady();
  const worker = fork(fileURLToPath(new URL('worker.js', import.meta.url)));
  const asked = asking(worker);
  try {
    await asked.ask({ kind: 'open', access, mode, concurrency }, 'ready');
    const batch = Array.from({ length: jobs }, (_, index) => ({ name: work, data: WORKS[work].input(index) }));
    const prices: Price[] = [];
    // The first one warms everything up.
    for (let number = 0; number <= batches; number++) {
      const before = await asked.ask({ kind: 'expect', jobs }, 'expecting');
      const done = asked.next('done');
      const [ownBefore, startedNs] = [cpuNow(), nowNs()];
      await Promise.all([queue.addBulk(batch), done]);
      const own = cpuNow();
      const { atNs, cpuMs } = await done;
      const workerMs = cpuMs - before.cpuMs;
      const descendantsMs = own.descendantsMs - ownBefore.descendantsMs;
      const perJob = (ms: number): number => (ms / jobs) * US_PER_MS;
      const price = {
        wallUs: perJob((atNs - startedNs) / NS_PER_MS),
        producerCpuUs: perJob(own.ownMs - ownBefore.ownMs),
        workerCpuUs: perJob(workerMs),
        serverCpuUs: perJob(Math.max(0, descendantsMs - workerMs)),
      };
      if (number > 0) prices.push(price);
    }
    return medianPrice(prices);
  } finally {
    if (worker.connected) worker.send({ kind: 'close' } satisfies WorkerRequest);
    await asked.ended;
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

/** The CPU time of this process, and of all that it has started: the server and the worker. */
function cpuNow(): { readonly ownMs: number; readonly descendantsMs: number } {
  const { user, system } = process.cpuUsage();
  return { ownMs: (user + system) / US_PER_MS, descendantsMs: commandTimes()?.cpuMs ?? Number.NaN };
}

/** The median of each field. @throws RangeError if there is none */
export function medianPrice(prices: readonly Price[]): Price {
  const of = (read: (price: Price) => number): number => median(prices.map(read));
  const serverCpuUs = of((price) => price.serverCpuUs ?? Number.NaN);
  return {
    wallUs: of((price) => price.wallUs),
    producerCpuUs: of((price) => price.producerCpuUs),
    workerCpuUs: of((price) => price.workerCpuUs),
    ...(!Number.isNaN(serverCpuUs) && { serverCpuUs }),
  };
}

interface Replies {
  readonly ready: { readonly kind: 'ready' };
  readonly expecting: CountedReply;
  readonly done: CountedReply;
}
type CountedReply = Extract<WorkerReply, { atNs: number }>;

interface Asking {
  readonly ask: <Kind extends keyof Replies>(request: WorkerRequest, kind: Kind) => Promise<Replies[Kind]>;
  /** The next reply. @throws Error if it is another one, or the worker ends */
  readonly next: <Kind extends keyof Replies>(kind: Kind) => Promise<Replies[Kind]>;
  readonly ended: Promise<void>;
}

/** A worker is asked one thing at a time. */
function asking(worker: ChildProcess): Asking {
  let settle: ((reply: WorkerReply) => void) | undefined;
  worker.on('message', (reply: WorkerReply) => settle?.(reply));
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      settle?.({ kind: 'failed', message: `the worker ended with exit code ${code}` });
      resolve();
    });
  });
  const next: Asking['next'] = (kind) =>
    new Promise((resolve, reject) => {
      settle = (reply) => {
        if (reply.kind === kind) resolve(reply as Replies[typeof kind]);
        else reject(new Error(reply.kind === 'failed' ? reply.message : `${reply.kind} where ${kind} was due`));
      };
    });
  return {
    ask: (request, kind) => {
      const reply = next(kind);
      worker.send(request);
      return reply;
    },
    next,
    ended,
  };
}
