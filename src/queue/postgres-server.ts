import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { textOf } from '../../workers/system-files.ts';
import { LanewiseError } from '../model/errors.ts';
import { openScratch } from '../system/guard.ts';
import { checkClient } from './client-package.ts';
import { findPostgres } from './postgres-programs.ts';
import type { QueueServer } from './queue-server.ts';
import { LABELS } from './server-missing.ts';
import { serverEnvironment, startServer } from './server-process.ts';

const run = promisify(execFile);
const USER = 'lanewise';

/** @returns undefined if PostgreSQL is not installed */
export async function startPostgres(): Promise<QueueServer | undefined> {
  if (process.platform === 'win32') return undefined;
  const programs = findPostgres();
  if (programs === undefined) return undefined;
  checkClient('pg');
  const user = lesserUser();
  const { folder, close: removeFolder } = await openScratch(
    'lanewise-postgres-',
    () => undefined,
    // Those of a run are closed to other users.
    user === undefined ? temporaryFolder : '/tmp',
  );
  try {
    const own = (path: string): string => {
      if (user !== undefined) chownSync(path, user.uid, user.gid);
      return path;
    };
    own(folder);
    const bin = programs.inFolder(folder);
    const options = { cwd: folder, env: serverEnvironment(), ...user };
    const printed = await runProgram(join(bin, 'postgres'), ['--version'], options);
    const version = /\b\d+(?:\.\d+)*/.exec(printed)?.[0] ?? 'unknown';
    const password = randomBytes(24).toString('hex');
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    own(passwordFile);
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    own(data);
    const making = [`--pgdata=${data}`, `--username=${USER}`, `--pwfile=${passwordFile}`];
    await runProgram(join(bin, 'initdb'), [...making, ...INITDB], options);
    appendFileSync(join(data, 'postgresql.conf'), SETTINGS);
    const server = await startServer({
      label: LABELS.postgres,
      path: join(bin, 'postgres'),
      args: (port) => ['-D', data, '-p', String(port)],
      folder,
      user,
      ready: /database system is ready to accept connections/,
      taken: /Address already in use/i,
      sharedMemory: () => sharedMemoryIn(textOf(join(data, 'postmaster.pid'))),
      // Shuts down at once, and gives its shared memory back.
      signal: 'SIGQUIT',
    });
    return {
      kind: 'postgres',
      version,
      url: `postgres://${USER}:${password}@127.0.0.1:${server.port}/postgres`,
      pid: server.pid,
      close: () => server.close().finally(removeFolder),
    };
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

const INITDB = [
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--no-locale',
  '--no-sync',
  '--no-instructions',
  // 16 MB by default, which would be written for every server.
  '--wal-segsize=1',
];

/** Without durability: a queue of a benchmark need not survive, and a disk would be measured. */
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
# Files in its folder, which is removed; otherwise a killed server would leave them in /dev/shm.
dynamic_shared_memory_type = mmap
# Each worker has a few connections.
max_connections = 500
logging_collector = off
`;

/** The seventh line has the key and the id: https://github.com/postgres/postgres/blob/REL_18_4/src/include/utils/pidfile.h */
function sharedMemoryIn(pidFile: string): number | undefined {
  const id = pidFile.split('\n')[6]?.trim().split(/\s+/)[1];
  return id === undefined || id === '' ? undefined : Number(id);
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Undefined: this process is not root. */
function lesserUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = textOf('/etc/passwd').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new LanewiseError(
    'usage',
    'PostgreSQL does not run as root, and this system has no user "postgres" or "nobody": run Lanewise as another user, or install Redis.',
  );
}

async function runProgram(path: string, args: readonly string[], options: object): Promise<string> {
  try {
    const { stdout } = await run(path, args, { ...options, encoding: 'utf8' });
    return stdout;
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { readonly stderr?: string };
    const why =
      stderr
        .trim()
        .split('\n')
        .findLast((line) => /error|fatal|could not/i.test(line)) ?? message;
    throw new LanewiseError(
      'usage',
      `The server of a queue did not start: ${LABELS.postgres} (${path}): ${why.trim()}`,
      { cause },
    );
  }
}
