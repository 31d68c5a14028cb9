import type { AskedQueue } from '../model/plan.ts';
import type { PostgresFiles } from '../queue/postgres-files.ts';

/** Common to the queues of a run. */
export interface RunQueues extends AskedQueue {
  /** Names of all queues so far. */
  readonly names: string[];
  /** The files from which each PostgreSQL of its own starts. */
  readonly template?: PostgresFiles | undefined;
  /** Leaves nothing on the user's server, of which some hosts may have been killed, and no file. */
  readonly close: () => Promise<void>;
}

/** @throws LanewiseError if the files of a server cannot be made */
export async function openQueues(asked: AskedQueue): Promise<RunQueues> {
  const { url, kind } = asked;
  const names: string[] = [];
  if (url !== undefined) return { ...asked, names, close: () => removeFrom(url, names) };
  const made = kind === 'postgres' ? await (await import('../queue/postgres-files.ts')).openTemplate() : undefined;
  if (made === undefined) return { ...asked, names, close: async () => undefined };
  const { close, ...template } = made;
  return {
    ...asked,
    names,
    template,
    close: async () => close(),
  };
}

async function removeFrom(url: string, names: readonly string[]): Promise<void> {
  const { removeQueues } = await import('../queue/remove-queues.ts');
  // Without a server there is nothing to remove; its failure is in the results.
  await removeQueues(url, names).catch(() => undefined);
}
