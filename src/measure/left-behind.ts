/** Counts the processes that a workload started and that outlived their hosts, and ends them: they would disturb what follows. */
export class LeftBehind {
  readonly #killAll: () => number;
  #count: number;

  constructor(killAll: () => number, before = 0) {
    this.#killAll = killAll;
    this.#count = before;
  }

  get count(): number {
    return this.#count;
  }

  /** Called when no host is alive. */
  sweep(): void {
    this.#count += this.#killAll();
  }
}
