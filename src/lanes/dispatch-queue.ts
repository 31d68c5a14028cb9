import { FixedQueue } from 'piscina';
import { nowNs } from '../../workers/clock.ts';
import type { Nanoseconds } from '../../workers/contract.ts';

/** An item of Piscina's task queue. */
type Queued = Parameters<FixedQueue['push']>[0];

/**
 * Piscina's own queue, which also records when each task leaves it for a thread: a batch is submitted to Piscina whole,
 * as its users do, and the time that each task was queued is still known.
 */
export class DispatchQueue extends FixedQueue {
  readonly #indices = new Map<Queued, number>();
  #submittedNs: Nanoseconds[] = [];
  #submitting = 0;

  /** When each task of the batch was dispatched to a thread; NaN while it is queued. */
  get submittedNs(): readonly Nanoseconds[] {
    return this.#submittedNs;
  }

  /** Forgets the previous batch. */
  begin(): void {
    this.#submittedNs = [];
    this.#indices.clear();
  }

  /** Called just before a task is submitted to Piscina, which gives it to a free thread at once or puts it here. */
  submit(index: number): void {
    this.#submitting = index;
    this.#submittedNs[index] = nowNs();
  }

  override push(task: Queued): void {
    this.#note(task);
    super.push(task);
  }

  override unshift(task: Queued): void {
    this.#note(task);
    super.unshift(task);
  }

  override shift(): ReturnType<FixedQueue['shift']> {
    const task = super.shift();
    const index = task === null ? undefined : this.#indices.get(task);
    // A task that finds no free thread is put back and comes here again: the last time counts.
    if (index !== undefined) this.#submittedNs[index] = nowNs();
    return task;
  }

  #note(task: Queued): void {
    const index = this.#indices.get(task) ?? this.#submitting;
    this.#indices.set(task, index);
    this.#submittedNs[index] = Number.NaN;
  }
}
