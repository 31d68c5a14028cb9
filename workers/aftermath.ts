import type { Strategy } from '../src/strategies/strategy.ts';
import type { Finished } from '../src/stats/sample.ts';
import { NS_PER_MS } from './clock.ts';
import type { TaskRecord } from './contract.ts';
import type { Doubt } from './host-protocol.ts';
import { sumUsage, usageOfThisProcess } from './usage.ts';
import { pendingAfter, unawaited, type LaneActivity } from './work-watch.ts';

/** Enough for what follows a result at once, such as the callbacks of a batch that was not awaited. */
const MOMENT_MS = 25;
/** Where as much was left as there were tasks, it is given the time to begin. */
const LONG_MOMENT_MS = 250;

// Taken before any workload is loaded, so that one which patches timers cannot bend the measurement.
const later = setTimeout;

/** Runs a batch that is not timed, and looks what its lanes do when its results are there. */
export async function runAndLook(
  strategy: Strategy,
  run: () => Promise<readonly TaskRecord[]>,
  finish: (records: readonly TaskRecord[]) => readonly Finished[],
): Promise<{ readonly records: readonly Finished[]; readonly doubt: Doubt | undefined }> {
  const cpuMs = async (): Promise<number> => sumUsage([usageOfThisProcess(), await strategy.usage()]).cpuMs;
  const look = async (): Promise<readonly LaneActivity[]> => (await strategy.activity?.()) ?? [];
  const [before, cpuBefore] = [await look(), await cpuMs()];
  const records = finish(await run());
  const [atEnd, cpuAtEnd] = [await look(), await cpuMs()];
  await new Promise<void>((resolve) => {
    later(resolve, pendingAfter(before, atEnd) >= records.length ? LONG_MOMENT_MS : MOMENT_MS);
  });
  const [afterwards, cpuAfterwards] = [await look(), await cpuMs()];
  const doubt = unawaited({
    before,
    atEnd,
    afterwards,
    tasks: records.length,
    runningMs: records.reduce((sum, { startedNs, finishedNs }) => sum + (finishedNs - startedNs) / NS_PER_MS, 0),
    cpuMs: { batch: cpuAtEnd - cpuBefore, after: cpuAfterwards - cpuAtEnd },
    isEmpty: records.every(({ digest }) => digest === 'undefined'),
  });
  return { records, doubt };
}
