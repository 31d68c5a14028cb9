import { readFile } from 'node:fs/promises';
import { pause } from '../../workers/clock.ts';
import { hasSystemFiles } from '../../workers/system-files.ts';

const POLL_MS = 10;
const BYTES_PER_KB = 1024;

/**
 * The memory of a process tree, in bytes: private pages of each, and shared pages counted once. That is the PSS of the
 * tree as it would be if nothing else on the machine ran Node; PSS itself divides Node's pages among all that do, so
 * that a cell would seem smaller, the more cells are compared with it. Undefined if the system does not report it (it
 * is in Linux's `smaps_rollup`). The first id must be of a process that lives.
 */
export async function memoryOf(processIds: readonly number[]): Promise<number | undefined> {
  // A process of another machine.
  if (processIds.includes(0)) return undefined;
  const [own, ...others] = await Promise.all(processIds.map(readMemory));
  if (own === undefined) return undefined;
  // A process that has ended meanwhile has no memory.
  const known = [own, ...others.filter((memory) => memory !== undefined)];
  return (
    known.reduce((sum, memory) => sum + memory.privateBytes, 0) + Math.max(...known.map((memory) => memory.sharedBytes))
  );
}

/** Runs `body` and returns the largest reading during it and just after it. */
export async function watchMemory<Result>(
  processIds: () => readonly number[],
  body: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly largestBytes: number | undefined }> {
  const readings: number[] = [];
  const done = new AbortController();
  async function poll(): Promise<void> {
    do {
      const reading = await memoryOf(processIds());
      if (reading !== undefined) readings.push(reading);
      await pause(POLL_MS);
    } while (!done.signal.aborted);
  }
  const polling = poll();
  try {
    const result = await body();
    const last = await memoryOf(processIds());
    return { result, largestBytes: last && Math.max(last, ...readings) };
  } finally {
    done.abort();
    await polling;
  }
}

interface ProcessMemory {
  readonly privateBytes: number;
  readonly sharedBytes: number;
}

async function readMemory(processId: number): Promise<ProcessMemory | undefined> {
  if (!hasSystemFiles()) return undefined;
  const rollup = await readFile(`/proc/${processId}/smaps_rollup`, 'utf8').catch(() => '');
  const bytesOf = (kind: string): number =>
    [...rollup.matchAll(new RegExp(`^${kind}_(?:Clean|Dirty):\\s+(\\d+) kB$`, 'gm'))].reduce(
      (sum, [, kilobytes]) => sum + Number(kilobytes) * BYTES_PER_KB,
      0,
    );
  return rollup === '' ? undefined : { privateBytes: bytesOf('Private'), sharedBytes: bytesOf('Shared') };
}
