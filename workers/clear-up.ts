/** Ends processes with what they have started, and removes what a run must not leave behind. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { platformOf } from './platform.ts';
import { namesIn, statOf, textOf, userOf } from './system-files.ts';

/** Kills the leader of a process group with the whole group, at once; on Windows a living process and its children. */
export function killTree(pid: number): void {
  if (!platformOf().hasGroups) {
    // Awaited: Windows finds the children of a process only while it lives, and the caller may be about to kill it; and
    // a program that is still running when this process ends is killed with it. By its path, since Windows would look
    // for it in the working folder first.
    const taskkill = String.raw`${process.env.SystemRoot ?? String.raw`C:\Windows`}\System32\taskkill.exe`;
    spawnSync(taskkill, ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}

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

/** Its last processes may still be ending. */
const MOST_TRIES = 50;
const TRY_MS = 10;

/** Removes an empty cgroup as soon as the kernel allows it. @returns whether it is gone */
export function removeCgroup(folder: string, tries = MOST_TRIES): boolean {
  for (let left = tries; left > 0; left--) {
    try {
      rmdirSync(folder);
      return true;
    } catch {
      if (!existsSync(folder)) return true;
      if (left > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_MS);
    }
  }
  return false;
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
