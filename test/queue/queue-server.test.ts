import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, it, type TestContext } from 'vitest';
import { openTemplate } from '../../dist/src/queue/postgres-files.js';
import { startQueueServer, useQueueServer } from '../../dist/src/queue/queue-server.js';
import { useTempFolder } from '../support/temp-folder.js';

const QUEUE_SERVER = new URL('../../dist/src/queue/queue-server.js', import.meta.url).href;
const folder = useTempFolder();
const KINDS = ['redis', 'postgres'] as const;
type Kind = (typeof KINDS)[number];

/** Starts one; skips the test, with the error as the reason, where it is not installed. */
async function started(kind: Kind, { skip }: TestContext) {
  return startQueueServer(kind).catch((thrown: unknown) => {
    if (!String(thrown).includes('A queue needs a server')) throw thrown;
    isMissing.add(kind);
    return skip((thrown as Error).message);
  });
}

/** Kinds that an earlier test has not found. */
const isMissing = new Set<Kind>();

function passwordIn(url: string): string {
  return new URL(url).password;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has ended, and its parent, killed, is not there to see it.
    return !/^\d+ \(.*\) Z/.test(process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '');
  } catch {
    return false;
  }
}

/** Segments of shared memory that a process has made; Linux only. */
function sharedMemoryOf(pid: number): readonly string[] {
  const lines = process.platform === 'linux' ? readFileSync('/proc/sysvipc/shm', 'utf8').split('\n') : [];
  return lines.filter((line) => Number(line.trim().split(/\s+/)[4]) === pid);
}

/** Folders of servers that were started with this temporary folder, or for another user. */
function foldersOf(kind: Kind): ReadonlySet<string> {
  const parents = process.getuid?.() === 0 && kind === 'postgres' ? ['/tmp'] : [tmpdir()];
  return new Set(
    parents.flatMap((parent) =>
      readdirSync(parent)
        .filter((name) => name.startsWith(`lanewise-${kind}-`))
        .map((name) => `${parent}/${name}`),
    ),
  );
}

async function until(isSo: () => boolean): Promise<void> {
  const lastMs = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > lastMs) throw new Error('it did not happen within 60 s');
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

describe.each(KINDS)('a server of %s for a queue', (kind) => {
  it('starts with a password that no command line and no environment shows, can be used, and is gone when it is closed', async (context) => {
    const server = await started(kind, context);
    const other = await started(kind, context);
    try {
      expect(server).toMatchObject({ kind, version: expect.stringMatching(/^\d+\.\d+/), pid: expect.any(Number) });
      expect(await useQueueServer(server.url)).toMatchObject({ kind, version: server.version });
      expect(passwordIn(server.url).length).toBeGreaterThan(20);
      expect(passwordIn(other.url)).not.toBe(passwordIn(server.url));
      expect(new URL(other.url).port).not.toBe(new URL(server.url).port);
      for (const file of process.platform === 'linux' ? ['cmdline', 'environ'] : [])
        expect(readFileSync(`/proc/${server.pid}/${file}`, 'latin1')).not.toContain(passwordIn(server.url));
      await expect(useQueueServer(server.url.replace(passwordIn(server.url), 'hunter2'))).rejects.toThrow(
        'Cannot use --queue-url: its server does not know this user name and password.',
      );
    } finally {
      await Promise.all([server.close(), other.close()]);
    }
    expect([server.pid, other.pid].filter((pid) => isAlive(Number(pid)))).toEqual([]);
    const refused = once(connect(Number(new URL(server.url).port), '127.0.0.1'), 'error');
    expect(await refused).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  it('ends with a process that is killed, and leaves no folder and no shared memory', async (context) => {
    context.skip(isMissing.has(kind), 'There is no such server on this machine.');
    const before = foldersOf(kind);
    const script = await folder.file(
      `killed-${kind}.mjs`,
      `import { startQueueServer } from ${JSON.stringify(QUEUE_SERVER)};
       const { pid } = await startQueueServer(${JSON.stringify(kind)});
       console.log(pid);
       setInterval(() => undefined, 1000);`,
    );
    const host = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(host.stdout, 'data')) as [Buffer];
    const pid = Number(String(printed));
    const own = [...foldersOf(kind)].find((name) => !before.has(name)) ?? '';
    expect([isAlive(pid), existsSync(own) && statSync(own).isDirectory()]).toEqual([true, true]);
    host.kill('SIGKILL');
    await until(() => !isAlive(pid) && !existsSync(own) && sharedMemoryOf(pid).length === 0);
    expect([isAlive(pid), existsSync(own), sharedMemoryOf(pid)]).toEqual([false, false, []]);
  });
});

it('servers of PostgreSQL start from copies of files that are made once', async ({ skip }) => {
  skip(isMissing.has('postgres'), 'There is no such server on this machine.');
  const template = await openTemplate();
  const servers = await Promise.all([startQueueServer('postgres', template), startQueueServer('postgres', template)]);
  try {
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(2);
    for (const { url, version } of servers) expect(await useQueueServer(url)).toMatchObject({ version });
  } finally {
    await Promise.all(servers.map(({ close }) => close()));
    template?.close();
  }
  expect(existsSync(template?.data ?? '')).toBe(false);
});

it('a server that is not installed is an error with the commands that install one', async () => {
  const { PATH } = process.env;
  process.env.PATH = folder.path;
  try {
    await expect(startQueueServer('valkey')).rejects.toThrow(
      /^A queue needs a server, and this machine has no Valkey: install one with "\S+ \S+ valkey(-server)?", or give yours with --queue-url\.$/,
    );
  } finally {
    process.env.PATH = PATH;
  }
});
