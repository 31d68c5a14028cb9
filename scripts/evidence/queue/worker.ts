/** A process with one BullMQ worker, as users start it. It counts the jobs that end. */
import type { Job, Processor } from 'bullmq';
import { loadBullmq, reaching } from '../../../workers/bullmq-package.ts';
import type { QueueAccess } from '../../../workers/queue-access.ts';
import { nowNs } from '../../../workers/clock.ts';
import { usageOfThisProcess } from '../../../workers/usage.ts';
import run from './processor.ts';

/** Where a job runs: in the worker's process, or in one of BullMQ's sandboxes. */
export const MODES = ['in process', 'sandboxed process', 'sandboxed thread'] as const;
export type Mode = (typeof MODES)[number];

export type WorkerRequest =
  | {
      readonly kind: 'open';
      readonly access: QueueAccess;
      readonly mode: Mode;
      readonly concurrency: number;
    }
  /** Expects that many jobs more. */
  | { readonly kind: 'expect'; readonly jobs: number }
  | { readonly kind: 'close' };

export type WorkerReply =
  | { readonly kind: 'ready' }
  /** With the CPU time of this process and its sandboxes since its start. */
  | { readonly kind: 'expecting' | 'done'; readonly atNs: number; readonly cpuMs: number }
  | { readonly kind: 'failed'; readonly message: string };

/** A worker that waits for jobs must not wake up in the batch of another one. */
const IDLE_S = 300;

let worker: ReturnType<typeof open> | undefined;
let expected = 0;

process.on('message', (request: WorkerRequest) => void take(request).catch(fail));
process.on('disconnect', () => process.exit());

async function take(request: WorkerRequest): Promise<void> {
  switch (request.kind) {
    case 'open':
      worker = open(request);
      await worker.waitUntilReady();
      return reply({ kind: 'ready' });
    case 'expect':
      expected = request.jobs;
      return reply({ kind: 'expecting', ...now() });
    case 'close':
      await worker?.close();
      return process.disconnect();
    default:
      return request satisfies never;
  }
}

function open({ access, mode, concurrency }: Extract<WorkerRequest, { kind: 'open' }>) {
  const processor: Processor | URL =
    mode === 'in process' ? (job: Job) => run(job) : new URL('processor.js', import.meta.url);
  const bullmq = loadBullmq();
  const { options, backend } = reaching(bullmq, access);
  const opened = new bullmq.Worker(
    access.name,
    processor,
    {
      ...options,
      concurrency,
      useWorkerThreads: mode === 'sandboxed thread',
      drainDelay: IDLE_S,
      lockDuration: access.lockMs,
      maxStalledCount: 0,
      removeOnComplete: { count: 0 },
    },
    backend,
  );
  opened.on('completed', () => {
    expected -= 1;
    if (expected === 0) reply({ kind: 'done', ...now() });
  });
  opened.on('failed', (_job, error) => fail(error));
  opened.on('error', fail);
  return opened;
}

function now(): { readonly atNs: number; readonly cpuMs: number } {
  return { atNs: nowNs(), cpuMs: usageOfThisProcess().cpuMs };
}

function fail(thrown: unknown): void {
  reply({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
}

function reply(message: WorkerReply): void {
  process.send?.(message);
}
