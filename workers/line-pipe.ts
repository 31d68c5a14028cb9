import type { Duplex } from 'node:stream';

// Taken before any workload is loaded, which may replace them.
const { parse, stringify } = JSON;

/** Which of the inherited descriptors of a forked process is the pipe to its parent: the one after its IPC channel. */
export const LIFELINE_FD = 4;

/** A longer text gains nothing from going around the IPC channel. */
const LONGEST_TEXT = 1024;

/**
 * Whether JSON carries the value exactly, and cheaply: structured clone over IPC costs a task about 10 us more on
 * Node 20, where it is written in JavaScript, so numbers, short texts and nothing at all go as lines through a pipe.
 */
export function fitsLine(value: unknown): boolean {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'string':
      return value.length <= LONGEST_TEXT;
    default:
      return value === null;
  }
}

/** Calls `receive` for every line that arrives, parsed. */
export function onLine(pipe: Duplex, receive: (message: unknown) => void): void {
  let rest = '';
  pipe.setEncoding('utf8');
  pipe.on('data', (text: string) => {
    rest += text;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      const message = parsed(line);
      if (message !== undefined) receive(message);
    }
  });
  // The pipe ends with its process, which says why it did on its own.
  pipe.on('error', () => undefined);
}

/** What is no JSON was not sent by {@link sendLine}: a workload may write to any descriptor. */
function parsed(line: string): unknown {
  try {
    return parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** JSON has no undefined: a value that is last in the list and undefined is left out. */
export function sendLine(pipe: Duplex, message: readonly unknown[]): void {
  const shown = message.at(-1) === undefined ? message.slice(0, -1) : message;
  pipe.write(`${stringify(shown)}\n`);
}
