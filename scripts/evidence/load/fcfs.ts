/** One task of a queue: when it arrived, and how long it ran, in ms. */
export interface Arrival {
  readonly arrivedMs: number;
  readonly serviceMs: number;
}

/**
 * Latency of each task in a queue that serves in the order of arrival (Kiefer and Wolfowitz, On the theory of queues
 * with many servers, 1955): a task begins when it has arrived and the first of the servers is free.
 *
 * @param arrivals in the order of arrival
 * @param servers tasks that can run at once
 * @returns from arrival to end, in ms, in the same order
 */
export function queueLatenciesMs(arrivals: readonly Arrival[], servers: number): readonly number[] {
  const freeMs = Array.from({ length: servers }, () => Number.NEGATIVE_INFINITY);
  return arrivals.map(({ arrivedMs, serviceMs }) => {
    let first = 0;
    // Evidence simulates millions of tasks: an iterator over the entries would take most of its time.
    for (let server = 1; server < servers; server++) if ((freeMs[server] ?? 0) < (freeMs[first] ?? 0)) first = server;
    const endMs = Math.max(arrivedMs, freeMs[first] ?? arrivedMs) + serviceMs;
    freeMs[first] = endMs;
    return endMs - arrivedMs;
  });
}
