/**
 * How Lanewise's processes talk: messages in frames, through a pipe that a child inherits from its parent. A workload may write to any
 * descriptor, by mistake too: every frame begins with a token that only the two ends know, what does not is recognised at its first bytes,
 * and nothing is kept that is longer than the reader takes.
 */
import { DefaultDeserializer, DefaultSerializer } from 'node:v8';

// Taken before any workload is loaded, which may replace them.
const { parse, stringify } = JSON;

/** Which of the inherited descriptors of a process is the pipe to its parent: the first that is not standard. */
export const PARENT_FD = 3;
/** The environment variable in which a child finds the token of its pipe. It is gone before a workload is loaded. */
export const TOKEN_VARIABLE = 'LANEWISE_PIPE';
/** Nothing longer is sent: a task with more than that in one value would measure little but copying. */
export const MOST_BYTES = 2 ** 30;

const MIB = 2 ** 20;

/** Guards against accidents, not against an attacker, who could read it in the memory of the process that they share. */
export function newToken(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/** Four bytes of token, one of kind, four of length. */
const HEADER = 9;
const KIND_AT = 4;
const LENGTH_AT = 5;
// Room for one, so that what is encoded need not be copied behind it.
const HEADER_BYTES = new Uint8Array(HEADER);
const HEADER_TEXT = '\0'.repeat(HEADER);

/** JSON saves a task about 10 us on Node 20, where structured clone costs more to set up than to do. */
const JSON_KIND = 1;
const CLONE_KIND = 2;

/** A longer text gains nothing as JSON. */
const LONGEST_TEXT = 1024;

/** Whether JSON carries the value exactly, and cheaply: numbers, short texts and nothing at all. */
function fitsJson(value: unknown): boolean {
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

/** A list of what fits. JSON has no undefined: a list may only end with it, and does without it then. */
function isFlat(message: object): message is readonly unknown[] {
  if (!Array.isArray(message)) return false;
  const last = message.length - 1;
  for (let at = 0; at <= last; at++)
    if (!fitsJson(message[at]) || (message[at] === undefined && at < last)) return false;
  return true;
}

/** @throws if the message cannot be cloned, or is longer than anything that is sent */
export function frameOf(message: object, token: number): Buffer {
  const frame = isFlat(message) ? jsonFrame(message) : cloneFrame(message);
  const length = frame.length - HEADER;
  if (length > MOST_BYTES)
    throw new RangeError(
      `it takes ${Math.ceil(length / MIB)} MiB, and at most ${MOST_BYTES / MIB} are sent to another process`,
    );
  frame.writeUInt32LE(token, 0);
  frame.writeUInt32LE(length, LENGTH_AT);
  return frame;
}

function jsonFrame(message: readonly unknown[]): Buffer {
  const frame = Buffer.from(HEADER_TEXT + stringify(message.at(-1) === undefined ? message.slice(0, -1) : message));
  frame[KIND_AT] = JSON_KIND;
  return frame;
}

function cloneFrame(message: object): Buffer {
  const serializer = new DefaultSerializer();
  serializer.writeRawBytes(HEADER_BYTES);
  serializer.writeHeader();
  serializer.writeValue(message);
  const frame = serializer.releaseBuffer();
  frame[KIND_AT] = CLONE_KIND;
  return frame;
}

/** Who reads a pipe, and what it takes. */
export interface FrameReading {
  readonly token: number;
  /** A longer frame is refused at its header. */
  readonly mostBytes: number;
  readonly receive: (message: unknown) => void;
  /** Called once, with what is wrong: `wrote to descriptor 3, …`. Nothing is read any more then. */
  readonly fail: (what: string) => void;
}

/**
 * Takes the bytes of a pipe, however they are cut, and gives away the messages in them. Nothing of the bytes is kept: they may lie in memory
 * that is used again.
 */
export function createFrameReader({ token, mostBytes, receive, fail }: FrameReading): (bytes: Buffer) => void {
  const start = Buffer.alloc(KIND_AT);
  start.writeUInt32LE(token);
  /** The beginning of a header. */
  let cut: Buffer | undefined;
  /** A frame of which not all is there. */
  let partial: { readonly kind: number; readonly body: Buffer; filled: number } | undefined;
  let isOver = false;

  function refuse(what: string): void {
    isOver = true;
    [cut, partial] = [undefined, undefined];
    fail(what);
  }

  function take(kind: number, bytes: Buffer, from: number, to: number): void {
    let message: unknown;
    try {
      message = kind === JSON_KIND ? (parse(bytes.toString('utf8', from, to)) as unknown) : cloneIn(kind, bytes);
    } catch {
      return refuse(`wrote into a message on ${OWN_DESCRIPTOR}: ${REMEDY}`);
    }
    receive(message);
  }

  /** @returns where the next frame begins */
  function fill({ kind, body, filled }: NonNullable<typeof partial>, bytes: Buffer, at: number): number {
    const copied = bytes.copy(body, filled, at);
    partial = filled + copied < body.length ? { kind, body, filled: filled + copied } : undefined;
    if (partial === undefined) take(kind, body, 0, body.length);
    return at + copied;
  }

  return (received) => {
    const bytes = cut === undefined ? received : Buffer.concat([cut, received]);
    cut = undefined;
    let at = 0;
    while (at < bytes.length && !isOver) {
      if (partial !== undefined) {
        at = fill(partial, bytes, at);
        continue;
      }
      if (bytes.length - at < HEADER) {
        cut = Buffer.from(bytes.subarray(at));
        if (!cut.subarray(0, KIND_AT).equals(start.subarray(0, cut.length)))
          refuse(`wrote to ${OWN_DESCRIPTOR}: ${REMEDY}`);
        return;
      }
      if (bytes.readUInt32LE(at) !== token) return refuse(`wrote to ${OWN_DESCRIPTOR}: ${REMEDY}`);
      const kind = bytes[at + KIND_AT] ?? 0;
      const length = bytes.readUInt32LE(at + LENGTH_AT);
      if (length > mostBytes) return refuse(tooLong(length, mostBytes));
      at += HEADER;
      if (kind === JSON_KIND && length <= bytes.length - at) {
        take(kind, bytes, at, at + length);
        at += length;
      } else at = fill({ kind, body: Buffer.allocUnsafeSlow(length), filled: 0 }, bytes, at);
    }
  };
}

export const OWN_DESCRIPTOR = `descriptor ${PARENT_FD}, which is Lanewise’s own`;

const REMEDY = 'its code may use 0 to 2, and what it has opened itself';

function tooLong(length: number, mostBytes: number): string {
  return `sent a message of ${Math.ceil(length / MIB)} MiB, and at most ${Math.floor(mostBytes / MIB)} MiB are read from it`;
}

/** @throws if it is none */
function cloneIn(kind: number, bytes: Buffer): unknown {
  if (kind !== CLONE_KIND) throw new RangeError('there is no such kind of message');
  const deserializer = new DefaultDeserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue() as unknown;
}
