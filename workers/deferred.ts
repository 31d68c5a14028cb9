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
