import { readFile } from 'node:fs/promises';

const POLL_MS = 10;
const BYTES_PER_KB = 1024;
const later = setTimeout;

/**
 * The memory of these processes as PSS, in bytes: a page that several share counts once in all, where resident set
 * sizes would count it many times. Undefined where the system does not tell (it is in Linux's `smaps_rollup`).
 */
export async function memoryOf(processIds: readonly number[]): Promise<number | undefined> {
  const sizes = await Promise.all(processIds.map(pssBytes));
  // A process that has ended meanwhile holds nothing; if not even this one can be read, nothing is known.
  const known = sizes.filter((size) => size !== undefined);
  return sizes[0] === undefined ? undefined : known.reduce((sum, size) => sum + size, 0);
}

/** Runs `body` and tells the largest reading during it and just after it. The first id must be this process. */
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
      await new Promise((resolve) => {
        later(resolve, POLL_MS);
      });
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

async function pssBytes(processId: number): Promise<number | undefined> {
  const rollup = await readFile(`/proc/${processId}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * BYTES_PER_KB;
}
