/**
 * The differences between systems, in one place: what each has, and the programs that tell what Node does not. Only here is
 * the name of the platform compared.
 */

export type SystemProgram = readonly [path: string, ...args: string[]];

export interface Platform {
  /** Linux's `/proc`, with cgroups, abstract sockets and a priority for each thread. */
  readonly isLinux: boolean;
  /** Paths such as `/proc` and `/etc` are the system's. On Windows any user may have created them on the current drive. */
  readonly hasSystemFiles: boolean;
  /** Processes have groups, which can be killed as a whole. */
  readonly hasGroups: boolean;
  readonly countsContextSwitches: boolean;
  readonly countsLoad: boolean;
  /** Sockets have paths in folders; otherwise they are named pipes. */
  readonly hasSocketFiles: boolean;
  /** Redis, Valkey and PostgreSQL can be started by Lanewise. */
  readonly startsServers: boolean;
  readonly shell: 'posix' | 'cmd';
  /** The package manager to name where none is found. */
  readonly installsWith: 'apt-get' | 'brew';
  /** Programs that come with the system and tell what Node does not; by absolute paths. */
  readonly memoryProgram?: SystemProgram;
  readonly coresProgram?: SystemProgram;
}

const POSIX: Platform = {
  isLinux: false,
  hasSystemFiles: true,
  hasGroups: true,
  countsContextSwitches: true,
  countsLoad: true,
  hasSocketFiles: true,
  startsServers: true,
  shell: 'posix',
  installsWith: 'apt-get',
};

const PLATFORMS: Partial<Readonly<Record<NodeJS.Platform, Platform>>> = {
  linux: { ...POSIX, isLinux: true },
  darwin: {
    ...POSIX,
    installsWith: 'brew',
    memoryProgram: ['/usr/bin/vm_stat'],
    coresProgram: ['/usr/sbin/sysctl', '-n', 'hw.physicalcpu'],
  },
  win32: {
    ...POSIX,
    hasSystemFiles: false,
    hasGroups: false,
    // libuv reports 0.
    countsContextSwitches: false,
    countsLoad: false,
    hasSocketFiles: false,
    startsServers: false,
    shell: 'cmd',
  },
};

/** Any other system is taken for a POSIX one without Linux's files. */
export function platformOf(name: NodeJS.Platform = process.platform): Platform {
  return PLATFORMS[name] ?? POSIX;
}

/**
 * Memory in bytes that macOS can give to programs: it keeps little free, which is all that Node counts, and reclaims what
 * is inactive. Pages are counted as in psutil's `virtual_memory().available`.
 *
 * @param output of `vm_stat`
 * @returns undefined for any other text
 */
export function availableIn(output: string): number | undefined {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(output)?.[1]);
  const pages = ['free', 'inactive', 'speculative'].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)\\.$`, 'm').exec(output)?.[1]),
  );
  const bytes = pages.reduce((sum, count) => sum + count, 0) * pageBytes;
  return Number.isNaN(bytes) ? undefined : bytes;
}

/** A count that is all a program prints, as `sysctl -n` does. @returns undefined for any other text */
export function countIn(output: string): number | undefined {
  const count = /^(\d+)\n?$/.exec(output)?.[1];
  return count === undefined ? undefined : Number(count);
}
