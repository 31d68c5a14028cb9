import type { MeasuredCell } from '../model/results.ts';
import { median } from './quantile.ts';

export interface BusyWorkers {
  /** Not rounded. */
  readonly workers: number;
  /** How long a task runs in a worker, mean. */
  readonly taskMs: number;
  /** The first to use a whole CPU. */
  readonly by: 'producer' | 'server';
}

/**
 * The number of workers that never wait, if the CPU time of the queue for a task stays what it was: so many, each of
 * which ends a task in `taskMs`, take the whole CPU of the one thread that all tasks pass. An upper bound, since they
 * wait for other reasons, too; not for more workers than were measured, whose tasks may cost more or less.
 *
 * @param tasks of a batch
 * @param isSerial whether one thread of the server carries out all commands
 * @returns undefined where CPU times are not known, and where workers run several tasks at once
 */
export function busyWorkers(
  { summary: { queue }, samples, concurrency }: MeasuredCell,
  tasks: number,
  isSerial: boolean,
): BusyWorkers | undefined {
  if (queue?.producerMainMs === undefined || concurrency !== 1) return undefined;
  const serverMs = isSerial ? (queue.serverMs ?? 0) : 0;
  const by = serverMs > queue.producerMainMs ? 'server' : 'producer';
  const mostMs = Math.max(serverMs, queue.producerMainMs);
  const taskMs = median(samples.map(({ tasksInFlight, wallMs }) => (tasksInFlight * wallMs) / tasks));
  return mostMs === 0 ? undefined : { workers: taskMs / mostMs, taskMs, by };
}
