const US_PER_MS = 1000;

/**
 * The orchestrator's own CPU time while batches are measured: what it takes from the work that it watches. It is to do
 * nothing then, and this is how anyone can see whether it does.
 */
export class OwnCpu {
  #cpuMs = 0;
  #wallMs = 0;

  /** Called when a batch has been asked for; what comes back is called with the batch's wall time when it is done. */
  start(): (wallMs: number) => void {
    const before = process.cpuUsage();
    return (wallMs) => {
      const { user, system } = process.cpuUsage(before);
      this.#cpuMs += (user + system) / US_PER_MS;
      this.#wallMs += wallMs;
    };
  }

  /** CPU time / wall time of all batches; undefined before the first. */
  get share(): number | undefined {
    return this.#wallMs === 0 ? undefined : this.#cpuMs / this.#wallMs;
  }
}
