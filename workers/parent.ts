/**
 * The connection of a child process to its parent. Imported first, before any workload is loaded: a workload that sends
 * its own messages, such as `process.send?.('ready')` under a process manager, or calls `process.disconnect?.()`, must
 * have no effect, as in a process that was not forked.
 */
import { writeSync } from 'node:fs';
import { connect, Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';
import { setInterval, setTimeout } from 'node:timers';
import {
  createFrameReader,
  frameOf,
  MOST_BYTES,
  OWN_DESCRIPTOR,
  PARENT_FD,
  PORTABLE_MARK,
  TOKEN_VARIABLE,
} from './frames.ts';
import { portable } from './portable.ts';

// Taken before a workload can replace it.
const exit = process.exit.bind(process);
const write = writeSync;
// Exists in forked processes, so a workload may call it without a check.
process.disconnect = () => undefined;

const given = process.env[TOKEN_VARIABLE] ?? '';
delete process.env[TOKEN_VARIABLE];
const token = Number.parseInt(given, 10);
const encoding = given.endsWith(PORTABLE_MARK) ? portable : undefined;

/** The longest timer. */
const FOR_EVER_MS = 2 ** 31 - 1;
// Keeps the process alive while it waits for its turn.
setInterval(() => undefined, FOR_EVER_MS);

let onMessage: (message: unknown) => void = () => undefined;
const read = createFrameReader({
  token,
  // The parent is trusted, within the limit of all messages.
  mostBytes: MOST_BYTES,
  portable: encoding,
  receive: (message) => onMessage(message),
  fail: () => endWith(`something has read from ${OWN_DESCRIPTOR}`),
});

/** Same size as the reads of a stream. */
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

/** The pipe to the parent, which closes when the parent ends. */
export const lifeline = process.versions.bun === undefined ? new Socket(pipe) : connectOnBun();
lifeline.resume();
// Nobody needs the results any more, so this process ends even in the middle of a task.
lifeline.on('close', endAfterOutput);
lifeline.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EBADF') endWith(`${OWN_DESCRIPTOR}, was closed`);
});
// On Windows, Ctrl-C reaches all processes of a console; the parent decides what to do.
process.on('SIGINT', () => undefined);

/** Sets the only receiver of the parent's messages. Call before the first `await`, or messages are lost. */
export function onParentMessage(receive: (message: unknown) => void): void {
  onMessage = receive;
}

/** @throws if the message cannot be cloned */
export function sendToParent(message: object): void {
  lifeline.write(frameOf(message, token, encoding));
}

/** A socket of Bun 1.4 can only write to a descriptor that it has connected to; the port is for the type alone. */
function connectOnBun(): Socket {
  return connect({ fd: PARENT_FD, port: 0 }).on('data', read);
}

/** Time for somebody to read what tasks have printed. */
const OUTPUT_MS = 1000;

/** Ends this process once what its tasks have printed is read, which a pipe takes only as fast as its reader. */
function endAfterOutput(): void {
  const open = printing();
  if (open.length === 0) exit(0);
  setTimeout(() => exit(0), OUTPUT_MS);
  let left = open.length;
  // Behind everything else that is to be written; without a reader, it fails at once.
  for (const stream of open) stream.write('', () => void ((left -= 1) === 0 && exit(0)));
}

function printing(): readonly NodeJS.WriteStream[] {
  try {
    return [process.stdout, process.stderr].filter(({ writableLength }) => writableLength > 0);
  } catch {
    // A task has closed its descriptor.
    return [];
  }
}

/** Ends this process, which has lost its parent, with an error on stderr. */
function endWith(what: string): void {
  try {
    write(process.stderr.fd, `Error: ${what}\n`);
  } catch {
    // Closed: nobody reads it.
  }
  exit(1);
}
