// Taken before any workload is loaded, which may replace them.
const soon = queueMicrotask;
const afterwards = process.nextTick.bind(process);

/**
 * Starts a lane's tasks one after another, each after the promise callbacks of the previous one.
 *
 * `Promise.all(inputs.map(task))` runs the first part of every task before any promise settles: an async function that
 * never waits would appear to finish only after all the others have run. With turns, it appears to finish when it does.
 * No timer and no I/O runs between two tasks, so blocking work blocks the event loop as long as without turns.
 */
export function createTurns(): () => Promise<void> {
  let waiting: (() => void)[] = [];
  /** Those before it have had their turn: to shift a long array moves all of it. */
  let first = 0;
  let isTaken = false;

  function passOn(): void {
    // All microtasks run before the tick, and the tick before the event loop continues.
    soon(() => afterwards(next));
  }

  function next(): void {
    const start = waiting[first++];
    if (start === undefined) {
      waiting = [];
      first = 0;
      isTaken = false;
      return;
    }
    start();
    passOn();
  }

  // Not async: that would add two promises to each task.
  return function turn(): Promise<void> {
    if (isTaken) return new Promise((resolve) => void waiting.push(resolve));
    isTaken = true;
    passOn();
    return Promise.resolve();
  };
}
