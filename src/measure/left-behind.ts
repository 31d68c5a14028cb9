/** Counts the processes that a workload started and that outlived their hosts, and ends them: they would disturb what follows. */
export class LeftBehind {
  readonly #killAll: () => readonly number[];
  readonly #isOurs: (group: number) => boolean;
  #count: number;

  /** `killAll` answers the process groups of what it has killed; one of ours was killed with its host, and may take a moment to end. */
  constructor(killAll: () => readonly number[], isOurs: (group: number) => boolean, before = 0) {
    this.#killAll = killAll;
    this.#isOurs = isOurs;
    this.#count = before;
  }

  get count(): number {
    return this.#count;
  }

  /** Called when no host is alive. */
  sweep(): void {
    this.#count += this.#killAll().filter((group) => group > 0 && !this.#isOurs(group)).length;
  }
}
