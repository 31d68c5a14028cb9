import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** A promise that is settled from outside; `Promise.withResolvers` needs Node 22. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

export function deferred<Value>(): Deferred<Value> {
  let settle: Pick<Deferred<Value>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // The executor has run by now: the Promise constructor calls it synchronously.
  return { promise, resolve: (value) => settle?.resolve(value), reject: (reason) => settle?.reject(reason) };
}

/** Settles with the work, or with the result of `onAbort` as soon as the signal is aborted, and then ignores the work. */
export async function orAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
  onAbort: () => Value,
): Promise<Value> {
  const { promise: stopped, resolve } = deferred<Value>();
  const stop = (): void => resolve(onAbort());
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  try {
    return await Promise.race([stopped, work]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Runs an action for each item, several at once within a width: the next one in order that fits, and one that never
 * would by itself. Settles when all are done; rejects with the first error.
 */
export async function inParallel<Item>(
  width: number,
  items: readonly Item[],
  action: (item: Item) => Promise<void>,
  widthOf: (item: Item) => number = () => 1,
): Promise<void> {
  const waiting = [...items];
  const running = new Map<Item, Promise<void>>();
  const failures: unknown[] = [];
  const run = async (item: Item): Promise<void> => {
    await action(item).catch((thrown: unknown) => failures.push(thrown));
    running.delete(item);
  };
  while (waiting.length > 0) {
    const free = width - [...running.keys()].reduce((sum, item) => sum + widthOf(item), 0);
    const next = waiting.findIndex((item) => running.size === 0 || widthOf(item) <= free);
    for (const item of next === -1 ? [] : waiting.splice(next, 1)) running.set(item, run(item));
    if (next === -1) await Promise.race(running.values());
  }
  await Promise.all(running.values());
  if (failures.length > 0) throw failures[0];
}

/** A timer that has not run yet. */
export interface Waiting {
  readonly clear: () => void;
  /** Lets this process end meanwhile. */
  readonly unref: () => void;
}

/**
 * Calls after so many ms, when all has been read that came in this time. A plain timer of a process that was kept from
 * running is called before that, and takes what is there for what did not come.
 */
export function afterReading(ms: number, callback: () => void): Waiting {
  let reading: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    reading = setImmediate(callback);
  }, ms);
  return {
    clear: () => {
      clearTimeout(timer);
      clearImmediate(reading);
    },
    unref: () => void timer.unref(),
  };
}
