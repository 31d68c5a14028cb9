import { nowNs, pause } from '../../workers/clock.ts';
import type { Task, TaskRecord } from '../../workers/contract.ts';

/** A task that waits this long, as a strategy serves it. */
export async function served({ index }: Task, ms: number): Promise<TaskRecord> {
  const startedNs = nowNs();
  await pause(ms);
  const finishedNs = nowNs();
  const reply = {
    status: 'ok',
    lane: 0,
    startedNs,
    finishedNs,
    digestedNs: finishedNs,
    digest: null,
    output: true,
  } as const;
  return { index, submittedNs: startedNs, receivedNs: nowNs(), reply };
}
