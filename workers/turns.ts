// Taken before any workload is loaded, which may replace them.
const soon = queueMicrotask;
const afterwards = process.nextTick.bind(process);

/** A task that waits for its turn, and the one after it. */
interface Waiting {
  readonly start: () => void;
  next: Waiting | undefined;
}

/**
 * Starts a lane's tasks one after another, each after the promise callbacks of the previous one.
 *
 * `Promise.all(inputs.map(task))` runs the first part of every task before any promise settles: an async function that
 * never waits would appear to finish only after all the others have run. With turns, it appears to finish when it does.
 * No timer and no I/O runs between two tasks, so blocking work blocks the event loop as long as without turns.
 */
export function createTurns(): () => Promise<void> {
  /** A list: to shift a long array moves all of it, and one that is only appended to keeps what is done. */
  let first: Waiting | undefined;
  let last: Waiting | undefined;
  let isTaken = false;

  function passOn(): void {
    // All microtasks run before the tick, and the tick before the event loop continues.
    soon(() => afterwards(next));
  }

  function next(): void {
    if (first === undefined) {
      isTaken = false;
      return;
    }
    const { start } = first;
    first = first.next;
    start();
    passOn();
  }

  function wait(start: () => void): void {
    const added = { start, next: undefined };
    if (first === undefined || last === undefined) first = added;
    else last.next = added;
    last = added;
  }

  // Not async: that would add two promises to each task.
  return function turn(): Promise<void> {
    if (isTaken) return new Promise(wait);
    isTaken = true;
    passOn();
    return Promise.resolve();
  };
}
