/**
 * Latency of each task in a queue whose tasks all take as long, and are served in the order of arrival: they leave in
 * that order too, so a task begins when it has arrived and the one as many places before it as there are servers has left.
 *
 * @param arrived when each task arrives, ascending
 * @param length how long each takes, in the same unit
 * @param servers tasks that can run at once
 * @returns from arrival to end, in the same unit and order
 */
export function evenLatencies(arrived: ArrayLike<number>, length: number, servers: number): Float64Array {
  const ends = new Float64Array(arrived.length);
  const latencies = new Float64Array(arrived.length);
  for (let task = 0; task < ends.length; task++) {
    const at = arrived[task] ?? 0;
    const end = Math.max(at, task < servers ? at : (ends[task - servers] ?? at)) + length;
    ends[task] = end;
    latencies[task] = end - at;
  }
  return latencies;
}
