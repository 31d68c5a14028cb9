import { spawn, type ChildProcessWithoutNullStreams as ServerChild } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { LanewiseError } from '../model/errors.ts';
import { notifyGuard } from '../system/guard.ts';
import { MARK } from '../../workers/clear-up.ts';
import { afterReading } from '../../workers/deferred.ts';

/** A server starts in under a second; on a machine with many others that wait for its CPUs and its disk, in many. */
const START_TIMEOUT_MS = 60_000;
/** Time that a server has to end when asked, before it is killed. */
const END_TIMEOUT_MS = 2000;
/** Longest end of its output to keep, for the message if it does not start. */
const OUTPUT_TAIL = 8192;
/** Somebody else can take a free port before the server does. */
const MOST_STARTS = 5;

export interface ServerProgram {
  readonly label: string;
  readonly path: string;
  /** Never with a password: every user of the machine can read them. */
  readonly args: (port: number) => readonly string[];
  readonly stdin?: (port: number) => string;
  readonly folder: string;
  /** The user that it runs as; absent: this one. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Printed once it can be used. */
  readonly ready: RegExp;
  /** Printed if its port is taken. */
  readonly taken: RegExp;
  /** Its segment of System V, once it is ready. */
  readonly sharedMemory?: () => number | undefined;
  /** Ends it at once. */
  readonly signal: NodeJS.Signals;
}

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Its output while it started. */
  readonly output: string;
  /** Resolves when it is gone. */
  readonly close: () => Promise<void>;
}

/** @throws LanewiseError if it ends or is late */
export async function startServer(program: ServerProgram): Promise<ServerProcess> {
  for (let start = 1; ; start++) {
    const port = await freePort();
    const child = spawnServer(program, port);
    const { output, isReady } = await whetherReady(child, program.ready);
    const { pid = 0 } = child;
    if (isReady) {
      const sharedMemory = program.sharedMemory?.();
      if (sharedMemory !== undefined) notifyGuard({ kind: 'started', pid, isAlone: true, sharedMemory });
      return { pid, port, output, close: () => end(child, program.signal) };
    }
    await end(child, 'SIGKILL');
    if (start < MOST_STARTS && program.taken.test(output)) continue;
    throw new LanewiseError(
      'usage',
      `The server of a queue did not start: ${program.label} (${program.path})${lastLine(output)}`,
    );
  }
}

/** In the process group of this process, and so killed with it; else by the guard, if this process alone is killed. */
function spawnServer({ path, args, stdin, folder, user, signal }: ServerProgram, port: number): ServerChild {
  const child = spawn(path, args(port), {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: folder,
    env: serverEnvironment(),
    ...user,
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin?.(port) ?? '');
  const { pid } = child;
  if (pid === undefined) return child;
  const kill = (): void => void child.kill(signal);
  // Before its folder is removed.
  process.prependListener('exit', kill);
  notifyGuard({ kind: 'started', pid, isAlone: true });
  child.on('exit', () => {
    process.off('exit', kill);
    notifyGuard({ kind: 'ended', pid });
  });
  // This process may end before it.
  child.unref();
  return child;
}

interface Start {
  readonly isReady: boolean;
  /** Its output meanwhile. */
  readonly output: string;
}

function whetherReady(child: ServerChild, ready: RegExp): Promise<Start> {
  return new Promise((resolve) => {
    let output = '';
    const settle = (isReady: boolean, more = ''): void => {
      late.clear();
      resolve({ isReady, output: output + more });
    };
    const late = afterReading(START_TIMEOUT_MS, () => settle(false, `\nno answer within ${START_TIMEOUT_MS / 1000} s`));
    for (const stream of [child.stdout, child.stderr]) {
      // Read to its end, or the server would wait for its reader; kept only until it is ready.
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (ready.test(output)) return;
        output = (output + text).slice(-OUTPUT_TAIL);
        if (ready.test(output)) settle(true);
      });
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
    }
    child.on('error', ({ message }) => settle(false, `\n${message}`));
    child.on('close', () => settle(false));
  });
}

/** Resolves when it is gone. */
async function end(child: ServerChild, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = once(child, 'exit');
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await exited;
  clearTimeout(killer);
}

/** The part of the environment that a server needs, without the passwords of others; and the mark of the run. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, [MARK]: run } = process.env;
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(run !== undefined && { [MARK]: run }) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The last line that names a cause: programs say at the end that they give up. */
function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((text) => /error|fatal|failed|can't|could not|no answer/i.test(text)) ?? lines.at(-1);
  return line === undefined ? '.' : `: ${line.trim()}`;
}
