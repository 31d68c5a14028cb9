import { spawnSync } from 'node:child_process';

/** Kills the leader of a process group with the whole group, at once; on Windows a living process and its children. */
export function killTree(pid: number): void {
  if (process.platform === 'win32') {
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
