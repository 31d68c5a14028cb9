/**
 * What every process that Lanewise starts does about its parent. Imported first, before any workload is loaded: a workload
 * that sends messages of its own, as `process.send?.('ready')` under a process manager, or hangs up with
 * `process.disconnect?.()`, finds no one at the other end, as in a process that was not forked.
 */
import { writeSync } from 'node:fs';
import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';
import { setInterval } from 'node:timers';
import { createFrameReader, frameOf, MOST_BYTES, OWN_DESCRIPTOR, PARENT_FD, TOKEN_VARIABLE } from './frames.ts';

// Taken before a workload can replace it.
const exit = process.exit.bind(process);
const write = writeSync;
// It is there in a forked process, where a workload may call it without looking.
process.disconnect = () => undefined;

const token = Number(process.env[TOKEN_VARIABLE]);
delete process.env[TOKEN_VARIABLE];

/** The longest that a timer can be set for. */
const FOR_EVER_MS = 2 ** 31 - 1;
// A process that waits for its turn must not end because nothing else is left to do.
setInterval(() => undefined, FOR_EVER_MS);

let onMessage: (message: unknown) => void = () => undefined;
const read = createFrameReader({
  token,
  // What the parent sends, it means.
  mostBytes: MOST_BYTES,
  receive: (message) => onMessage(message),
  fail: () => endWith(`something has read from ${OWN_DESCRIPTOR}`),
});

/** As much as a stream reads at once. */
const READ_BYTES = 65_536;

/** Read into one buffer, which saves about 1 us a task on Node 20. */
const pipe: SocketConstructorOpts & ConnectOpts = {
  fd: PARENT_FD,
  readable: true,
  writable: true,
  onread: {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (length, { buffer, byteOffset }) => {
      read(Buffer.from(buffer, byteOffset, length));
      return true;
    },
  },
};

/** The pipe to the parent: it ends when the parent does. */
export const lifeline = new Socket(pipe);
lifeline.resume();
// A parent that is gone waits for nothing; its children end whatever they are doing.
lifeline.on('close', () => exit(0));
lifeline.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EBADF') endWith(`${OWN_DESCRIPTOR}, was closed`);
});
// Ctrl-C reaches every process of a console on Windows: the parent decides what it means.
process.on('SIGINT', () => undefined);

/** Receives what the parent sends, and nobody else does. To be called before anything is waited for. */
export function onParentMessage(receive: (message: unknown) => void): void {
  onMessage = receive;
}

/** @throws if the message cannot be cloned */
export function tellParent(message: object): void {
  lifeline.write(frameOf(message, token));
}

/** Ends this process, which cannot be reached any more, with a word for whoever reads its stderr. */
function endWith(what: string): void {
  try {
    write(process.stderr.fd, `Error: ${what}\n`);
  } catch {
    // Nobody reads it.
  }
  exit(1);
}
