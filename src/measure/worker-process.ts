import type { Portable } from '../../workers/frames.ts';
import { afterReading, type Waiting } from '../../workers/deferred.ts';
import type { Services } from '../../workers/contract.ts';
import type { ServiceReady } from '../../workers/http-server.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { LanewiseError } from '../model/errors.ts';
import { ProtocolError } from '../../workers/frames.ts';
import { forkChild, LAST_WORDS_MS } from '../system/forked-child.ts';
import { notifyGuard } from '../system/guard.ts';
import { childEnvironment, emulatedMachine, readInherited } from '../system/inherited.ts';
import { lastWords, offerToKernel, watchMemoryKills } from './why-ended.ts';

/** Length of the end of stderr to keep, for the message if the process fails. */
const STDERR_TAIL = 16_384;
/** The largest replies are timelines of many tasks, a few MiB; no process may make this one grow without limit. */
const MOST_BYTES = 64 * 2 ** 20;
/** Tasks are announced one by one, and hundreds of announcements may be read at once. */
const MOST_UNREAD = 10_000;

/**
 * A process of Lanewise itself (`workers/*.js`) that replies in messages. It leads a process group, so that killing it
 * also kills everything it started; it ends by itself when this process does.
 */
export interface WorkerProcess<Request extends object, Reply> {
  readonly send: (request: Request) => void;
  /** The next message, in order. @throws ProcessFailure if the process ends first or `timeoutMs` passes */
  readonly next: (timeoutMs: number) => Promise<Reply>;
  /** Why one of its children ended, from stderr and the kernel's kill counts: `: Error: …`, or nothing. */
  readonly lastWords: (signal: string | null) => Promise<string>;
  /** Asks it to end by disconnecting, then kills what remains. */
  readonly end: () => Promise<void>;
  /** Kills it and everything that it started, at once. */
  readonly kill: () => void;
}

/** A process of Lanewise itself ended or was late; the message says how. */
export class ProcessFailure extends Error {
  override readonly name: string;

  constructor(name: 'ProcessEnded' | 'ProtocolError' | 'TimeoutError', message: string) {
    super(message);
    this.name = name;
  }
}

/** No user code ran in it, so the cause is how it was started. */
export function notStarted(what: string, cause: unknown): LanewiseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LanewiseError('usage', `${what} did not start: ${why}.${blameFlags()}`, { cause });
}

/** Names inherited flags, which can keep any Node process from starting. */
function blameFlags(): string {
  const { nodeFlags = [] } = readInherited();
  return nodeFlags.length === 0 ? '' : ` NODE_OPTIONS is set (${nodeFlags.join(' ')}): try without it.`;
}

export interface ProcessOptions<Reply> {
  /** Other messages are ignored: unknown code may run in the process. */
  readonly isReply: (message: unknown) => message is Reply;
  readonly env?: Readonly<Record<string, string>>;
  /** Undefined: this process’s own Node. */
  readonly execPath?: string | undefined;
  /** Flags of Node; those of this process are not inherited. */
  readonly execArgv?: readonly string[];
  /** It runs what is measured, so it runs on the machine that is emulated, if one is. */
  readonly isMeasured?: boolean;
  /** The encoding of messages to another runtime. */
  readonly portable?: Portable | undefined;
}

export function openWorkerProcess<Request extends object, Reply>(
  file: string,
  {
    env = {},
    isReply,
    execPath = process.execPath,
    execArgv = [],
    isMeasured = false,
    portable,
  }: ProcessOptions<Reply>,
): WorkerProcess<Request, Reply> {
  const received: Reply[] = [];
  let waiting: { resolve: (reply: Reply) => void; reject: (reason: Error) => void } | undefined;
  let failure: ProcessFailure | undefined;
  let stderrTail = '';

  function fail(message: string, name: 'ProcessEnded' | 'ProtocolError' = 'ProcessEnded'): void {
    failure ??= new ProcessFailure(name, message);
    waiting?.reject(failure);
    waiting = undefined;
  }

  const group = isMeasured ? emulatedMachine()?.openGroup() : undefined;
  const child = forkChild({
    file,
    cgroups: group?.folders,
    env: { ...childEnvironment(), ...env },
    execPath,
    execArgv,
    portable,
    leadsGroup: true,
    mostBytes: MOST_BYTES,
    // Output of a workload is not part of any result.
    onStderr: (text) => {
      stderrTail = (stderrTail + text).slice(-STDERR_TAIL);
    },
    onMessage: (message) => {
      // Messages after a flood are part of it: handed out first, they would delay its report by a minute.
      if (failure?.name === 'ProtocolError' || !isReply(message)) return;
      if (waiting !== undefined) waiting.resolve(message);
      else if (received.length < MOST_UNREAD) received.push(message);
      else {
        received.length = 0;
        fail('its process kept sending messages that nobody had requested', 'ProtocolError');
        child.kill();
      }
      waiting = undefined;
    },
    onError: (error) => {
      if (error instanceof ProtocolError) fail(error.message, error.name);
      else fail(`the process could not be started: ${error.message}`);
    },
    onExit: (code, signal) => {
      running.delete(pid);
      group?.close();
      notifyGuard({ kind: 'ended', pid });
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      fail(`the process ended with ${how}${reasonOf(signal)}`);
    },
  });
  const { pid } = child;
  if (pid > 0) {
    started.add(pid);
    running.add(pid);
    notifyGuard({ kind: 'started', pid });
    offerToKernel(pid);
  }
  // Kills elsewhere are no reason where its own group counts them.
  const whyKilled = group?.whyKilled ?? watchMemoryKills();

  function reasonOf(signal: string | null): string {
    const why = signal === 'SIGKILL' ? whyKilled() : undefined;
    return why === undefined ? lastWords(stderrTail, signal) : `: ${why}`;
  }

  return {
    send: child.send,
    next: async (timeoutMs) => {
      const first = received.shift();
      if (first !== undefined) return first;
      if (failure !== undefined) throw failure;
      let late: Waiting | undefined;
      try {
        return await new Promise<Reply>((resolve, reject) => {
          waiting = { resolve, reject };
          late = afterReading(timeoutMs, () => {
            // Later messages still count: a late host can be asked what it is doing.
            waiting = undefined;
            reject(new ProcessFailure('TimeoutError', `no answer within ${timeoutMs / 1000} s`));
          });
        });
      } finally {
        late?.clear();
      }
    },
    lastWords: async (signal) => {
      await new Promise<void>((resolve) => {
        afterReading(LAST_WORDS_MS, resolve);
      });
      return reasonOf(signal);
    },
    end: child.end,
    kill: child.kill,
  };
}

/** Each leads a process group. */
const started = new Set<number>();

/** Whether a process group belongs to a process of Lanewise itself, dead or alive. */
export function wasStarted(group: number): boolean {
  return started.has(group);
}

/** The same of those that have not ended. */
const running = new Set<number>();

/** Whether a process group belongs to a process of Lanewise itself that has not ended. */
export function isRunning(group: number): boolean {
  return running.has(group);
}

const START_TIMEOUT_MS = 10_000;

const SERVICE_FILES: Readonly<Record<string, string>> = { 'http-server': 'http-server.js' };

function isReady(message: unknown): message is ServiceReady {
  return isObject(message) && typeof message.url === 'string';
}

export interface OpenServices {
  readonly services: Services;
  readonly close: () => Promise<void>;
}

/** Starts each service once for the whole run, in a process of its own that is never measured. */
export async function openServices(names: ReadonlySet<string>): Promise<OpenServices> {
  const opened: WorkerProcess<never, ServiceReady>[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((service) => service.end()));
  };
  try {
    const services: Record<string, ServiceReady> = {};
    for (const name of names) {
      const service = openWorkerProcess<never, ServiceReady>(SERVICE_FILES[name] ?? `${name}.js`, { isReply: isReady });
      opened.push(service);
      services[name] = await service.next(START_TIMEOUT_MS).catch((cause: unknown) => {
        throw notStarted(`The service ${name}`, cause);
      });
    }
    return { services, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
