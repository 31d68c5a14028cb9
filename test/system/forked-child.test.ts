import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../dist/workers/frames.js';
import { forkChild, LAST_WORDS_MS, OWN_OUTPUT } from '../../dist/src/system/forked-child.js';
import { runProgram } from '../support/run-program.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const PARENT = new URL('../../dist/workers/parent.js', import.meta.url).href;
const FORKED_CHILD = new URL('../../dist/src/system/forked-child.js', import.meta.url).href;

/** Starts this file as a child that does what the text says. */
function outcomeOf(mostBytes: number): Promise<unknown> {
  return new Promise((resolve) => {
    const child = forkChild({
      file: 'http-server.js',
      mostBytes,
      onMessage: (message) => {
        resolve(message);
        void child.end();
      },
      onError: resolve,
      onExit: (code, signal) => resolve(signal ?? code),
    });
  });
}

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Nothing else happens in this process until that one has ended. */
function blockUntilEnded(pid: number | undefined): void {
  while (!/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) block(5);
}

describe('a child', () => {
  it('a child process receives and answers messages', async () => {
    expect(await outcomeOf(1000)).toEqual({ url: expect.stringContaining('http://127.0.0.1:') });
  });

  it('a child process that sends too long a message is killed with an error', async () => {
    const error = await outcomeOf(10);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ message: 'its process sent a message of 1 MiB, but at most 0 MiB are read from it' });
  });

  const STARTING = (before: string): string => `import { closeSync, openSync } from 'node:fs';
    import { forkChild } from ${JSON.stringify(FORKED_CHILD)};
    // A child that runs this text in place of its own file ends here.
    if (process.env.IS_CHILD) process.exit(9);
    process.env.IS_CHILD = 'yes';
    ${before}
    const end = (what) => { console.log(what); process.exit(); };
    forkChild({
      file: 'http-server.js',
      onMessage: () => end('started'),
      onExit: (code) => end('ended with ' + code),
      onError: ({ message }) => end(message),
    });`;

  it.runIf(process.platform === 'linux')(
    'a child process that cannot start for lack of open files has an error that names the limit',
    async () => {
      const fill =
        "const open = []; try { for (;;) open.push(openSync('/dev/null')); } catch { closeSync(open.pop()); }";
      const script = await folder.file('fill.mjs', STARTING(fill));
      const inShell = ['-c', 'ulimit -n 100; exec "$@"', 'sh', process.execPath, script];
      expect((await runProgram('sh', inShell)).stdout).toBe(
        'too many files are open (ulimit -n): raise the limit, or start fewer processes\n',
      );
    },
  );

  it.each([
    ['--input-type=module', '-e'],
    ['--input-type=module', '--eval'],
  ])('a child process runs its file, never the script given to its parent: %s %s', async (...flags) => {
    const args = [...flags, STARTING('')];
    expect((await runProgram(process.execPath, args)).stdout).toBe('started\n');
  });

  it.runIf(process.platform === 'linux')(
    'a child process that is killed has said everything first, however busy its parent is',
    async () => {
      const go = join(folder.path, 'go');
      const source = `import { existsSync } from 'node:fs';
        import { sendToParent } from ${JSON.stringify(PARENT)};
        sendToParent('ready');
        const asked = setInterval(() => {
          if (!existsSync(${JSON.stringify(go)})) return;
          sendToParent('last words');
          process.kill(process.pid, 'SIGKILL');
        }, 5);`;
      const script = await folder.file('killed.mjs', source);
      const heard: unknown[] = [];
      // Its end is seen in the same turn as that of the child, which is before the words of the child are read.
      const other = spawn('sh', ['-c', 'read line; echo'], { stdio: ['pipe', 'pipe', 'inherit'] });
      await new Promise<void>((resolve) => {
        const child = forkChild({
          file: 'http-server.js',
          start: (_, env) => {
            const started = spawn(process.execPath, [script], { env, stdio: [...OWN_OUTPUT, 'overlapped'] });
            // After all other listeners.
            process.nextTick(() => started.on('exit', () => block(2 * LAST_WORDS_MS)));
            return started;
          },
          onMessage: (message) => {
            heard.push(message);
            if (message !== 'ready') return;
            other.stdin.write('\n');
            blockUntilEnded(other.pid);
          },
          onError: () => resolve(),
          onExit: () => {
            heard.push('exit');
            resolve();
          },
        });
        other.stdout.on('data', () => {
          writeFileSync(go, '');
          blockUntilEnded(child.pid);
        });
      });
      expect(heard).toEqual(['ready', 'last words', 'exit']);
    },
  );
});
