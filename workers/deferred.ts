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

/** Settles with the work, or rejects if that takes too long. Keeps the process alive meanwhile, as work may not. */
export async function within<Value>(work: Promise<Value>, limitMs: number, late: () => Error): Promise<Value> {
  const { promise: over, reject } = deferred<never>();
  const timer = setTimeout(() => reject(late()), limitMs);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs an action when there is room for one of its width. */
export type Slots = <Result>(action: () => Promise<Result>, width?: number) => Promise<Result>;

/**
 * Room for actions that run at once: who has waited longest goes first of those that fit, and one that never would runs
 * by itself.
 */
export function createSlots(room: number): Slots {
  const waiting: { readonly width: number; readonly go: () => void }[] = [];
  let taken = 0;
  const admit = (): void => {
    const next = waiting.findIndex(({ width }) => taken === 0 || taken + width <= room);
    for (const { width, go } of next === -1 ? [] : waiting.splice(next, 1)) {
      taken += width;
      go();
      admit();
    }
  };
  return async (action, width = 1) => {
    const { promise: admitted, resolve } = deferred<void>();
    waiting.push({ width, go: () => resolve() });
    admit();
    await admitted;
    try {
      return await action();
    } finally {
      taken -= width;
      admit();
    }
  };
}

/** Settles when all have; rejects with the first error in their order. */
export async function allEnded(promises: readonly Promise<unknown>[]): Promise<void> {
  for (const settled of await Promise.allSettled(promises)) if (settled.status === 'rejected') throw settled.reason;
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
