import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { workingFolder } from '../../workers/own-folders.ts';
import type { AskedQueue } from '../model/plan.ts';
import type { Warning } from '../model/results.ts';
import type { PostgresFiles } from '../queue/postgres-files.ts';
import { notifyGuard } from '../system/guard.ts';

/** Common to the queues of a run. */
export interface RunQueues extends AskedQueue {
  /** Makes the name of one more queue. */
  readonly newName: () => string;
  /** The files from which each PostgreSQL of its own starts. */
  readonly template?: PostgresFiles | undefined;
  /** Leaves nothing on the user's server, of which some hosts may have been killed, and no file. */
  readonly close: () => Promise<readonly Warning[]>;
}

/** @throws LanewiseError if the files of a server cannot be made */
export async function openQueues(asked: AskedQueue): Promise<RunQueues> {
  const { url, kind } = asked;
  const prefix = `lanewise_${randomBytes(8).toString('hex')}_`;
  if (url !== undefined) return { ...asked, ...queuesOn(url, prefix) };
  let made = 0;
  const own = { ...asked, newName: () => `${prefix}${++made}` };
  const files = kind === 'postgres' ? await (await import('../queue/postgres-files.ts')).openTemplate() : undefined;
  if (files === undefined) return { ...own, close: () => Promise.resolve([]) };
  const { close, ...template } = files;
  return {
    ...own,
    template,
    close: async () => {
      close();
      return [];
    },
  };
}

const REMOVER = fileURLToPath(new URL('../queue/remove-remaining.js', import.meta.url));

/** Queues on the user's server, which are removed even if this process is killed. */
function queuesOn(url: string, prefix: string): Pick<RunQueues, 'newName' | 'close'> {
  const names: string[] = [];
  return {
    newName: () => {
      const name = `${prefix}${names.length + 1}`;
      names.push(name);
      const input = JSON.stringify({ url, names });
      notifyGuard({ kind: 'remaining', run: prefix, script: REMOVER, cwd: workingFolder ?? '.', input });
      return name;
    },
    close: async () => {
      if (names.length === 0) return [];
      const { removeQueues } = await import('../queue/remove-queues.ts');
      const isRemoved = await removeQueues(url, names).then(
        () => true,
        () => false,
      );
      names.splice(0);
      notifyGuard({ kind: 'closed', run: prefix });
      return isRemoved
        ? []
        : [{ kind: 'queues-left', server: url.startsWith('postgres') ? 'postgres' : 'redis', prefix }];
    },
  };
}
