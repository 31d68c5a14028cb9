import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import {
  createFrameReader,
  frameOf,
  MOST_BYTES,
  newToken,
  OWN_DESCRIPTOR,
  PARENT_FD,
  TOKEN_VARIABLE,
} from '../../workers/frames.ts';
import { killTree } from '../../workers/kill-tree.ts';

/** A child that is asked to end and has not within this time is killed. */
const END_TIMEOUT_MS = 2000;
/** What a child sent or wrote before it ended is read within this time after its end: what it has started may hold its pipes open. */
export const LAST_WORDS_MS = 50;
/** A child whose pipe has ended is about to end, too; one that has not within this time has closed the pipe, and goes on. */
const HANG_UP_MS = 1000;

/** What is started, and who listens to it. */
export interface ForkSettings {
  /** The name of a file of `workers/` that imports `parent.ts` first. */
  readonly file: string;
  /** Default: the environment, the Node and the flags of this process, inherited on purpose. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly execPath?: string | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /** It leads a process group, so that what its tasks start is killed with it. Otherwise it stays in the group of this process. */
  readonly leadsGroup?: boolean;
  /** A longer message is refused, and ends the child. Default: as long as anything that is sent. */
  readonly mostBytes?: number;
  readonly onMessage: (message: unknown) => void;
  /** What it writes to stderr; what it prints is thrown away then. Default: it writes where this process does. */
  readonly onStderr?: (text: string) => void;
  /** It could not be started, or a {@link ProtocolError}: then it is killed. */
  readonly onError: (error: Error) => void;
  /** It has ended, and so has what it sent. */
  readonly onExit: (code: number | null, signal: NodeJS.Signals | null) => void;
}

/** Something in a child has used the pipe to its parent, or the child has sent more than it may. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  /** What the process did: `wrote to descriptor 3, …`. */
  readonly what: string;

  constructor(what: string) {
    super(`its process ${what}`);
    this.what = what;
  }
}

/** A child process that is reached by messages. */
export interface ForkedChild {
  /** 0 if it could not be started. */
  readonly pid: number;
  /** @throws if the message cannot be cloned */
  readonly send: (message: object) => void;
  /** Lets the process end by itself, kills it if it does not, and resolves when it is gone. */
  readonly end: () => Promise<void>;
  /** Ends the process at once, whatever it is doing; nothing if it has ended. */
  readonly kill: () => void;
  /** This process may end while the child waits for work. */
  readonly unref: () => void;
}

/** Starts a process of Lanewise's own. It ends by itself when this one does. */
export function forkChild(settings: ForkSettings): ForkedChild {
  const { file, env = process.env, execPath = process.execPath, execArgv = process.execArgv } = settings;
  const { leadsGroup = false, mostBytes = MOST_BYTES, onStderr } = settings;
  const token = newToken();
  const path = fileURLToPath(new URL(`../../workers/${file}`, import.meta.url));
  const child = spawn(execPath, [...withoutScript(execArgv), path], {
    // A console window of its own on Windows would be one for each child.
    windowsHide: true,
    stdio: [...(onStderr === undefined ? OWN_OUTPUT : STDERR_ONLY), 'overlapped'],
    // On Windows it would be a console window instead.
    detached: leadsGroup && process.platform !== 'win32',
    env: { ...env, [TOKEN_VARIABLE]: String(token) },
  });
  const { pid = 0 } = child;
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => {
    if (leadsGroup && pid > 0 && !hasEnded()) killTree(pid);
    child.kill('SIGKILL');
  };
  if (pid > 0) live.add(kill);
  child.on('error', (error) => settings.onError(whyNotStarted(error)));
  child.on('exit', (code, signal) => {
    live.delete(kill);
    // What it has started ends with it. Now, while nothing else can have the group's id.
    if (leadsGroup && pid > 0) killTree(pid);
    const timer = setTimeout(tell, LAST_WORDS_MS);
    child.once('close', tell);
    function tell(): void {
      clearTimeout(timer);
      child.off('close', tell);
      settings.onExit(code, signal);
    }
  });
  if (onStderr !== undefined) child.stderr?.setEncoding('utf8').on('data', onStderr);

  const fail = (what: string): void => {
    pipe?.destroy();
    settings.onError(new ProtocolError(what));
    kill();
  };
  const pipe = pipeOf(child);
  pipe?.on('data', createFrameReader({ token, mostBytes, receive: settings.onMessage, fail }));
  // What of it cannot be written was for a process that has ended, or is about to.
  pipe?.on('error', () => undefined);
  pipe?.on('end', () => {
    setTimeout(() => {
      if (!hasEnded()) fail(`closed ${OWN_DESCRIPTOR}`);
    }, HANG_UP_MS).unref();
  });

  return {
    pid,
    send: (message) => void pipe?.write(frameOf(message, token)),
    end: async () => {
      if (pid === 0 || hasEnded()) return;
      const exited = once(child, 'exit');
      // It ends with its pipe.
      pipe?.destroy();
      const killer = setTimeout(kill, END_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
    kill,
    unref: () => {
      child.unref();
      if (pipe !== undefined && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
    },
  };
}

const OWN_OUTPUT = ['inherit', 'inherit', 'inherit'] as const;
const STDERR_ONLY = ['ignore', 'ignore', 'pipe'] as const;

/** What a script was given on the command line is no script of the child, and neither is a mode of Node that takes one. */
const TAKES_A_SCRIPT = /^--(?:input-type|test|eval|print)(?:=|$)/;
const WITH_A_SCRIPT = new Set(['-e', '--eval', '-p', '--print', '-pe']);

/** With such a flag Node would run that script in place of the file, which may start children in its turn, without end. */
function withoutScript(flags: readonly string[]): readonly string[] {
  return flags.filter(
    (flag, index) =>
      !TAKES_A_SCRIPT.test(flag) && !WITH_A_SCRIPT.has(flag) && !WITH_A_SCRIPT.has(flags[index - 1] ?? ''),
  );
}

/** Of a process that could not be started there may be none. */
function pipeOf(child: ChildProcess): Duplex | undefined {
  const pipe = child.pid === undefined ? undefined : child.stdio[PARENT_FD];
  return pipe instanceof Duplex ? pipe : undefined;
}

/** What the system allows no more of, by its code. */
const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'too many files are open (ulimit -n): raise the limit, or start fewer processes',
  ENFILE: 'too many files are open on this machine: start fewer processes',
  EAGAIN: 'no more processes are allowed (ulimit -u, or pids.max of its cgroup): raise the limit, or start fewer',
  ENOMEM: 'no memory is left to start a process: start fewer',
};

function whyNotStarted(error: NodeJS.ErrnoException): Error {
  const limit = LIMITS[error.code ?? ''];
  return limit === undefined ? error : new Error(limit, { cause: error });
}

const live = new Set<() => void>();

/** Kills every child that is alive, and what those that lead a group have started. */
export function killAll(): void {
  for (const kill of live) kill();
}

// A child in a CPU loop survives its parent's death, since it never gets to see its pipe end.
process.on('exit', killAll);
