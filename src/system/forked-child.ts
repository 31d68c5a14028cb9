import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { clearTimeout, setTimeout } from 'node:timers';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  CODE_VARIABLE,
  createFrameReader,
  frameOf,
  MOST_BYTES,
  newToken,
  OWN_DESCRIPTOR,
  PARENT_FD,
  PORTABLE_MARK,
  ProtocolError,
  TOKEN_VARIABLE,
  type Portable,
} from '../../workers/frames.ts';
import { afterReading } from '../../workers/deferred.ts';
import { killTree } from '../../workers/clear-up.ts';
import { platformOf } from '../../workers/platform.ts';
import { thisRuntime } from '../../workers/this-runtime.ts';

/** Time that a child has to end when asked, before it is killed. */
const END_TIMEOUT_MS = 2000;
/** Time to read a child's last messages after its end; limited, since its own children may keep the pipes open. */
export const LAST_WORDS_MS = 50;
/** A child ends soon after its pipe does; one still running after this time has closed the pipe itself. */
const HANG_UP_MS = 1000;

/** Settings of a child process, and its listeners. */
export interface ForkSettings {
  /** The name of a file of `workers/` that imports `parent.ts` first. */
  readonly file: string;
  /** Environment, Node and flags; default: those of this process, inherited on purpose. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly execPath?: string | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /**
   * Makes it lead a process group, so that processes started by its tasks are killed with it. Default: the group of
   * this process.
   */
  readonly leadsGroup?: boolean;
  /** Starts it, in place of `spawn`; the environment, the descriptors and the path are to be those. */
  readonly start?: ((file: string, env: NodeJS.ProcessEnv) => ChildProcess) | undefined;
  /** Folders of cgroups that it enters before anything of it runs. Linux only. Default: those of this process. */
  readonly cgroups?: readonly string[] | undefined;
  /** The encoding of messages to another runtime. Default: this runtime's own. */
  readonly portable?: Portable | undefined;
  /** Longest message; a longer one ends the child. Default: the limit of all messages. */
  readonly mostBytes?: number;
  readonly onMessage: (message: unknown) => void;
  /** Receives its stderr, and its stdout is discarded. Default: it shares the streams of this process. */
  readonly onStderr?: (text: string) => void;
  /** Called if it could not be started, or with a {@link ProtocolError}, for which it is killed. */
  readonly onError: (error: Error) => void;
  /** Called when it has ended, after its last message. */
  readonly onExit: (code: number | null, signal: NodeJS.Signals | null) => void;
}

/** A child process that exchanges messages with this one. */
export interface ForkedChild {
  /** 0 if it could not be started. */
  readonly pid: number;
  /** @throws if the message cannot be cloned */
  readonly send: (message: object) => void;
  /** Lets the process end by itself, kills it if it does not, and resolves when it is gone. */
  readonly end: () => Promise<void>;
  /** Kills the process at once; does nothing if it has ended. */
  readonly kill: () => void;
  /** Lets this process end while the child waits for work. */
  readonly unref: () => void;
}

/** Starts a process that runs a file of Lanewise, and ends by itself when this process does. */
export function forkChild(settings: ForkSettings): ForkedChild {
  const { file, env = process.env, execPath = process.execPath, execArgv = process.execArgv } = settings;
  const { leadsGroup = false, mostBytes = MOST_BYTES, cgroups = [], portable, onStderr } = settings;
  const token = newToken();
  const path = pathOf(file);
  if (!existsSync(path)) throw new Error(MISSING);
  const ownEnv = { ...env, [TOKEN_VARIABLE]: `${token}${portable === undefined ? '' : PORTABLE_MARK}` };
  // Windows has no groups, and would open a console window for a detached child.
  const hasGroup = leadsGroup && platformOf().hasGroups;
  const child =
    settings.start?.(path, ownEnv) ??
    spawn(...entering(cgroups, execPath, [...withoutScript(execArgv), ...commandOf(path, settings)]), {
      // Otherwise Windows would open a console window for each child.
      windowsHide: true,
      stdio: [...(onStderr === undefined ? OWN_OUTPUT : STDERR_ONLY), 'overlapped'],
      detached: hasGroup,
      env: ownEnv,
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
    // Kills what it has started, now, before the system can reuse the group's id. Windows may have reused that of the
    // process already, and ends its children itself, unless they are detached.
    if (hasGroup && pid > 0) killTree(pid);
    const waiting = afterReading(LAST_WORDS_MS, reportExit);
    child.once('close', reportExit);
    function reportExit(): void {
      waiting.clear();
      child.off('close', reportExit);
      settings.onExit(code, signal);
    }
  });
  if (onStderr !== undefined) child.stderr?.setEncoding('utf8').on('data', onStderr);

  const fail = (what: string): void => {
    // Before the pipe closes, which would let the process end by itself, as if nothing had happened.
    kill();
    pipe?.destroy();
    settings.onError(new ProtocolError(what));
  };
  const pipe = pipeOf(child);
  pipe?.on('data', createFrameReader({ token, mostBytes, portable, receive: settings.onMessage, fail }));
  // A write fails only if the process has ended, or is about to.
  pipe?.on('error', () => undefined);
  pipe?.on('end', () => {
    const silent = afterReading(HANG_UP_MS, () => {
      if (!hasEnded()) fail(`closed ${OWN_DESCRIPTOR}`);
    });
    silent.unref();
  });

  return {
    pid,
    send: (message) => void pipe?.write(frameOf(message, token, portable)),
    end: async () => {
      if (pid === 0 || hasEnded()) return;
      const exited = once(child, 'exit');
      // Closing the pipe ends it.
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

/** The file to run and its arguments: a run of Lanewise keeps compiled code for its processes that are Node as well. */
function commandOf(path: string, { env = process.env, portable }: ForkSettings): readonly string[] {
  const isScript = path.endsWith('.cjs');
  const hasCode =
    isScript && env[CODE_VARIABLE] !== undefined && portable === undefined && thisRuntime().name === 'node';
  return hasCode ? [pathOf('precompiled.cjs'), path] : [path];
}

const MISSING =
  'Lanewise does not find its own files, which are not in a bundle: keep lanewise out of it, as with esbuild --packages=external.';

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../workers/${file}`, import.meta.url));
}

/** A process is limited from its first instruction on only if it enters a cgroup before it becomes Node. */
const ENTER = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"';

/** The command that starts a program within cgroups. */
export function entering(
  cgroups: readonly string[],
  program: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] {
  return cgroups.length === 0
    ? [program, args]
    : ['/bin/sh', ['-c', ENTER, 'lanewise', ...cgroups, '--', program, ...args]];
}

/** Descriptors of a child that shares the streams of this process, beside the pipe. */
export const OWN_OUTPUT = ['inherit', 'inherit', 'inherit'] as const;
const STDERR_ONLY = ['ignore', 'ignore', 'pipe'] as const;

/** Flags with a script on the command line, and modes of Node that take one. */
const TAKES_A_SCRIPT = /^--(?:input-type|test|eval|print)(?:=|$)/;
const WITH_A_SCRIPT = new Set(['-e', '--eval', '-p', '--print', '-pe']);

/** Removes them: Node would run that script in place of the file, and it could start children endlessly. */
export function withoutScript(flags: readonly string[]): readonly string[] {
  return flags.filter(
    (flag, index) =>
      !TAKES_A_SCRIPT.test(flag) && !WITH_A_SCRIPT.has(flag) && !WITH_A_SCRIPT.has(flags[index - 1] ?? ''),
  );
}

/** Pipe to a child; a process that could not be started may have none. */
function pipeOf(child: ChildProcess): Duplex | undefined {
  const pipe = child.pid === undefined ? undefined : child.stdio[PARENT_FD];
  return pipe instanceof Duplex ? pipe : undefined;
}

/** Limits of the system, by the code of their error. */
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

/** Kills every living child, and the process groups that children lead. */
export function killAll(): void {
  for (const kill of live) kill();
}

// A child in a CPU loop would survive its parent, since it never notices that its pipe has ended.
process.on('exit', killAll);
