import type { BatchStrategy, ServerGauge } from '../lanes/strategy.ts';
import type { Reading } from '../model/measured.ts';
import { memoryOf } from './memory.ts';

type QueueReadings = Pick<Reading, 'ranAgain' | 'fetchedReplies' | 'serverStartupMs' | 'serverMemoryBytes'>;

/** Reads the deliveries since the last batch, and what the server takes; empty without a queue. */
export async function readQueue({ deliveries, server }: BatchStrategy): Promise<QueueReadings> {
  if (server === undefined) return {};
  const { again = 0, fetched = 0 } = deliveries?.() ?? {};
  return {
    ...(again > 0 && { ranAgain: again }),
    ...(fetched > 0 && { fetchedReplies: fetched }),
    ...(await readServer(server)),
  };
}

async function readServer({
  startMs,
  processIds,
}: ServerGauge): Promise<Pick<QueueReadings, 'serverStartupMs' | 'serverMemoryBytes'>> {
  const memoryBytes = await memoryOf(processIds());
  return {
    ...(startMs !== undefined && { serverStartupMs: Math.round(startMs) }),
    ...(memoryBytes !== undefined && { serverMemoryBytes: memoryBytes }),
  };
}
