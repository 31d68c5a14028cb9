import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers';
import { killTree } from '../../workers/kill-tree.ts';
import { LIFELINE_FD, onLine, sendLine } from '../../workers/line-pipe.ts';

/** A fork has no console window of its own on Windows; its types do not know the option. */
const OF_ONE_WINDOW = { windowsHide: true };

/** A child that is asked to end and has not within this time is killed. */
const END_TIMEOUT_MS = 2000;
/** What a child sent before it ended is read within this time after its end. */
export const LAST_WORDS_MS = 50;

/** What is started, and who listens to it. */
export interface ForkSettings {
  /** A file of `workers/` that imports `parent.ts` first. */
  readonly file: string;
  /** Default: the environment and the flags of this process, inherited on purpose. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /** It leads a process group, so that what its tasks start is killed with it. Otherwise it stays in the group of this process. */
  readonly leadsGroup?: boolean;
  readonly onLine: (message: readonly unknown[]) => void;
  readonly onMessage: (message: unknown) => void;
  /** It could not be started, or cannot be reached. */
  readonly onError: (error: Error) => void;
  /** It has ended; what it sent before may still arrive for {@link LAST_WORDS_MS}. */
  readonly onExit: (code: number | null, signal: NodeJS.Signals | null) => void;
}

/** A child process that has two ways to be reached: messages by structured clone, and lines through a pipe. */
export interface ForkedChild {
  readonly pid: number;
  /** @throws if the message cannot be cloned */
  readonly send: (message: object) => void;
  /** For what `fitsLine` says yes to. */
  readonly sendLine: (message: readonly unknown[]) => void;
  /** Ends the process and resolves when it is gone. */
  readonly end: () => Promise<void>;
  /** Ends the process at once, whatever it is doing; nothing if it has ended. */
  readonly kill: () => void;
  /** This process may end while the child waits for work. */
  readonly unref: () => void;
}

/** Starts a child of Lanewise's own pools. @throws if it cannot be started */
export function forkChild(settings: ForkSettings): ForkedChild {
  const leadsGroup = settings.leadsGroup === true && process.platform !== 'win32';
  const child = fork(settings.file, [], {
    ...OF_ONE_WINDOW,
    serialization: 'advanced',
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'overlapped'],
    detached: leadsGroup,
    ...(settings.env !== undefined && { env: settings.env }),
    ...(settings.execArgv !== undefined && { execArgv: [...settings.execArgv] }),
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => {
    if (settings.leadsGroup === true && child.pid !== undefined && !hasEnded()) killTree(child.pid);
    child.kill('SIGKILL');
  };
  live.add(kill);
  // A child that has ended cannot be reached either; how it ended says more.
  child.on('error', (error) => setTimeout(() => settings.onError(error), 2 * LAST_WORDS_MS));
  child.on('message', settings.onMessage);
  // `exit` is the authority: `disconnect` can come 100 ms earlier and knows no exit code.
  child.on('exit', (code, signal) => {
    live.delete(kill);
    settings.onExit(code, signal);
  });
  const pipe = lifelineOf(child);
  onLine(pipe, (message) => {
    if (Array.isArray(message)) settings.onLine(message);
  });

  return {
    pid: child.pid ?? 0,
    // Without a callback a failed send is an `error` event, and every message costs a tick less.
    send: (message) => void child.send(message),
    sendLine: (message) => sendLine(pipe, message),
    end: async () => {
      if (hasEnded()) return;
      const exited = once(child, 'exit');
      // It ends with its lifeline.
      pipe.destroy();
      const killer = setTimeout(kill, END_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
    kill,
    unref: () => {
      child.unref();
      child.channel?.unref();
      if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
    },
  };
}

const live = new Set<() => void>();

// A child in a CPU loop survives its parent's death, since it never gets to see the disconnect.
process.on('exit', () => {
  for (const kill of live) kill();
});

function lifelineOf(child: ChildProcess): Duplex {
  const pipe = child.stdio[LIFELINE_FD];
  if (pipe instanceof Duplex) return pipe;
  throw new Error('the child process could not be started');
}
