import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { killTree } from '../../workers/kill-tree.ts';
import { LIFELINE_FD, onLine, sendLine } from '../../workers/line-pipe.ts';

/** A fork has no console window of its own on Windows; its types do not know the option. */
const OF_ONE_WINDOW = { windowsHide: true };

/** A child that is asked to end and has not within this time is killed. */
const END_TIMEOUT_MS = 2000;
/** What a child sent or wrote before it ended is read within this time after its end. */
export const LAST_WORDS_MS = 50;

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
  readonly onLine?: (message: readonly unknown[]) => void;
  readonly onMessage: (message: unknown) => void;
  /** What it writes to stderr; what it prints is thrown away then. Default: it writes where this process does. */
  readonly onStderr?: (text: string) => void;
  /** It could not be started, or cannot be reached. */
  readonly onError: (error: Error) => void;
  /** It has ended; what it sent before may still arrive for {@link LAST_WORDS_MS}. */
  readonly onExit: (code: number | null, signal: NodeJS.Signals | null) => void;
}

/** A child process that has two ways to be reached: messages by structured clone, and lines through a pipe. */
export interface ForkedChild {
  /** 0 if it could not be started. */
  readonly pid: number;
  /** @throws if the message cannot be cloned */
  readonly send: (message: object) => void;
  /** For what `fitsLine` says yes to. */
  readonly sendLine: (message: readonly unknown[]) => void;
  /** Lets the process end by itself, kills it if it does not, and resolves when it is gone. */
  readonly end: () => Promise<void>;
  /** Ends the process at once, whatever it is doing; nothing if it has ended. */
  readonly kill: () => void;
  /** This process may end while the child waits for work. */
  readonly unref: () => void;
}

/** Starts a process of Lanewise's own. It ends by itself when this one does. */
export function forkChild(settings: ForkSettings): ForkedChild {
  const { file, env, execPath, execArgv, leadsGroup = false, onStderr } = settings;
  const child = fork(fileURLToPath(new URL(`../../workers/${file}`, import.meta.url)), [], {
    ...OF_ONE_WINDOW,
    serialization: 'advanced',
    stdio: [...(onStderr === undefined ? OWN_OUTPUT : STDERR_ONLY), 'ipc', 'overlapped'],
    // On Windows it would be a console window instead.
    detached: leadsGroup && process.platform !== 'win32',
    ...(env !== undefined && { env }),
    ...(execPath !== undefined && { execPath }),
    ...(execArgv !== undefined && { execArgv: [...execArgv] }),
  });
  const { pid = 0 } = child;
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => {
    if (leadsGroup && pid > 0 && !hasEnded()) killTree(pid);
    child.kill('SIGKILL');
  };
  if (pid > 0) live.add(kill);
  // A child that has ended cannot be reached either; how it ended says more.
  child.on('error', (error) => setTimeout(() => settings.onError(error), 2 * LAST_WORDS_MS));
  child.on('message', settings.onMessage);
  // `exit` is the authority: `disconnect` can come 100 ms earlier and knows no exit code, and after it `close` never comes.
  child.on('exit', (code, signal) => {
    live.delete(kill);
    // What it has started ends with it. Now, while nothing else can have the group's id.
    if (leadsGroup && pid > 0) killTree(pid);
    settings.onExit(code, signal);
  });
  if (onStderr !== undefined) child.stderr?.setEncoding('utf8').on('data', onStderr);
  const pipe = lifelineOf(child);
  if (pipe !== undefined)
    onLine(pipe, (message) => {
      if (Array.isArray(message)) settings.onLine?.(message);
    });

  return {
    pid,
    // Without a callback a failed send is an `error` event, and every message costs a tick less.
    send: (message) => void child.send(message),
    sendLine: (message) => {
      if (pipe !== undefined) sendLine(pipe, message);
    },
    end: async () => {
      if (pid === 0 || hasEnded()) return;
      const exited = once(child, 'exit');
      // It ends with its lifeline.
      pipe?.destroy();
      const killer = setTimeout(kill, END_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
    kill,
    unref: () => {
      child.unref();
      child.channel?.unref();
      if (pipe !== undefined && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
    },
  };
}

const OWN_OUTPUT = ['inherit', 'inherit', 'inherit'] as const;
const STDERR_ONLY = ['ignore', 'ignore', 'pipe'] as const;

/** Of a process that could not be started there may be none. */
function lifelineOf(child: ChildProcess): Duplex | undefined {
  const pipe = child.pid === undefined ? undefined : child.stdio[LIFELINE_FD];
  return pipe instanceof Duplex ? pipe : undefined;
}

const live = new Set<() => void>();

/** Kills every child that is alive, and what those that lead a group have started. */
export function killAll(): void {
  for (const kill of live) kill();
}

// A child in a CPU loop survives its parent's death, since it never gets to see the disconnect.
process.on('exit', killAll);
