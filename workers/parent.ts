/**
 * What every forked process of Lanewise does about its parent. Imported first, before any workload is loaded: a workload
 * that sends messages of its own, as `process.send?.('ready')` under a process manager, or hangs up with
 * `process.disconnect?.()`, finds no one at the other end, as in a process that was not forked.
 */
import { Socket } from 'node:net';
import { setInterval } from 'node:timers';
import { LIFELINE_FD } from './line-pipe.ts';

// Taken before a workload can replace it.
const exit = process.exit.bind(process);
const send = process.send?.bind(process);
delete process.send;
// Node itself calls it when the channel is closed from the other side, so it cannot be taken away.
process.disconnect = () => undefined;

/** The longest that a timer can be set for. */
const FOR_EVER_MS = 2 ** 31 - 1;
// A workload may unref the channel; a process that waits for its turn must not end for that.
setInterval(() => undefined, FOR_EVER_MS);

/** A pipe to the parent: it ends when the parent does, and nothing that a workload can reach closes it. */
export const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: true });
// A parent that is gone waits for nothing; its children end whatever they are doing.
lifeline.on('close', () => exit(0));
lifeline.on('error', () => undefined);
lifeline.resume();
// Ctrl-C reaches every process of a console on Windows: the parent decides what it means.
process.on('SIGINT', () => undefined);

/**
 * Receives what the parent sends, and nobody else does: a listener of a workload's, as of a worker file that also runs as a forked process,
 * is never called, and one that removes all listeners makes this process no deafer. Node asks whether there is a listener and then emits.
 */
export function onParentMessage(receive: (message: unknown) => void): void {
  // Its own types know each event by its name.
  const emitter: NodeJS.EventEmitter = process;
  const emit = emitter.emit.bind(emitter);
  const listenerCount = emitter.listenerCount.bind(emitter);
  process.on('message', receive);
  Object.assign(process, {
    emit: (event: string | symbol, ...args: unknown[]): boolean => {
      if (event !== 'message') return emit(event, ...args);
      receive(args[0]);
      return true;
    },
    listenerCount: (event: string | symbol, listener?: (...args: never[]) => unknown): number =>
      event === 'message' ? 1 : listenerCount(event, listener),
  });
}

/** @throws if the message cannot be cloned */
export function tellParent(message: object): void {
  send?.(message);
}
