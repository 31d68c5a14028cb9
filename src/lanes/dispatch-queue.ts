import type { FixedQueue } from 'piscina';
import { nowNs } from '../../workers/clock.ts';
import type { Nanoseconds } from '../../workers/contract.ts';

/** An item of Piscina's task queue. */
type Queued = Parameters<FixedQueue['push']>[0];

/**
 * A first-in-first-out queue for Piscina, which also records when each task leaves it for a thread: a batch is
 * submitted to Piscina whole, as its users do, and the time that each task was queued is still known. It keeps its
 * arrays and looks nothing up, since its cost is part of every measured task.
 */
export class DispatchQueue {
  /** The queued tasks and their indices are those from `#first` to before `#end`. */
  readonly #tasks: (Queued | undefined)[] = [];
  readonly #indices: number[] = [];
  #first = 0;
  #end = 0;
  #submittedNs = new Float64Array(0);
  #submitting = 0;
  /** The task that has left last: it is put back if it finds no free thread. */
  #last: Queued | null = null;

  get size(): number {
    return this.#end - this.#first;
  }

  /** When a task of the batch was dispatched to a thread; NaN while it is queued. */
  submittedNs(index: number): Nanoseconds {
    return this.#submittedNs[index] ?? Number.NaN;
  }

  /** Forgets the previous batch. */
  begin(tasks: number): void {
    this.#submittedNs = new Float64Array(tasks).fill(Number.NaN);
  }

  /** Called just before a task is submitted to Piscina, which gives it to a free thread at once or puts it here. */
  submit(index: number): void {
    if (index >= this.#submittedNs.length) this.#lengthen(index + 1);
    this.#submitting = index;
    // Behind others, Piscina always puts it here.
    if (this.size === 0) this.#submittedNs[index] = nowNs();
  }

  /** Takes a new task; without strict order also one that has just left and found no free thread: behind the others. */
  push(task: Queued): void {
    const index = task === this.#last ? (this.#indices[this.#first - 1] ?? 0) : this.#submitting;
    if (this.#first === this.#end) this.#first = this.#end = 0;
    this.#submittedNs[index] = Number.NaN;
    this.#tasks[this.#end] = task;
    this.#indices[this.#end] = index;
    this.#end += 1;
  }

  /** Takes a task that found no free thread: the one that has just left, or a new one, for which this is empty. */
  unshift(task: Queued): void {
    if (task !== this.#last) return this.push(task);
    this.#first -= 1;
    this.#tasks[this.#first] = task;
    this.#submittedNs[this.#indices[this.#first] ?? 0] = Number.NaN;
  }

  shift(): Queued | null {
    if (this.#first === this.#end) return null;
    const task = this.#tasks[this.#first] ?? null;
    this.#submittedNs[this.#indices[this.#first] ?? 0] = nowNs();
    this.#tasks[this.#first] = undefined;
    this.#first += 1;
    this.#last = task;
    return task;
  }

  remove(task: Queued): void {
    const at = this.#tasks.indexOf(task, this.#first);
    if (at < 0) return;
    this.#tasks.splice(at, 1);
    this.#indices.splice(at, 1);
    this.#end -= 1;
  }

  #lengthen(length: number): void {
    const longer = new Float64Array(2 * length).fill(Number.NaN);
    longer.set(this.#submittedNs);
    this.#submittedNs = longer;
  }
}
