/** The thread of a metronome: wakes the event loop of its process at given times. */
import { parentPort } from 'node:worker_threads';
import { nowNs, NS_PER_MS } from './clock.ts';
import type { Beats } from '../src/host/metronome.ts';

parentPort?.on('message', ({ dueNs, stop, run }: Beats) => {
  for (const due of dueNs) {
    for (let leftMs = msUntil(due); leftMs > 0; leftMs = msUntil(due)) {
      if (Atomics.wait(stop, 0, run, leftMs) !== 'timed-out') return;
    }
    if (Atomics.load(stop, 0) !== run) return;
    parentPort?.postMessage(run);
  }
});

function msUntil(dueNs: number): number {
  return (dueNs - nowNs()) / NS_PER_MS;
}
