import { Worker } from 'node:worker_threads';

/** Time after which an input is considered hanging, a hundred times the slowest rule's. */
const HUNG_MS = 120_000;

/**
 * Code of a separate thread, since the main thread hangs. Writes to the descriptor: console output would wait for it.
 */
const WATCH = `
const { workerData: { beats, label, hungMs } } = require('node:worker_threads');
let last = -1;
setInterval(() => {
  const beat = Atomics.load(beats, 0);
  if (beat !== last) return void (last = beat);
  const text = Buffer.from(label).toString().replace(/\\0.*/s, '');
  require('node:fs').writeSync(2, '! hangs: ' + text + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, hungMs);
`;

/** Ends this process with the last reported text if none is reported for minutes. */
export function watchForHangs(): { readonly report: (what: string) => void; readonly stop: () => Promise<number> } {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const label = new Uint8Array(new SharedArrayBuffer(256));
  const worker = new Worker(WATCH, { eval: true, workerData: { beats, label, hungMs: HUNG_MS } });
  worker.unref();
  return {
    report: (what) => {
      label.fill(0).set(Buffer.from(what).subarray(0, label.length));
      Atomics.add(beats, 0, 1);
    },
    stop: () => worker.terminate(),
  };
}
