import type { TimeParts, WorkerProfile } from '../../dist/src/model/results.js';

/** A worker whose event loop was not read, with the same garbage collection in both recordings; what is not given is 0. */
export function profiledWorker(
  kind: WorkerProfile['lane']['kind'],
  parts: Partial<TimeParts>,
  index = 0,
): WorkerProfile {
  const all = { own: 0, serialization: 0, gc: 0, idle: 0, other: 0, ...parts };
  return { lane: { kind, index }, parts: all, loopUtilization: null, gcShare: all.gc };
}
