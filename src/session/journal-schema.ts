/** Schema of `journal.json`. */
import { Type } from 'typebox';
import { LARGEST_POOL } from '../model/asked-strategy.ts';
import type { FailOn } from '../model/comparison.ts';
import type { GroupSnapshot } from '../model/measured.ts';
import { MOST_TASKS } from '../model/evidence.ts';
import { bound, object, params } from '../model/schema/common.ts';
import { environment } from '../model/schema/machine.ts';
import { groupSnapshot, searchLog } from '../model/schema/snapshot.ts';
import type { RunRequest } from '../plan/resolve.ts';
import type { LoadRequest } from '../plan/resolve-load.ts';

const lanes = Type.Integer({ minimum: 0, maximum: LARGEST_POOL });

/** A request of `run` or of `load`, of which the options that both have are the same. */
export type JournaledRequest = RunRequest & LoadRequest;

export const journalSchema = object({
  schema: Type.Literal('lanewise/journal@1'),
  /** The command that measures, and resumes it; absent: `run`. */
  command: Type.Optional(Type.Literal('load')),
  startedAt: Type.String({ format: 'date-time' }),
  durationMs: Type.Number({ minimum: 0 }),
  resumedAt: Type.Array(Type.String({ format: 'date-time' })),
  /**
   * The original request and its seed; paths are relative to the folder of the journal. Options are checked by their
   * table, the rest here.
   */
  request: Type.Unsafe<JournaledRequest>(
    Type.Object({
      upperBoundLanes: Type.Optional(Type.Array(lanes)),
      batches: Type.Optional(
        Type.Array(
          object({ workload: Type.String(), params, tasks: Type.Integer({ minimum: 1, maximum: MOST_TASKS }) }),
        ),
      ),
      kinds: Type.Optional(
        Type.Array(
          object({
            source: Type.String(),
            bound: Type.Union([bound, Type.Literal('unknown')]),
            tasks: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_TASKS })),
          }),
        ),
      ),
      versusCommit: Type.Optional(Type.String({ pattern: '^[0-9a-f]{7,64}$' })),
    }),
  ),
  /** Questions that the exit status answers, besides failed cells. */
  comparing: object({
    /** The earlier results, as paths from the folder of the journal. */
    against: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    failOn: Type.Optional(Type.Unsafe<FailOn>(Type.Union([Type.Number({ minimum: 0 }), Type.Literal('never')]))),
  }),
  environment,
  /** Everything that must be unchanged to resume the run. */
  plan: object({
    lanewise: Type.String(),
    node: Type.String(),
    /** The user's files that the request names, in its order. Their imports are not checked. */
    files: Type.Array(object({ source: Type.String(), checksum: Type.String() })),
    /** Digest of cells, order and options. */
    digest: Type.String(),
  }),
  /** Length of `samples.ndjson` up to the last complete block. */
  samplesBytes: Type.Integer({ minimum: 0 }),
  /** The search for rates that preceded the blocks of a load measurement. */
  search: Type.Optional(Type.Array(searchLog)),
  groups: Type.Unsafe<readonly GroupSnapshot[]>(Type.Array(groupSnapshot)),
});
