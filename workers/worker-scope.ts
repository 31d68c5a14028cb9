/**
 * What a worker file finds around it: the workload is loaded as a worker of its user's own pool would load it, in whichever lane it is,
 * the main thread included, and never meets what Lanewise has given to a thread or a process of its own.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import workerThreads from 'node:worker_threads';

/** For lanes that are no threads: nothing ever arrives on it, and what is posted to it goes nowhere. */
let standIn: workerThreads.MessagePort | undefined;

let isOfAnotherPool = false;

/**
 * Leaves `parentPort` and `isMainThread` as they are from now on: the library that has started this worker reads them, too, maybe after
 * the workload has been loaded, to find its own parent.
 */
export function leaveToPool(): void {
  isOfAnotherPool = true;
}

/**
 * Sets what a module that is loaded afterwards finds in `node:worker_threads`: its own `workerData`, a `parentPort` at which nobody
 * listens, and that it is not the main thread. A file that listens to its parent on import, or that starts its pool where
 * `isMainThread` is true, can then be loaded for the function that it exports.
 */
export function enterWorkerScope(workerData: unknown): void {
  // A thread has a port of its own, at which its pool waits for it.
  if (workerThreads.parentPort === null && !isOfAnotherPool) {
    standIn = unheardPort();
    Object.assign(workerThreads, { parentPort: standIn });
  }
  Object.assign(workerThreads, { workerData: workerData ?? null, ...(!isOfAnotherPool && { isMainThread: false }) });
  syncBuiltinESMExports();
}

/** Neither end keeps a process alive, unless the module itself listens. */
function unheardPort(): workerThreads.MessagePort {
  const { port1, port2 } = new workerThreads.MessageChannel();
  port1.unref();
  // Read and dropped: a queue that nobody reads would grow.
  port2.on('message', () => undefined);
  port2.unref();
  return port1;
}

/**
 * The same for the copy of Piscina that the module finds beside it (`Piscina.isWorkerThread`, `Piscina.workerData`), which knows nothing of
 * lanes that it has not started. Those two have no setter: they read a state that the package keeps in a file of its own. A version of
 * Piscina that has no such file is left alone.
 */
export function enterPiscinaScope(moduleUrl: string, workerData: unknown): void {
  try {
    const require = createRequire(moduleUrl);
    const state = (require(join(dirname(require.resolve('piscina')), 'common.js')) as { readonly commonState?: object })
      .commonState;
    if (state !== undefined) Object.assign(state, { isWorkerThread: true, workerData });
  } catch {
    // The module’s project has no Piscina, or another kind of it.
  }
}

/** By what a module that has just been loaded waits for messages, if it does. */
export type MessageSource = '`parentPort`' | '`process.on("message")`' | 'the global `onmessage`';

/** Call before the module is loaded; the answer, after. */
export function watchForListeners(): () => MessageSource | undefined {
  // The modules before it, of which there may be several, have left theirs.
  const before = listeners();
  return () => {
    const now = listeners();
    if (now.atPort > before.atPort) return '`parentPort`';
    if (now.atProcess > before.atProcess) return '`process.on("message")`';
    return typeof now.global === 'function' && now.global !== before.global ? 'the global `onmessage`' : undefined;
  };
}

function listeners(): { readonly atPort: number; readonly atProcess: number; readonly global: unknown } {
  return {
    atPort: standIn?.listenerCount('message') ?? 0,
    // Not `listenerCount`, which answers for Lanewise in a process of its own.
    atProcess: process.listeners('message').length,
    global: Reflect.get(globalThis, 'onmessage'),
  };
}
