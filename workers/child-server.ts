/** The server in a child process that is a worker of a cluster. */
import { watchLoopDelay, type LoopDelayMonitor } from '../src/host/loop-delay.ts';
import { nowNs } from './clock.ts';
import type { Task, TaskRecord } from './contract.ts';
import { openRequestServer, type RequestServer } from './request-server.ts';
import { runTask, type Lane } from './task.ts';
import { fromWire } from './wire.ts';

export type ServerRequest =
  | { readonly kind: 'listen'; readonly path: string }
  /** A task of the next window. */
  | { readonly kind: 'hold'; readonly index: number; readonly verified: boolean; readonly input: unknown }
  /** All its tasks have been sent. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'release' };

export type ServerReply =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'held' }
  /** How late timers of the event loop were in the window, ms. */
  | { readonly kind: 'released'; readonly delaysMs: readonly number[] };

export function serverOf(lane: Lane): (request: ServerRequest) => Promise<ServerReply | undefined> {
  let server: RequestServer | undefined;
  let tasks: Task[] = [];
  let monitor: LoopDelayMonitor | undefined;

  async function serve(task: Task): Promise<TaskRecord> {
    const submittedNs = nowNs();
    const reply = fromWire(await runTask(lane, task));
    return { index: task.index, submittedNs, receivedNs: nowNs(), reply };
  }

  return async (request) => {
    switch (request.kind) {
      case 'listen':
        server = await openRequestServer(request.path, serve);
        return { kind: 'listening', port: server.port };
      case 'hold': {
        const { index, verified, input } = request;
        tasks.push({ index, verified, input, traced: false });
        return undefined;
      }
      case 'begin':
        server?.hold(tasks);
        tasks = [];
        monitor = watchLoopDelay();
        return { kind: 'held' };
      case 'release':
        return { kind: 'released', delaysMs: [...(monitor?.stop() ?? [])] };
      default:
        return request satisfies never;
    }
  };
}
