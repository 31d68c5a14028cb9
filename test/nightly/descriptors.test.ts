/** Writing to any descriptor fails only the workload's own configuration, and takes no memory of the measuring process. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { startLanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

/** Begins like the length of a message of 2 GiB. */
const flood = (descriptor: number, mib: number): string => `import { writeSync } from 'node:fs';
  const buffer = Buffer.alloc(2 ** 20);
  buffer.writeInt32BE(2 ** 31 - 1);
  export default () => {
    for (let written = 0; written < ${mib}; written++) try { writeSync(${descriptor}, buffer); } catch {}
    return 1;
  };`;

/** Peak memory of a process; 0 if it has ended, or where the system does not report it. */
function peakMiB(pid: number | undefined): number {
  try {
    // A process that has just ended has no memory.
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

// Each alone, with one block: no configuration is compared with another.
it.each([
  ['on the event loop', 'event-loop'],
  ['in a child process', 'child-processes'],
])('a task that floods its descriptors %s does not affect other workloads, results or memory', async (_, strategy) => {
  const workloads = await Promise.all([
    folder.file('errors.mjs', flood(2, 16)),
    folder.file('own.mjs', flood(3, 1024)),
    folder.file('other.mjs', 'export default () => 2;'),
  ]);
  const plan = '-p 1 -c 1 -n 2 --blocks 1 --rounds 1 --preset quick --no-upper-bound --no-lock --quiet';
  const out = join(folder.path, strategy);
  const run = startLanewise(['run', ...workloads, '-s', strategy, ...plan.split(' '), '--out', out], {
    cwd: folder.path,
    env: { FLOODED: folder.path },
  });
  const said: string[] = [];
  run.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const peaks: number[] = [];
  const watch = setInterval(() => peaks.push(peakMiB(run.pid)), 20);
  const [status] = (await once(run, 'exit')) as [number | null];
  clearInterval(watch);

  expect(status, said.join('')).toBe(1);
  const { cells } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
  expect(
    cells.map((cell) => {
      const error = cell.status === 'failed' ? cell.error : undefined;
      return [cell.workload, cell.status, error?.name, error?.message.includes('descriptor 3')];
    }),
  ).toEqual([
    ['errors', 'ok', undefined, undefined],
    ['own', 'failed', 'ProtocolError', true],
    ['other', 'ok', undefined, undefined],
  ]);
  if (process.platform !== 'linux') return;
  expect(Math.max(...peaks)).toBeGreaterThan(20);
  expect(Math.max(...peaks)).toBeLessThan(250);
  await expect.poll(() => processesWith(`FLOODED=${folder.path}`), { timeout: 10_000 }).toEqual([]);
});
