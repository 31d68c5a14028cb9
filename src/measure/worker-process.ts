import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { killTree } from '../../workers/kill-tree.ts';
import { LIFELINE_FD } from '../../workers/line-pipe.ts';
import { LanewiseError } from '../model/errors.ts';
import { tellGuard } from './guard.ts';
import { childEnvironment, readInherited } from './inherited.ts';
import { lastWords } from './last-words.ts';
import { offerToKernel, watchMemoryKills } from './oom-kills.ts';

/** What a process said last on stderr is told when it fails; more of it is thrown away. */
const STDERR_TAIL = 16_384;
/** A fork has no console window of its own on Windows; its types do not know the option. */
const OF_ONE_WINDOW = { windowsHide: true };

/** A process that was asked to end and has not within this time is killed with all of its children. */
const END_TIMEOUT_MS = 3000;

/** What a process wrote to stderr before it ended is read within this time after its end. */
const LAST_WORDS_MS = 50;

/**
 * A process of Lanewise's own (`workers/*.js`) that answers in messages. It leads a process group, so that killing it
 * takes along whatever it started; it ends by itself when this process does.
 */
export interface WorkerProcess<Request extends object, Reply> {
  readonly send: (request: Request) => void;
  /** The next message, in order. @throws ProcessFailure if the process ends first or `timeoutMs` passes */
  readonly next: (timeoutMs: number) => Promise<Reply>;
  /** Why one of its children ended, by what was written to stderr and by whom the kernel has killed: `: Error: …`, or nothing. */
  readonly lastWords: (signal: string | null) => Promise<string>;
  /** Asks it to end by hanging up, then kills what is left. */
  readonly end: () => Promise<void>;
  /** Kills it and everything that it started, at once. */
  readonly kill: () => void;
}

/** A process of Lanewise's own ended or was late; the message says how. */
export class ProcessFailure extends Error {
  override readonly name: string;

  constructor(name: 'ProcessEnded' | 'TimeoutError', message: string) {
    super(message);
    this.name = name;
  }
}

/** Nothing of the user's ran in it: what it was started with is what it may have failed on. */
export function notStarted(what: string, cause: unknown): LanewiseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LanewiseError('usage', `${what} did not start: ${why}.${blameFlags()}`, { cause });
}

/** What of the environment can keep any Node process from starting. */
function blameFlags(): string {
  const { nodeFlags = [] } = readInherited();
  return nodeFlags.length === 0 ? '' : ` NODE_OPTIONS is set (${nodeFlags.join(' ')}): try without it.`;
}

export interface ProcessOptions<Reply> {
  /** Whatever else arrives is not for us: code that nobody knows may run in the process. */
  readonly isReply: (message: unknown) => message is Reply;
  readonly env?: Readonly<Record<string, string>>;
  /** Undefined: this process’s own Node. */
  readonly execPath?: string | undefined;
  /** Flags of Node; those of this process are not inherited. */
  readonly execArgv?: readonly string[];
}

export function openWorkerProcess<Request extends object, Reply>(
  file: string,
  { env = {}, isReply, execPath = process.execPath, execArgv = [] }: ProcessOptions<Reply>,
): WorkerProcess<Request, Reply> {
  const path = fileURLToPath(new URL(`../../workers/${file}`, import.meta.url));
  const isWindows = process.platform === 'win32';
  const child = fork(path, [], {
    ...OF_ONE_WINDOW,
    serialization: 'advanced',
    // What a workload prints is nobody's result.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'overlapped'],
    env: { ...childEnvironment(), ...env },
    execPath,
    execArgv: [...execArgv],
    // A process group of its own. On Windows it would be a console window instead.
    detached: !isWindows,
  });
  const pid = child.pid;
  if (pid !== undefined) {
    live.add(pid);
    started.add(pid);
    tellGuard({ kind: 'started', pid });
    offerToKernel(pid);
  }
  const whyKilled = watchMemoryKills();

  const received: Reply[] = [];
  let waiting: { resolve: (reply: Reply) => void; reject: (reason: Error) => void } | undefined;
  let failure: ProcessFailure | undefined;
  let stderrTail = '';

  function fail(reason: ProcessFailure): void {
    failure ??= reason;
    waiting?.reject(failure);
    waiting = undefined;
  }

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-STDERR_TAIL);
  });
  child.on('message', (message) => {
    if (!isReply(message)) return;
    if (waiting === undefined) received.push(message);
    else waiting.resolve(message);
    waiting = undefined;
  });
  child.on('error', (error) => {
    fail(new ProcessFailure('ProcessEnded', `the process could not be reached: ${error.message}`));
  });
  // `close`, which comes when all output has been read, does not come at all after a disconnect: `exit` does.
  child.on('exit', (code, signal) => {
    // Its children end with it; one that is busy did not notice. Now, while nothing else can have the group's id.
    if (pid !== undefined && live.delete(pid)) {
      killTree(pid);
      tellGuard({ kind: 'ended', pid });
    }
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    setTimeout(() => {
      const why = whyKilled();
      const reason = signal === 'SIGKILL' && why !== undefined ? `: ${why}` : lastWords(stderrTail, signal);
      fail(new ProcessFailure('ProcessEnded', `the process ended with ${how}${reason}`));
    }, LAST_WORDS_MS);
  });

  const kill = (): void => {
    if (pid !== undefined && live.has(pid)) killTree(pid);
  };
  return {
    send: (request) => {
      child.send(request, (error) => {
        if (error === null) return;
        // One that has ended cannot be reached either; how it ended says more.
        setTimeout(
          () => fail(new ProcessFailure('ProcessEnded', `the process could not be reached: ${error.message}`)),
          2 * LAST_WORDS_MS,
        );
      });
    },
    next: async (timeoutMs) => {
      const first = received.shift();
      if (first !== undefined) return first;
      if (failure !== undefined) throw failure;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<Reply>((resolve, reject) => {
          waiting = { resolve, reject };
          timer = setTimeout(() => {
            // Later messages still count: a host that is late can be asked what it is doing.
            waiting = undefined;
            reject(new ProcessFailure('TimeoutError', `no answer within ${timeoutMs / 1000} s`));
          }, timeoutMs);
        });
      } finally {
        clearTimeout(timer);
      }
    },
    lastWords: async (signal) => {
      await new Promise((resolve) => {
        setTimeout(resolve, LAST_WORDS_MS);
      });
      const why = signal === 'SIGKILL' ? whyKilled() : undefined;
      return why === undefined ? lastWords(stderrTail, signal) : `: ${why}`;
    },
    end: async () => {
      if (pid === undefined || !live.has(pid)) return;
      const exited = once(child, 'exit');
      // It ends with its lifeline.
      const lifeline = child.stdio[LIFELINE_FD];
      if (lifeline instanceof Duplex) lifeline.destroy();
      const killer = setTimeout(kill, END_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
    kill,
  };
}

/** Each leads a process group. */
const live = new Set<number>();
const started = new Set<number>();

/** Whether a process group was that of a process of Lanewise's own, dead or alive. */
export function wasStarted(group: number): boolean {
  return started.has(group);
}

/** Kills every process of Lanewise's own, and what they have started. */
export function killAll(): void {
  for (const pid of live) killTree(pid);
}

process.on('exit', killAll);
