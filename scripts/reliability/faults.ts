/**
 * A workload that misbehaves as its param `fault` says, as a user's task may, on purpose or not. Cells whose id ends
 * with `#2` behave: they must be measured all the same. The param `mib` is the size of large outputs.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import { scryptSync } from 'node:crypto';
import type { TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

const MIB = 2 ** 20;
/** Text that a task prints, besides its output. */
const PRINTED_SHARE = 1 / 4;
/** Batches that run before the third block: calibration, warm-ups, measured ones and a timeline. */
const BATCHES_OF_TWO_BLOCKS = 7;
/** The same where a lane is started per task: only measured batches and the timeline have more than one task. */
const BATCHES_OF_TWO_BLOCKS_PER_TASK = 3;

type Fault = (context: TaskContext) => unknown;

const never = new Promise<never>(() => undefined);

function cyclic(): Error {
  const error = new Error('an error with a cycle');
  Object.assign(error, { self: error });
  return error;
}

function unreadable(): Error {
  return Object.defineProperty(new Error('hidden'), 'message', {
    get: () => {
      throw new Error('a getter that throws');
    },
  });
}

/** Actions of the task by the name of the fault; they return the task's output. */
export const FAULTS = {
  'throws an Error': () => {
    throw new RangeError('out of range');
  },
  'throws a string': () => {
    // The fault is that it is not an Error.
    // oxlint-disable-next-line typescript/only-throw-error
    throw 'a string';
  },
  'throws null': () => {
    // The fault is that it is not an Error.
    // oxlint-disable-next-line typescript/only-throw-error
    throw null;
  },
  'throws an error with a cycle': () => {
    throw cyclic();
  },
  'throws an error with a getter that throws': () => {
    throw unreadable();
  },
  'rejects after the result': () =>
    new Promise((resolve, reject) => {
      resolve(1);
      setTimeout(() => reject(new Error('too late')), 1);
    }),
  'leaves an unhandled rejection': async () => {
    void Promise.reject(new Error('nobody listens'));
    await pause();
    return 1;
  },
  'throws from a timer': async () => {
    setTimeout(() => {
      throw new Error('from a timer');
    }, 0);
    await pause();
    return 1;
  },
  'leaves a rejection behind its result': () => {
    void Promise.reject(new Error('nobody listens'));
    return 1;
  },
  'throws from a timer after its result': () => {
    setTimeout(() => {
      throw new Error('from a timer');
    }, 0);
    return 1;
  },
  'never settles': () => never,
  'loops for ever': () => {
    for (;;);
  },
  'blocks in native code': () =>
    scryptSync('password', 'salt', 64, { N: 2 ** 20, r: 8, p: 64, maxmem: 2 ** 31 }).length,
  'calls process.exit(0)': () => process.exit(0),
  'calls process.exit(3)': () => process.exit(3),
  'sets process.exitCode': () => {
    process.exitCode = 3;
    return 1;
  },
  'kills its process': () => {
    process.kill(process.pid, 'SIGKILL');
    return never;
  },
  'calls process.abort()': () => process.abort(),
  'exhausts the heap': () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: MIB / 8 }, (_, index) => index + 0.5));
  },
  'returns a function': () => () => 1,
  'returns a symbol': () => Symbol('symbol'),
  'returns a BigInt': () => 2n ** 70n,
  'returns a large buffer': ({ params }) => Buffer.alloc(Number(params.mib) * MIB, 'x'),
  'returns a proxy': () => new Proxy({ one: 1 }, {}),
  'returns a stream': () => Readable.from(['text']),
  'takes an input that cannot be cloned': () => 1,
  'writes much to stdout': ({ params }) => print(process.stdout, Number(params.mib) * PRINTED_SHARE),
  'writes much to stderr': ({ params }) => print(process.stderr, Number(params.mib) * PRINTED_SHARE),
  'writes garbage to descriptor 3': () => {
    writeSync(OWN_DESCRIPTOR, GARBAGE);
    return 1;
  },
  'writes a length to descriptor 3': () => {
    writeSync(OWN_DESCRIPTOR, LARGE_LENGTH);
    return 1;
  },
  'floods descriptor 3': () => flood(OWN_DESCRIPTOR),
  'closes descriptor 3': () => {
    closeSync(OWN_DESCRIPTOR);
    return 1;
  },
  'writes garbage to the descriptors around it': () => {
    for (const descriptor of OTHER_DESCRIPTORS)
      for (const bytes of [GARBAGE, LARGE_LENGTH]) attempt(() => writeSync(descriptor, bytes));
    return 1;
  },
  'floods the descriptors around it': () => {
    OTHER_DESCRIPTORS.forEach(flood);
    return 1;
  },
  'closes the descriptors around it': () => {
    for (const descriptor of OTHER_DESCRIPTORS) attempt(() => closeSync(descriptor));
    return 1;
  },
  'calls process.disconnect': () => {
    process.disconnect?.();
    return 1;
  },
  'closes parentPort': () => {
    parentPort?.close();
    return 1;
  },
  'sends messages of its own': () => {
    for (const message of [null, 'ready', { kind: 'done' }, { kind: 'measured' }]) {
      process.send?.(message);
      parentPort?.postMessage(message);
    }
    return 1;
  },
  'listens to a parent process': () => {
    for (const port of [process, parentPort])
      port?.on('message', () => {
        throw new Error('a message that was not meant for it');
      });
    return 1;
  },
  'removes all listeners': () => {
    process.removeAllListeners();
    parentPort?.removeAllListeners();
    return 1;
  },
  'calls process.chdir': () => {
    process.chdir(tmpdir());
    return 1;
  },
  'changes process.env': () => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    process.env.NODE_OPTIONS = '--no-such-option';
    return 1;
  },
  'installs signal handlers': () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
    return 1;
  },
  'gives another result in every worker': ({ lane }) => lane.kind,
  'fails in the third block': ({ cell }) => {
    const log = join(tmpdir(), `batches-${Buffer.from(cell).toString('hex')}`);
    appendFileSync(log, '.');
    const before = cell.includes('-per-task') ? BATCHES_OF_TWO_BLOCKS_PER_TASK : BATCHES_OF_TWO_BLOCKS;
    if (readFileSync(log).length > before) throw new Error('in the third block');
    return 1;
  },
  'starts a server and leaves it': async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return 1;
  },
  'starts a process and leaves it': () => {
    spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore', detached: true }).unref();
    return 1;
  },
  'patches the clocks': () => {
    Object.assign(Date, { now: () => 0 });
    Object.assign(performance, { now: () => 0 });
    Object.assign(process.hrtime, { bigint: () => 0n });
    return 1;
  },
  'patches the timers': () => {
    Object.assign(globalThis, { setTimeout: noTimer, setInterval: noTimer, setImmediate: noTimer });
    return 1;
  },
} as const satisfies Readonly<Record<string, Fault>>;

/** Outputs of a cell that behaves, for faults in the output; otherwise 1. */
const EXPECTED: Readonly<Partial<Record<FaultName, Fault>>> = {
  'returns a BigInt': FAULTS['returns a BigInt'],
  'returns a large buffer': FAULTS['returns a large buffer'],
  'returns a proxy': () => ({ one: 1 }),
};

export type FaultName = keyof typeof FAULTS;

function noTimer(): number {
  return 0;
}

const PAUSE_MS = 20;

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}

/** Descriptor of the pipe between Lanewise's processes. */
const OWN_DESCRIPTOR = 3;
/** Descriptors of the standard streams and of Node's event loop. */
const OTHER_DESCRIPTORS = [0, 1, 2, 4, 5, 6, 7, 8, 9];
const GARBAGE = Buffer.from([0, 0, 0, 6, 1, 2, 3, 4, 5, 6]);
const LARGE_LENGTH = Buffer.from([0x7f, 0xff, 0xff, 0xff]);
const FLOOD_MIB = 1024;

function flood(descriptor: number): number {
  const buffer = Buffer.alloc(MIB, LARGE_LENGTH);
  for (let written = 0; written < FLOOD_MIB; written++) attempt(() => writeSync(descriptor, buffer));
  return 1;
}

/** Ignores errors: some descriptors are read-only, full, or not open in every worker, which is not the fault. */
function attempt(call: () => unknown): void {
  try {
    call();
  } catch {
    // Not possible on this descriptor.
  }
}

function print(stream: NodeJS.WritableStream, mib: number): number {
  const line = `${'x'.repeat(MIB - 1)}\n`;
  for (let written = 0; written < mib; written++) stream.write(line);
  return 1;
}

function isFault(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(FAULTS, name);
}

/** The second task misbehaves, which distinguishes it from its neighbors. */
export const FAULTY_TASK = 1;

export default defineWorkload({
  name: 'faults',
  bound: 'cpu',
  params: { fault: 'none', mib: 200 },
  tasks: 2,
  input: ({ index, params: { fault } }) =>
    fault === 'takes an input that cannot be cloned' && index === FAULTY_TASK ? { index, call: () => 1 } : { index },
  task: ({ index }: { readonly index: number }, context) => {
    const { fault } = context.params;
    if (index !== FAULTY_TASK || !isFault(fault)) return 1;
    if (context.cell.endsWith('#2')) return fault in EXPECTED ? EXPECTED[fault]?.(context) : 1;
    return FAULTS[fault](context);
  },
});
