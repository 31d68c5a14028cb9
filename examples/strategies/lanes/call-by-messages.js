/**
 * Sends each message to the worker with the fewest open ones, and settles with its answer.
 *
 * @param workers emit `message` with `{ id, answer }` or `{ id, error }`, and `error` or `exit` when they end
 */
export function callByMessages(workers, send) {
  let last = 0;
  const lanes = workers.map((worker) => ({ worker, waiting: new Map() }));
  for (const { worker, waiting } of lanes) {
    worker.on('message', ({ id, answer, error }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) resolve(answer);
      else reject(error);
    });
    const end = (error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('error', end);
    worker.on('exit', (code) => end(new Error(`the worker ended with exit code ${code}`)));
  }
  return (message) =>
    new Promise((resolve, reject) => {
      const lane = lanes.reduce((best, other) => (other.waiting.size < best.waiting.size ? other : best));
      const id = ++last;
      lane.waiting.set(id, { resolve, reject });
      try {
        send(lane.worker, { id, message });
      } catch (error) {
        // An input that cannot be cloned was never sent.
        lane.waiting.delete(id);
        reject(error);
      }
    });
}
