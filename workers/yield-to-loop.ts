// Taken before any workload is loaded, so that one which patches timers cannot bend the measurement.
const nextTurn = setImmediate;

/** Gives the event loop one turn, in which others of the lane can run. */
export function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}
