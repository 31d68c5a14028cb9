import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const METRONOME_FILE = fileURLToPath(new URL('../../workers/metronome.js', import.meta.url));
/** It only waits. */
const LIMITS = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };

/**
 * Wakes this event loop at given times. A timer of an event loop counts whole milliseconds and is late by half of one on
 * average, while a request wakes it when it arrives; so does a thread that waits for the time.
 */
export interface Metronome {
  /**
   * Calls `beat` at or after each time, unless it is stopped before. One sequence at a time.
   *
   * @param dueNs ascending
   * @returns stops it
   */
  readonly start: (dueNs: Float64Array, beat: () => void) => () => void;
}

/** A sequence for the thread. */
export interface Beats {
  readonly dueNs: Float64Array;
  /** Shared: holds the number of the sequence until it is stopped. */
  readonly stop: Int32Array;
  readonly run: number;
}

/** Starts its thread, which does not keep the process alive. */
export async function openMetronome(): Promise<Metronome> {
  const thread = new Worker(METRONOME_FILE, { env: {}, execArgv: [], resourceLimits: LIMITS });
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let onBeat: (() => void) | undefined;
  thread.on('message', (run: number) => {
    if (run === stop[0]) onBeat?.();
  });
  await once(thread, 'online');
  thread.unref();
  return {
    start: (dueNs, beat) => {
      onBeat = beat;
      const run = Atomics.load(stop, 0);
      thread.postMessage({ dueNs, stop, run } satisfies Beats);
      return () => {
        if (Atomics.compareExchange(stop, 0, run, run + 1) === run) Atomics.notify(stop, 0);
      };
    },
  };
}
