/**
 * The surroundings of a worker file: in every lane, including the main thread, the workload is loaded as in a worker of
 * the user's own pool, and never sees the settings of Lanewise's own threads and processes.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import workerThreads from 'node:worker_threads';

/** For lanes that are not threads: it receives nothing, and messages posted to it are dropped. */
let standIn: workerThreads.MessagePort | undefined;

/** The same as it was before; undefined: it has not been changed. */
let outside: Pick<typeof workerThreads, 'parentPort' | 'isMainThread' | 'workerData'> | undefined;

let isOfAnotherPool = false;

/**
 * Keeps `parentPort` and `isMainThread` unchanged from now on: the library that started this worker needs them, too,
 * perhaps after the workload has been loaded, to find its own parent.
 */
export function leaveToPool(): void {
  isOfAnotherPool = true;
}

/**
 * Sets `node:worker_threads` for modules that are loaded afterwards: their `workerData`, a `parentPort` without
 * listeners, and `isMainThread` false. A file that listens to its parent on import, or that starts its pool if
 * `isMainThread` is true, can then be loaded for its exported function.
 */
export function enterWorkerScope(workerData: unknown): void {
  const { parentPort, isMainThread, workerData: given } = workerThreads;
  outside ??= { parentPort, isMainThread, workerData: given as unknown };
  // A thread has its own port, at which its pool waits for it.
  if (workerThreads.parentPort === null && !isOfAnotherPool) {
    standIn = unheardPort();
    Object.assign(workerThreads, { parentPort: standIn });
  }
  Object.assign(workerThreads, { workerData: workerData ?? null, ...(!isOfAnotherPool && { isMainThread: false }) });
  syncBuiltinESMExports();
}

/** Undoes {@link enterWorkerScope} for a pool library, which may only start its workers from the main thread. */
export function leaveWorkerScope(): void {
  if (outside === undefined) return;
  Object.assign(workerThreads, outside);
  outside = undefined;
  syncBuiltinESMExports();
}

/** A port whose messages are dropped. Does not keep the process alive, unless the module itself listens. */
function unheardPort(): workerThreads.MessagePort {
  const { port1, port2 } = new workerThreads.MessageChannel();
  port1.unref();
  // Read and dropped, since an unread queue would grow.
  port2.on('message', () => undefined);
  port2.unref();
  return port1;
}

/**
 * Sets `Piscina.isWorkerThread` and `Piscina.workerData` in the copy of Piscina that the module imports, which did not
 * start this lane. They have no setter, but read a state in a separate file of the package; a version of Piscina
 * without that file stays unchanged.
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

/** Places at which a module may listen for messages. */
export type MessageSource = '`parentPort`' | '`process.on("message")`' | 'the global `onmessage`';

/** Call before the module is loaded, and the returned function after: it finds where the module listens. */
export function watchForListeners(): () => MessageSource | undefined {
  // Modules that were loaded earlier may have listeners, too.
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
    // Ports of Deno have no such method.
    atPort: standIn !== undefined && 'listenerCount' in standIn ? standIn.listenerCount('message') : 0,
    atProcess: process.listenerCount('message'),
    global: Reflect.get(globalThis, 'onmessage'),
  };
}
