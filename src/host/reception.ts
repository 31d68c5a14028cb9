/** The server of a host: requests for tasks come from another process, window by window. */
import type { ReplyOf } from '../model/schema/host-reply.ts';
import { costsOf, type MeasuredBatch } from '../stats/sample.ts';
import { deferred } from '../../workers/deferred.ts';
import { openRequestServer } from '../../workers/request-server.ts';
import { lostReply } from '../lanes/lane-ended-error.ts';
import type { LaneServer } from '../lanes/strategy.ts';
import { lowerPriority } from './lower-priority.ts';
import { arrivingTasks, ONLY_BATCHES, type Windows } from './serve-window.ts';
import { TaskFailure } from './task-failure.ts';

export interface Reception {
  readonly listening: ReplyOf<'listening'>;
  /** Holds the tasks of a window, and begins to measure. @param inputs the input of each arrival */
  readonly accept: (inputs: readonly number[]) => Promise<ReplyOf<'accepting'>>;
  /** Ends the window. */
  readonly finish: () => Promise<ReplyOf<'finished'>>;
}

/** @throws TaskFailure for a strategy that only runs batches */
export async function openReception({ strategy, meter, makeTasks, note }: Windows, path: string): Promise<Reception> {
  const server = await (strategy.listen?.(path) ?? serverInHost(strategy.serve, path));
  const isNice = lowerPriority([process.pid, ...strategy.processIds()]);
  let window: { readonly end: () => void; readonly measured: Promise<MeasuredBatch<unknown>> } | undefined;
  return {
    listening: { kind: 'listening', port: server.port, isNice },
    accept: async (inputs) => {
      await server.hold(await arrivingTasks(inputs, makeTasks));
      note(inputs);
      const begun = deferred<void>();
      const over = deferred<void>();
      const measured = meter.measure(() => {
        begun.resolve();
        return over.promise;
      });
      window = { end: over.resolve, measured };
      await begun.promise;
      return { kind: 'accepting' };
    },
    finish: async () => {
      if (window === undefined) throw new Error('a host was to end a window that it had not begun');
      window.end();
      const measured = await window.measured;
      note([]);
      const released = await server.release().catch((thrown: unknown) => {
        const { error, lane } = lostReply(thrown);
        throw new TaskFailure({ error, ...(lane !== undefined && { lane: { kind: strategy.laneKind, index: lane } }) });
      });
      const loopDelaysMs = released ?? measured.loopDelaysMs;
      return { kind: 'finished', costs: costsOf({ ...measured, loopDelaysMs }) };
    },
  };
}

/** A server on the event loop of this process, which hands every task to the strategy. */
async function serverInHost(serve: Windows['strategy']['serve'], path: string): Promise<LaneServer> {
  if (serve === undefined) throw new TaskFailure({ error: ONLY_BATCHES });
  const { port, hold } = await openRequestServer(path, serve);
  return { port, hold: async (tasks) => hold(tasks), release: async () => undefined };
}
