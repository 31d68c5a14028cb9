import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Command lines of all other processes with this text in their environment; none where the system hides it. */
export function processesWith(mark: string): readonly string[] {
  return processesThat((pid) => read(pid, 'environ').includes(mark));
}

/** Command lines of all other processes whose working folder is below this one. */
export function processesIn(folder: string): readonly string[] {
  return processesThat((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}

function processesThat(isMeant: (pid: string) => boolean): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid) && isMeant(pid))
    .map((pid) => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
