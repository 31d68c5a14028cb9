/** What a run must not leave behind: processes that have left their group, and temporary files. */
import { rmSync } from 'node:fs';
import { namesIn, statOf, textOf, userOf } from './system-files.ts';

/** In the environment of every host, and so of whatever is started there; it names the run. */
export const MARK = 'LANEWISE_RUN';

/**
 * Kills every process that carries the mark, however it was started, and answers the process groups that they were in. Only
 * Linux tells the environment of other processes; elsewhere none is found.
 */
export function killMarked(run: string): readonly number[] {
  const marked = processesMarked(run);
  const groups = marked.map((pid) => Number(statOf(pid)[2] ?? 0));
  for (const pid of marked) kill(pid);
  return groups;
}

/** A process that is being killed can still have started another one: so until none is found, or long enough. */
export function killAllMarked(run: string): void {
  for (let sweep = 0; sweep < MOST_SWEEPS && killMarked(run).length > 0; sweep++);
}

const MOST_SWEEPS = 10;

export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // What was just killed may hold a file for a moment, on Windows above all; what cannot be removed is no reason to fail.
  }
}

/** Of this user only: to root, those of others tell what they have in their environment, too, where anybody can write the mark. */
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

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
