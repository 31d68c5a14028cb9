// Taken before any workload is loaded, which may replace them.
const soon = queueMicrotask;
const afterwards = process.nextTick.bind(process);

/** So many past turns are kept at least, since to remove one moves all that wait. */
const KEPT = 1024;

/**
 * Starts a lane's tasks one after another, each after the promise callbacks of the previous one.
 *
 * `Promise.all(inputs.map(task))` runs the first part of every task before any promise settles: an async function that
 * never waits would appear to finish only after all the others have run. With turns, it appears to finish when it does.
 * No timer and no I/O runs between two tasks, so blocking work blocks the event loop as long as without turns.
 */
export function createTurns(): () => Promise<void> {
  let waiting: ((() => void) | undefined)[] = [];
  /** Those before it have had their turn. */
  let first = 0;
  let isTaken = false;

  function passOn(): void {
    // All microtasks run before the tick, and the tick before the event loop continues.
    soon(() => afterwards(next));
  }

  function next(): void {
    const start = waiting[first];
    if (start === undefined) {
      isTaken = false;
      return;
    }
    waiting[first++] = undefined;
    if (first >= KEPT && 2 * first >= waiting.length) {
      waiting = waiting.slice(first);
      first = 0;
    }
    start();
    passOn();
  }

  function wait(start: () => void): void {
    waiting.push(start);
  }

  // Not async: that would add two promises to each task.
  return function turn(): Promise<void> {
    if (isTaken) return new Promise(wait);
    isTaken = true;
    passOn();
    return Promise.resolve();
  };
}
