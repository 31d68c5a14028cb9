/**
 * Callbacks for aborted signals, with one listener per signal however many tasks share it: Node warns of a leak from
 * the eleventh on.
 */
export class AbortListeners {
  readonly #listeners = new Map<AbortSignal, { readonly told: Set<() => void>; readonly listener: () => void }>();

  add(signal: AbortSignal, tell: () => void): void {
    const known = this.#listeners.get(signal);
    if (known !== undefined) {
      known.told.add(tell);
      return;
    }
    const told = new Set([tell]);
    const listener = (): void => {
      this.#listeners.delete(signal);
      for (const one of told) one();
    };
    this.#listeners.set(signal, { told, listener });
    signal.addEventListener('abort', listener, { once: true });
  }

  remove(signal: AbortSignal, tell: () => void): void {
    const known = this.#listeners.get(signal);
    known?.told.delete(tell);
    if (known === undefined || known.told.size > 0) return;
    this.#listeners.delete(signal);
    signal.removeEventListener('abort', known.listener);
  }
}
