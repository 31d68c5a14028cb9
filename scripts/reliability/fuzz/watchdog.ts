import { Worker } from 'node:worker_threads';

/** What is still at work after so long will not end: the slowest rule is a hundredth of it. */
const HUNG_MS = 120_000;

/** In a thread of its own, since the main one is what hangs; nothing that it prints the usual way would be seen. */
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

/** Ends this process, with what it was last told, if nothing more is told for minutes. */
export function watchForHangs(): { readonly tell: (what: string) => void; readonly stop: () => Promise<number> } {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const label = new Uint8Array(new SharedArrayBuffer(256));
  const worker = new Worker(WATCH, { eval: true, workerData: { beats, label, hungMs: HUNG_MS } });
  worker.unref();
  return {
    tell: (what) => {
      label.fill(0).set(Buffer.from(what).subarray(0, label.length));
      Atomics.add(beats, 0, 1);
    },
    stop: () => worker.terminate(),
  };
}
