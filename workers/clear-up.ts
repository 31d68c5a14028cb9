/** Removes what a run must not leave behind: processes that have left their group, and temporary files. */
import { rmSync } from 'node:fs';
import { namesIn, statOf, textOf, userOf } from './system-files.ts';

/** Environment variable with the id of the run, in every host and every process that is started there. */
export const MARK = 'LANEWISE_RUN';

/**
 * Kills every process with the mark, however it was started, and returns their process groups. Only on Linux: elsewhere
 * the environment of other processes cannot be read, and none is found.
 *
 * @param isSpared of process groups
 */
export function killMarked(run: string, isSpared: (group: number) => boolean = () => false): readonly number[] {
  const marked = processesMarked(run)
    .map((pid) => ({ pid, group: Number(statOf(pid)[2] ?? 0) }))
    .filter(({ group }) => !isSpared(group));
  for (const { pid } of marked) kill(pid);
  return marked.map(({ group }) => group);
}

/** Kills them repeatedly, until none is found, since a process can start another one just before it is killed. */
export function killAllMarked(run: string): void {
  for (let sweep = 0; sweep < MOST_SWEEPS && killMarked(run).length > 0; sweep++);
}

const MOST_SWEEPS = 10;

export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // A process that was just killed may keep a file open, especially on Windows. Not a reason to fail.
  }
}

/** Only processes of this user: root can also read those of others, who could have set the mark themselves. */
function processesMarked(run: string): readonly number[] {
  const mark = `${MARK}=${run}`;
  const user = process.geteuid?.();
  return namesIn('/proc')
    .map(Number)
    .filter(
      (pid) =>
        pid > 0 &&
        pid !== process.pid &&
        textOf(`/proc/${pid}/environ`).split('\0').includes(mark) &&
        userOf(pid) === user,
    );
}

/** Kills a process; nothing if it has ended. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
