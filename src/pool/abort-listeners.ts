/**
 * Callbacks for aborted signals, with one listener per signal however many tasks share it: Node warns of a leak from
 * the eleventh on.
 */
export class AbortListeners {
  readonly #listeners = new Map<AbortSignal, { readonly callbacks: Set<() => void>; readonly listener: () => void }>();

  add(signal: AbortSignal, callback: () => void): void {
    const known = this.#listeners.get(signal);
    if (known !== undefined) {
      known.callbacks.add(callback);
      return;
    }
    const callbacks = new Set([callback]);
    const listener = (): void => {
      this.#listeners.delete(signal);
      for (const one of callbacks) one();
    };
    this.#listeners.set(signal, { callbacks, listener });
    signal.addEventListener('abort', listener, { once: true });
  }

  remove(signal: AbortSignal, callback: () => void): void {
    const known = this.#listeners.get(signal);
    known?.callbacks.delete(callback);
    if (known === undefined || known.callbacks.size > 0) return;
    this.#listeners.delete(signal);
    signal.removeEventListener('abort', known.listener);
  }
}
