import { join } from 'node:path';
import { textOf } from '../../workers/system-files.ts';
import { copyFiles, lesserUser, makeFiles, openServerFolder, POSTGRES_USER, usablePrograms } from './postgres-files.ts';
import type { QueueServer } from './queue-server.ts';
import type { PostgresFiles } from '../model/plan.ts';
import { QUEUE_SERVERS } from '../model/strategies.ts';
import { startServer } from './server-process.ts';

/** @param template files to copy; absent: they are made @returns undefined if PostgreSQL is not installed */
export async function startPostgres(template: PostgresFiles | undefined): Promise<QueueServer | undefined> {
  const source = template ?? usablePrograms();
  if (source === undefined) return undefined;
  const user = lesserUser();
  const { folder, close: removeFolder } = await openServerFolder(user);
  try {
    const making = 'data' in source ? copyFiles(source, folder, user) : makeFiles(source, folder, user);
    const { bin, data, version, password } = await making;
    const server = await startServer({
      label: QUEUE_SERVERS.postgres,
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
      url: `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${server.port}/postgres`,
      pid: server.pid,
      close: () => server.close().finally(removeFolder),
    };
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

/** The seventh line has the key and the id: https://github.com/postgres/postgres/blob/REL_18_4/src/include/utils/pidfile.h */
function sharedMemoryIn(pidFile: string): number | undefined {
  const id = pidFile.split('\n')[6]?.trim().split(/\s+/)[1];
  return id === undefined || id === '' ? undefined : Number(id);
}
