/** How far the measuring of a group has come, as a journal keeps it. */
import { Type } from 'typebox';
import { taskError } from './cell.ts';
import { object } from './common.ts';
import { ceilingSample } from './conclusions.ts';
import { digests, doubts } from './host-reply.ts';
import { blockNoise } from './machine.ts';
import { timeline } from './sample.ts';
import { warning } from './warning.ts';

const numbers = Type.Array(Type.Number());
const count = Type.Integer({ minimum: 0 });

/**
 * With the samples, all that it takes to go on in another process. Written at the end of a block, so that no block of it is half
 * measured.
 */
export const groupSnapshot = object({
  /** Tasks in a batch, as tried out. */
  tasks: Type.Integer({ minimum: 1 }),
  blockMs: Type.Number({ minimum: 0 }),
  /** So many blocks from the first have been measured. */
  blocks: count,
  cells: Type.Array(
    object({
      startupMs: numbers,
      memoryBytes: numbers,
      hostCopyBytes: numbers,
      doubts,
      error: Type.Optional(taskError),
    }),
  ),
  /** What every batch must give, and the cell that gave it first. */
  reference: Type.Union([Type.Null(), object({ cell: Type.String(), digests })]),
  /** Blocks that were disturbed when they were first measured. */
  hit: Type.Array(count),
  noise: Type.Array(blockNoise),
  discarded: Type.Array(blockNoise),
  ceilings: Type.Array(object({ lanes: count, samples: Type.Array(ceilingSample) })),
  timelines: Type.Array(timeline),
  warnings: Type.Array(warning),
  /** Processes of the workload that outlived their hosts. */
  leftBehind: count,
  /** Nothing more is to be measured of it. */
  isDone: Type.Boolean(),
});
