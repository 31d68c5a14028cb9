/**
 * The messages between Lanewise's processes: frames, through a pipe that a child inherits from its parent. Since a
 * workload may write to any descriptor by mistake, every frame begins with a token that only the two ends know: other
 * bytes are detected at once, and frames above the reader's limit are never stored.
 */
import { DefaultDeserializer, DefaultSerializer, deserialize, serialize } from 'node:v8';

// Taken before any workload is loaded, which may replace them.
const { parse, stringify } = JSON;

/** The descriptor of the pipe to the parent: the first that is not standard. */
export const PARENT_FD = 3;
/** Environment variable with the token of a child's pipe. It is deleted before a workload is loaded. */
export const TOKEN_VARIABLE = 'LANEWISE_PIPE';
/** Environment variable with the folder of compiled code that the processes of a run share (`precompiled.ts`). */
export const CODE_VARIABLE = 'LANEWISE_CODE';
/** Event of a process that is about to be killed, which is the time to leave that code. */
export const LAST_EVENT = 'lanewise-last';
/** Follows the token if the parent is another runtime. */
export const PORTABLE_MARK = '+portable';
/** The longest message: a task with larger values would measure little but copying. */
export const MOST_BYTES = 2 ** 30;

const MIB = 2 ** 20;

/** Error of a child in which something else wrote to the pipe to its parent, or that sent too long a message. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  /** The fault, to follow "the process": `wrote to descriptor 3, …`. */
  readonly what: string;

  constructor(what: string) {
    super(`its process ${what}`);
    this.what = what;
  }
}

/** Protects from accidents, not from attackers, who could read it in the memory of their own process. */
export function newToken(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/** Four bytes of token, one of kind, four of length. */
const HEADER = 9;
const KIND_AT = 4;
const LENGTH_AT = 5;
// Placeholders for a header, so that the encoded message need not be copied behind it.
const HEADER_BYTES = new Uint8Array(HEADER);
const HEADER_TEXT = '\0'.repeat(HEADER);

/** JSON saves a task about 10 us on Node 20, where structured clone costs more to set up than to do. */
const JSON_KIND = 1;
const CLONE_KIND = 2;
const PORTABLE_KIND = 3;

/**
 * The encoding between different runtimes, or versions of one: each writes a structured clone in a format of its own.
 * It is slower, so lanes never use it: the children of a host are the same runtime.
 */
export interface Portable {
  /** @throws if the message cannot be cloned */
  readonly encode: (message: object) => string;
  readonly decode: (text: string) => unknown;
}

/** Longer texts gain nothing from JSON. */
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

/** Whether a message is a list of such values. JSON has no undefined: only the last item may be, and is left out. */
function isFlat(message: object): message is readonly unknown[] {
  if (!Array.isArray(message)) return false;
  const last = message.length - 1;
  for (let at = 0; at <= last; at++)
    if (!fitsJson(message[at]) || (message[at] === undefined && at < last)) return false;
  return true;
}

/** @throws if the message cannot be cloned, or is too long */
export function frameOf(message: object, token: number, portable?: Portable): Buffer {
  const frame = isFlat(message)
    ? jsonFrame(message)
    : portable
      ? portableFrame(message, portable)
      : cloneFrame(message);
  const length = frame.length - HEADER;
  if (length > MOST_BYTES)
    throw new RangeError(
      `it takes ${Math.ceil(length / MIB)} MiB, but at most ${MOST_BYTES / MIB} MiB can be sent to another process`,
    );
  frame.writeUInt32LE(token, 0);
  frame.writeUInt32LE(length, LENGTH_AT);
  return frame;
}

function jsonFrame(message: readonly unknown[]): Buffer {
  return textFrame(JSON_KIND, stringify(message.at(-1) === undefined ? message.slice(0, -1) : message));
}

function portableFrame(message: object, { encode }: Portable): Buffer {
  return textFrame(PORTABLE_KIND, encode(message));
}

function textFrame(kind: number, text: string): Buffer {
  const frame = Buffer.from(HEADER_TEXT + text);
  frame[KIND_AT] = kind;
  return frame;
}

/** Bun has only the two functions, which copy once more. */
const HAS_SERIALIZER = process.versions.bun === undefined;

function cloneFrame(message: object): Buffer {
  const frame = HAS_SERIALIZER ? serializedFrame(message) : Buffer.concat([HEADER_BYTES, serialize(message)]);
  frame[KIND_AT] = CLONE_KIND;
  return frame;
}

function serializedFrame(message: object): Buffer {
  const serializer = new DefaultSerializer();
  serializer.writeRawBytes(HEADER_BYTES);
  serializer.writeHeader();
  serializer.writeValue(message);
  return serializer.releaseBuffer();
}

/** Settings and callbacks of a reader. */
export interface FrameReading {
  readonly token: number;
  /** A longer frame is refused at its header. */
  readonly mostBytes: number;
  /** Reads what another runtime has written. */
  readonly portable?: Portable | undefined;
  readonly receive: (message: unknown) => void;
  /** Called once, with the fault: `wrote to descriptor 3, …`. Nothing more is read after that. */
  readonly fail: (what: string) => void;
}

/**
 * Reads messages from the bytes of a pipe, in chunks of any size. Copies all that it keeps, since the memory of a chunk
 * may be used again.
 */
export function createFrameReader({
  token,
  mostBytes,
  portable,
  receive,
  fail,
}: FrameReading): (bytes: Buffer) => void {
  const start = Buffer.alloc(KIND_AT);
  start.writeUInt32LE(token);
  /** The beginning of a header. */
  let cut: Buffer | undefined;
  /** A frame that has not arrived completely. */
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
      if (kind === JSON_KIND) message = parse(bytes.toString('utf8', from, to));
      else if (kind === PORTABLE_KIND && portable !== undefined) message = portable.decode(bytes.toString());
      else message = cloneIn(kind, bytes);
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

const REMEDY = 'its code may use 0 to 2, and descriptors that it has opened itself';

function tooLong(length: number, mostBytes: number): string {
  return `sent a message of ${Math.ceil(length / MIB)} MiB, but at most ${Math.floor(mostBytes / MIB)} MiB are read from it`;
}

/** @throws if the bytes are not a message */
function cloneIn(kind: number, bytes: Buffer): unknown {
  if (kind !== CLONE_KIND) throw new RangeError('unknown kind of message');
  if (!HAS_SERIALIZER) return deserialize(bytes) as unknown;
  const deserializer = new DefaultDeserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue() as unknown;
}
