// Taken before any workload is loaded, which may replace them.
const soon = queueMicrotask;
const afterwards = process.nextTick.bind(process);

/** So many past turns are kept at least, since to remove one moves all that wait. */
const KEPT = 1024;

export interface Turns {
  /** Resolves when the promise callbacks of all that started before have run. */
  readonly next: () => Promise<void>;
  /** Whether nobody waits for a turn. */
  readonly areIdle: () => boolean;
}

/**
 * Starts a lane's tasks one after another, each after the promise callbacks of the previous one.
 *
 * `Promise.all(inputs.map(task))` runs the first part of every task before any promise settles: an async function that
 * never waits would appear to finish only after all the others have run. With turns, it appears to finish when it does.
 * No timer and no I/O runs between two tasks, so blocking work blocks the event loop as long as without turns.
 */
export function createTurns(): Turns {
  let waiting: ((() => void) | undefined)[] = [];
  /** Those before it have had their turn. */
  let first = 0;
  let isTaken = false;

  function passOn(): void {
    // All microtasks run before the tick, and the tick before the event loop continues.
    soon(() => afterwards(startNext));
  }

  function startNext(): void {
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

  return {
    // Not async: that would add two promises to each task.
    next: () => {
      if (!isTaken) {
        isTaken = true;
        passOn();
      }
      return new Promise(wait);
    },
    areIdle: () => !isTaken,
  };
}
