import type { HostAssignment } from '../../dist/src/host/host-protocol.js';

export interface HostSettings extends Partial<Omit<HostAssignment, 'lane'>> {
  /** Tasks in flight in each lane. */
  readonly concurrency?: number;
}

/** The assignment of a host to a module: batches of four tasks, one at a time in each of two child processes. */
export function assignmentOf(url: string, { concurrency = 1, ...rest }: HostSettings = {}): HostAssignment {
  return {
    lane: { workload: { url }, params: {}, services: {}, cell: 'work/cell', concurrency },
    strategy: 'child-processes',
    poolSize: 2,
    atomics: 'sync',
    tasks: 4,
    seed: 1,
    loadsWorkload: true,
    verify: 'sample',
    rounds: 2,
    ...rest,
  };
}
