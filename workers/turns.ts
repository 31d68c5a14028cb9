// Taken before any workload is loaded, which may replace them.
const soon = queueMicrotask;
const afterwards = process.nextTick.bind(process);

/**
 * Starts a lane's tasks one at a time: the next one once the promises of the one before have had their turn.
 *
 * `Promise.all(inputs.map(task))` runs the first part of every task before any promise settles, so that an async
 * function which never waits would be seen to finish only after all of its neighbours ran. Here it is seen to finish
 * when it did. Nothing else may come in between (no timer, no I/O): work that blocks the loop blocks it as long.
 */
export function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let isTaken = false;

  function passOn(): void {
    // All microtasks run before the tick, and the tick before anything of the event loop.
    soon(() => afterwards(next));
  }

  function next(): void {
    const start = waiting.shift();
    if (start === undefined) {
      isTaken = false;
      return;
    }
    start();
    passOn();
  }

  return async function turn(): Promise<void> {
    if (isTaken) return new Promise((resolve) => waiting.push(resolve));
    isTaken = true;
    passOn();
  };
}
