/** Writes the CPU profiles of a run as files, in the format of V8's profiler. */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LaneId } from '../../workers/contract.ts';
import type { ProfileEvent } from '../measure/events.ts';
import { makeFolder, reasonOf, replaceFile, requireOwn } from './folder-files.ts';

const PROFILES_FOLDER = 'cpu-profiles';
/** The end of each file: other programs ignore fields that they do not know. */
const MARK = /"lanewise":\{"cell":/;

export interface CpuProfileFiles {
  readonly write: (event: ProfileEvent) => void;
  /** Number of files written so far. */
  readonly count: () => number;
}

/**
 * @param isResumed keep the profiles in the folder; otherwise they are of an earlier run, and removed
 * @param onLoss called once, when they can no longer be written; the run continues
 */
export function openCpuProfiles(folder: string, isResumed: boolean, onLoss: (reason: string) => void): CpuProfileFiles {
  const path = join(folder, PROFILES_FOLDER);
  let isLost = false;
  const written = new Set<string>();
  const disableOnError = (write: () => void): void => {
    if (isLost) return;
    try {
      write();
    } catch (thrown) {
      isLost = true;
      onLoss(reasonOf(thrown));
    }
  };
  disableOnError(() => {
    makeFolder(path);
    if (!isResumed) removeOld(path);
  });
  return {
    write: ({ cell, files }) =>
      disableOnError(() => {
        for (const { lane, content } of files) {
          const file = join(path, fileName(cell, lane));
          requireOwn(file, MARK);
          replaceFile(file, JSON.stringify({ ...content, lanewise: { cell, lane } }));
          written.add(file);
        }
      }),
    count: () => written.size,
  };
}

function removeOld(path: string): void {
  for (const name of readdirSync(path).filter((each) => each.endsWith(EXTENSION))) {
    const file = join(path, name);
    requireOwn(file, MARK);
    rmSync(file, { force: true });
  }
}

const EXTENSION = '.cpuprofile';
/** With a worker and the extension, below the 255 bytes of most file systems. */
const LONGEST_NAME = 120;
const HASH_LENGTH = 8;

/** `primes-worker-threads@2-thread-1.cpuprofile`; the name of an id that does not fit has its hash. */
export function fileName(cell: string, { kind, index }: LaneId): string {
  const safe = cell.replace('/', '-').replace(/[^\w@=.,#-]/g, '_');
  const isSame = safe === cell.replace('/', '-') && safe.length <= LONGEST_NAME && !safe.startsWith('.');
  const hash = createHash('sha256').update(cell).digest('hex').slice(0, HASH_LENGTH);
  const name = isSame ? safe : `${safe.slice(0, LONGEST_NAME).replace(/^\.+/, '_')}-${hash}`;
  return `${name}-${kind === 'main' ? kind : `${kind}-${index + 1}`}${EXTENSION}`;
}
