import { clearInterval, setInterval } from 'node:timers';
import { notifyGuard } from '../system/guard.ts';
import type { Job, PoolChild } from './pool-child.ts';

/**
 * A process that has had the same task for this long may be in an infinite loop, in which it cannot see its parent die:
 * a guard process would then kill it. Shorter tasks end by themselves and need no guard.
 */
const GUARDED_AFTER_MS = 5000;

/** Puts processes with long tasks under guard, without keeping the program alive. */
export class LongTasks {
  readonly #children: ReadonlySet<PoolChild>;
  /** Pids of the processes that the guard knows. */
  readonly #guarded = new Set<number>();
  /** The task of each process at the last look. */
  #lastSeen = new Map<number, Job>();
  readonly #watch = setInterval(() => this.#look(), GUARDED_AFTER_MS).unref();

  constructor(children: ReadonlySet<PoolChild>) {
    this.#children = children;
  }

  /** The process has ended, or its task has. */
  forget({ pid }: PoolChild): void {
    if (this.#guarded.delete(pid)) notifyGuard({ kind: 'ended', pid });
  }

  stop(): void {
    clearInterval(this.#watch);
  }

  #look(): void {
    const seen = new Map<number, Job>();
    for (const child of this.#children) {
      const { pid } = child;
      const job = child.oldestJob();
      if (job === undefined) this.forget(child);
      else if (this.#lastSeen.get(pid) === job && pid > 0 && !this.#guarded.has(pid)) {
        this.#guarded.add(pid);
        notifyGuard({ kind: 'started', pid });
      }
      if (job !== undefined) seen.set(pid, job);
    }
    this.#lastSeen = seen;
  }
}
