import type { HostAssignment } from '../../dist/src/host/host-protocol.js';
import type { Doubt, ReplyOf } from '../../dist/src/model/schema/host-reply.js';
import type { StartHost } from '../../dist/src/measure/host.js';
import { sampleOf } from './results.js';

export interface Script {
  /** How long a batch of this cell takes: by its id, its number of tasks and how many were measured of it before. */
  readonly wallMs: (cell: string, tasks: number, measured: number) => number;
  readonly onBatch?: (cell: string) => void;
  /** How long a batch takes that warms up; absent: as long as the next one that is measured. */
  readonly warmMs?: (cell: string, tasks: number) => number;
  /** How long a traced batch takes, by how many were traced before it. */
  readonly tracedMs?: (cell: string, traced: number) => number;
  /** What profiling a configuration finds; absent: there is no profiler. */
  readonly profile?: Omit<ReplyOf<'profiled'>, 'kind'>;
  /** What every host finds doubtful when it warms up. */
  readonly doubts?: readonly Doubt[];
}

const PLAIN_INPUTS = {
  buffers: false,
  instances: false,
  shared: false,
  partialViews: false,
  isCopyable: true,
  areOne: false,
};

const NOT_PROFILED = { workers: [], profiledMs: 0, countedMs: 0, files: [] };

/** Hosts that run nothing: they answer with what the script says. */
export function scriptedHosts({
  wallMs,
  onBatch,
  warmMs,
  tracedMs = () => 10,
  doubts = [],
  profile,
}: Script): StartHost {
  const measured = new Map<string, number>();
  const traced = new Map<string, number>();
  return async () => {
    let assignment: HostAssignment | undefined;
    return {
      open: async (given) => {
        assignment = given;
        return { kind: 'opened', startupMs: 5, inputs: PLAIN_INPUTS };
      },
      warm: async () => {
        const { lane: { cell } = { cell: '' }, tasks = 0, poolSize = 0 } = assignment ?? {};
        return {
          kind: 'warmed',
          digests: ['1'],
          wallMs: warmMs?.(cell, tasks) ?? wallMs(cell, tasks, measured.get(cell) ?? 0),
          lanesWarmed: poolSize,
          doubts: [...doubts],
        };
      },
      measure: async () => {
        const cell = assignment?.lane.cell ?? '';
        const before = measured.get(cell) ?? 0;
        measured.set(cell, before + 1);
        onBatch?.(cell);
        const {
          block: _block,
          round: _round,
          position: _position,
          ...reading
        } = sampleOf({
          wallMs: wallMs(cell, assignment?.tasks ?? 0, before),
        });
        return { kind: 'measured', reading };
      },
      perform: () => Promise.reject(new Error('no lesson is scripted')),
      window: () => Promise.reject(new Error('no window is scripted')),
      listen: () => Promise.reject(new Error('no window is scripted')),
      accept: () => Promise.reject(new Error('no window is scripted')),
      finish: () => Promise.reject(new Error('no window is scripted')),
      trace: async (watchesMemory) => {
        const cell = assignment?.lane.cell ?? '';
        const before = traced.get(cell) ?? 0;
        traced.set(cell, before + 1);
        return {
          kind: 'traced',
          digests: [],
          slices: [],
          batchMs: tracedMs(cell, before),
          ...(watchesMemory && { memoryBytes: 2 ** 20 }),
          tasks: assignment?.tasks ?? 1,
        };
      },
      profile: async () => ({ kind: 'profiled', ...(profile ?? NOT_PROFILED) }),
      close: async () => ({ kind: 'closed' }),
      kill: async () => undefined,
    };
  };
}
