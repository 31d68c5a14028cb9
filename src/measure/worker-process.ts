import { fork, execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process said last on stderr is told when it fails; more of it is thrown away. */
const STDERR_TAIL = 2000;
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

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export function openWorkerProcess<Request extends object, Reply>(
  file: string,
  { env = {} }: ProcessOptions = {},
): WorkerProcess<Request, Reply> {
  const path = fileURLToPath(new URL(`../../workers/${file}`, import.meta.url));
  const isWindows = process.platform === 'win32';
  const child = fork(path, [], {
    ...OF_ONE_WINDOW,
    serialization: 'advanced',
    // What a workload prints is nobody's result.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
    execArgv: [],
    // A process group of its own. On Windows it would be a console window instead.
    detached: !isWindows,
  });
  live.add(child);

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
    const reply = message as Reply;
    if (waiting === undefined) received.push(reply);
    else waiting.resolve(reply);
    waiting = undefined;
  });
  child.on('error', (error) => {
    // What could not be started has no exit.
    if (child.pid === undefined) live.delete(child);
    fail(new ProcessFailure('ProcessEnded', `the process could not be reached: ${error.message}`));
  });
  // `close`, which comes when all output has been read, does not come at all after a disconnect: `exit` does.
  child.on('exit', (code, signal) => {
    // Its children end with it; one that is busy did not notice. Now, while nothing else can have the group's id.
    killTree(child);
    live.delete(child);
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    setTimeout(
      () => fail(new ProcessFailure('ProcessEnded', `the process ended with ${how}${hint(stderrTail)}`)),
      LAST_WORDS_MS,
    );
  });

  const kill = (): void => {
    if (live.has(child)) killTree(child);
  };
  return {
    send: (request) => {
      child.send(request, (error) => {
        if (error !== null)
          fail(new ProcessFailure('ProcessEnded', `the process could not be reached: ${error.message}`));
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
          timer = setTimeout(
            () => fail(new ProcessFailure('TimeoutError', `no answer within ${timeoutMs / 1000} s`)),
            timeoutMs,
          );
        });
      } finally {
        clearTimeout(timer);
      }
    },
    end: async () => {
      if (!live.has(child)) return;
      const exited = once(child, 'exit');
      if (child.connected) child.disconnect();
      const killer = setTimeout(kill, END_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
    kill,
  };
}

const live = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of live) killTree(child);
});

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], () => undefined);
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group is gone already.
  }
}

/** Node prints where an error was thrown before what it says; the line that says it is the useful one. */
function hint(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line =
    lines.find((text) => /^(?:\w*(?:Error|Exception)\b|FATAL ERROR|Uncaught )/.test(text)) ??
    lines.find((text) => /error/i.test(text));
  return line === undefined ? '' : `: ${line.replace(/\.$/, '')}`;
}
