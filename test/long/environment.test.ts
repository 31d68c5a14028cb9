import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const folder = useTempFolder();

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command through a shell script, which prepares the environment and runs "$@". */
function inShell(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', process.execPath, MAIN, ...args], {
    cwd: folder.path,
    env: { ...process.env, TMPDIR: folder.path, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** One host and one batch, to test whether it starts. */
const BRIEFLY = ['--blocks', '1', '--rounds', '1', '--no-upper-bound', '-n', '1', '--no-lock'];

describe.skipIf(process.platform === 'win32')('a missing folder', () => {
  it.each([
    ['list'],
    ['run', 'noop'],
    ['tune', 'noop'],
    ['doctor'],
    ['lessons'],
    ['report', 'x'],
    ['compare', 'x', 'y'],
    ['init', 'x'],
  ])('is refused in one sentence if it is the working folder: %s', (...args) => {
    const gone = join(folder.path, 'gone');
    mkdirSync(gone);
    try {
      const { status, stdout, stderr } = inShell('cd gone && rmdir ../gone && exec "$@"', args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^lanewise: The working folder no longer exists[^\n]*\n$/);
    } finally {
      try {
        rmdirSync(gone);
      } catch {
        // The shell script has removed it.
      }
    }
  });

  it.each([['--version'], ['--help'], ['run', '--help']])('does not prevent %s', (...args) => {
    mkdirSync(join(folder.path, 'gone'));
    const { status, stderr } = inShell('cd gone && rmdir ../gone && exec "$@"', args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is refused in one sentence if it is the temporary folder', () => {
    const { status, stdout, stderr } = inShell('exec "$@"', ['run', 'noop', '-s', 'event-loop', ...BRIEFLY], {
      TMPDIR: '/nonexistent',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('The temporary folder of this system cannot be written to: set TMPDIR');
  });

  it('does not matter if it is the home folder', () => {
    const { status, stdout } = inShell('exec "$@"', ['list'], { HOME: '/nonexistent' });
    expect(status).toBe(0);
    expect(stdout).toContain('primes');
  });
});

describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'a user without an entry in the passwd database',
  () => {
    const UNKNOWN = 'exec setpriv --reuid=54321 --regid=54321 --clear-groups env -u HOME "$@"';

    it.each([['list'], ['doctor', '--facts'], ['lessons', '--help']])('needs no home folder: %s', (...args) => {
      const { status, stderr } = inShell(UNKNOWN, args, { TMPDIR: '/tmp' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });

    it.each(['worker-threads', 'child-processes', 'thread-per-task'])('can measure: %s', (strategy) => {
      const out = join('/tmp', `lanewise-unknown-${process.pid}-${strategy}`);
      const { status, stderr } = inShell(
        `${UNKNOWN}; status=$?; rm -rf ${out}; exit $status`.replace('exec ', ''),
        ['run', 'noop', '-s', strategy, '-p', '1', ...BRIEFLY, '--out', out],
        { TMPDIR: '/tmp' },
      );
      expect(status, stderr).toBe(0);
    });
  },
);

describe.skipIf(process.platform === 'win32')('a closed stream', () => {
  it.each(['>&-', '2>&-', '>&- 2>&- <&-'])('has no effect: %s', (closed) => {
    expect(inShell(`exec "$@" ${closed}`, ['list']).status).toBe(0);
    expect(inShell(`exec "$@" ${closed}`, ['run', 'nosuch']).status).toBe(2);
  });

  it.skipIf(process.platform !== 'linux')('is reported in one sentence if it is stdout on a full disk', () => {
    const { status, stderr } = inShell('exec "$@" >/dev/full', ['list']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lanewise: Cannot write to stdout \([^\n]*\)\.\n$/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function measured(out: string): Results {
  return JSON.parse(readFileSync(join(folder.path, out, 'results.json'), 'utf8')) as Results;
}

describe('NODE_OPTIONS and other variables for every Node process', () => {
  const run = (out: string, env: NodeJS.ProcessEnv, ...args: readonly string[]): Outcome =>
    inShell('exec "$@"', ['run', 'noop', ...BRIEFLY, '--out', out, ...args], env);

  it('are removed for hosts and their children if they start a debugger, and the report says so', async () => {
    const port = await freePort();
    const { status, stdout, stderr } = run(
      'debugged',
      { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` },
      '-s',
      'child-processes',
      '-p',
      '1',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('--inspect of this environment was removed');
    expect(measured('debugged').warnings).toContainEqual({ kind: 'withheld-flags', flags: ['--inspect'] });
  });

  it('are in the report and in the results, as numbers and names', () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=512 --no-warnings', NODE_ENV: 'test' };
    expect(run('one', { ...env, UV_THREADPOOL_SIZE: '1' }, '-s', 'event-loop').stdout).toContain(
      'UV_THREADPOOL_SIZE=1',
    );
    expect(measured('one').environment).toMatchObject({
      uvThreads: 1,
      nodeFlags: ['--max-old-space-size=512', '--no-warnings'],
      variables: { NODE_ENV: 'test' },
    });
  });

  it('--node-option=--inspect is refused in one sentence', () => {
    const { status, stderr } = run(
      'none',
      { NODE_OPTIONS: '--max-old-space-size=512' },
      '--node-option=--inspect',
      '-s',
      'event-loop',
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lanewise: Invalid --node-option --inspect: [^\n]*\n$/);
  });
});

describe.skipIf(process.platform !== 'linux')('limits of the system', () => {
  it.each([['run', 'noop'], ['tune', 'noop'], ['doctor'], ['compare', 'x', 'y']])(
    'are reported before anything is loaded if they limit open files: %s',
    (...args) => {
      const { status, stdout, stderr } = inShell('ulimit -n 100; exec "$@"', args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toBe(
        'lanewise: Open-file limit 100 is too low: Lanewise needs 256. Raise it with "ulimit -n 1024".\n',
      );
    },
  );

  it.each([
    ['--allow-worker', 'add --allow-child-process, or leave out --permission'],
    ['--allow-child-process', 'add --allow-worker, or leave out --permission'],
  ])('are reported in one sentence if they limit processes or threads: %s', (allowed, remedy) => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const { status, stdout, stderr } = inShell('exec "$@"', ['run', 'noop'], {
      NODE_OPTIONS: `${flag} --allow-fs-read=* ${allowed} --no-warnings`,
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^lanewise: Node’s permission model is on, [^\n]*\n$/);
    expect(stderr).toContain(remedy);
  });
});

describe.skipIf(process.platform === 'win32')('a hangup of the terminal', () => {
  const measuring = ['run', 'noop', '-s', 'event-loop', ...BRIEFLY, '-n', '1'];

  it.each([
    ['nohup', 'nohup "$@" > nohup.log 2>&1 &'],
    ['a shell that ignores it', 'trap "" HUP; "$@" &'],
  ])('does not end a run that was started with %s', (_how, start) => {
    const script = `${start} pid=$!; sleep 1; kill -HUP $pid; sleep 0.5; kill -HUP $pid; wait $pid`;
    const { status, stderr } = inShell(script, [...measuring, '--out', 'outlived'], { _: '' });
    expect(status, stderr).toBe(0);
    expect(measured('outlived').complete).toBe(true);
  });
});
