import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { workingFolder } from '../../workers/own-folders.ts';
import type { AskedQueue } from '../model/plan.ts';
import type { Warning } from '../model/results.ts';
import { notifyGuard } from '../system/guard.ts';

/** Common to the queues of a run. */
export interface RunQueues extends AskedQueue {
  /** Makes the name of one more queue. */
  readonly newName: () => string;
  /** Leaves nothing on the user's server, of which some hosts may have been killed. */
  readonly close: () => Promise<readonly Warning[]>;
}

export function openQueues(asked: AskedQueue): RunQueues {
  const prefix = `lanewise_${randomBytes(8).toString('hex')}_`;
  if (asked.url !== undefined) return { ...asked, ...queuesOn(asked.url, prefix) };
  let made = 0;
  return { ...asked, newName: () => `${prefix}${++made}`, close: () => Promise.resolve([]) };
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
