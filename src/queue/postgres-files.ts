/** The files that a PostgreSQL begins with, which take longer to make than to copy. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { platformOf } from '../../workers/platform.ts';
import { textOf } from '../../workers/system-files.ts';
import { LanewiseError } from '../model/errors.ts';
import type { PostgresFiles } from '../model/plan.ts';
import { openScratch, type Scratch } from '../system/guard.ts';
import { checkClient } from './client-package.ts';
import { findPostgres, type PostgresPrograms } from './postgres-programs.ts';
import { QUEUE_SERVERS } from '../model/strategies.ts';
import { serverEnvironment } from './server-process.ts';

const run = promisify(execFile);
export const POSTGRES_USER = 'lanewise';

/** Programs that can be used. @returns undefined if PostgreSQL is not installed */
export function usablePrograms(): PostgresPrograms | undefined {
  const programs = platformOf().startsServers ? findPostgres() : undefined;
  if (programs !== undefined) checkClient('pg');
  return programs;
}

/** Files that are removed when a run is over. */
export type Template = PostgresFiles & Pick<Scratch, 'close'>;

/** Files for all servers of a run. @returns undefined if PostgreSQL is not installed */
export async function openTemplate(): Promise<Template | undefined> {
  const programs = usablePrograms();
  if (programs === undefined) return undefined;
  const user = lesserUser();
  const { folder, close } = await openServerFolder(user);
  try {
    return { ...(await makeFiles(programs, folder, user)), close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** A folder for a server, which is removed even if this process is killed. */
export async function openServerFolder(user: User | undefined): Promise<Scratch> {
  const scratch = await openScratch(
    'lanewise-postgres-',
    () => undefined,
    // Those of a run are closed to other users.
    user === undefined ? temporaryFolder : '/tmp',
  );
  own(scratch.folder, user);
  return scratch;
}

export async function makeFiles(
  programs: PostgresPrograms,
  folder: string,
  user: User | undefined,
): Promise<PostgresFiles> {
  const bin = programs.inFolder(folder);
  const options = { cwd: folder, env: serverEnvironment(), ...user };
  const printed = await runProgram(join(bin, 'postgres'), ['--version'], options);
  const version = /\b\d+(?:\.\d+)*/.exec(printed)?.[0] ?? 'unknown';
  const password = randomBytes(24).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  own(passwordFile, user);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  own(data, user);
  const making = [`--pgdata=${data}`, `--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`];
  await runProgram(join(bin, 'initdb'), [...making, ...INITDB], options);
  appendFileSync(join(data, 'postgresql.conf'), SETTINGS);
  return { bin, data, version, password };
}

/** @returns the same files in another folder */
export async function copyFiles(
  template: PostgresFiles,
  folder: string,
  user: User | undefined,
): Promise<PostgresFiles> {
  const data = join(folder, 'data');
  // As that user, to whom the copies must belong.
  await runProgram('cp', ['-pPR', template.data, data], { cwd: folder, env: serverEnvironment(), ...user });
  return { ...template, data };
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

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Undefined: this process is not root. */
export function lesserUser(): User | undefined {
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

function own(path: string, user: User | undefined): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid);
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
        .findLast((line) => /error|fatal|could not|cannot/i.test(line)) ?? message;
    throw new LanewiseError(
      'usage',
      `The server of a queue did not start: ${QUEUE_SERVERS.postgres} (${path}): ${why.trim()}`,
      { cause },
    );
  }
}
