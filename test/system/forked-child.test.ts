import { describe, expect, it } from 'vitest';
import { forkChild, ProtocolError } from '../../dist/src/system/forked-child.js';
import { runProgram } from '../support/run-program.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
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
});
