/** The progress of a group, as the journal stores it. */
import { Type } from 'typebox';
import { LARGEST_POOL } from '../asked-strategy.ts';
import { MOST_BLOCKS, MOST_REQUESTS, MOST_TASKS } from '../evidence.ts';
import { taskError } from './cell.ts';
import { object } from './common.ts';
import { upperBoundSample } from './conclusions.ts';
import { digests, doubts } from './host-reply.ts';
import { blockNoise } from './noise.ts';
import { objective } from './objective.ts';
import { profileFields, sample, timeline } from './sample.ts';
import { warning } from './warning.ts';
import { requestTimes, window, windowFields } from './window.ts';

const numbers = Type.Array(Type.Number());
const count = Type.Integer({ minimum: 0 });
const block = Type.Integer({ minimum: 0, maximum: MOST_BLOCKS });

/** Rates that are searched for have no limit: they are shares of a capacity. */
const ratePerSecond = Type.Number({ exclusiveMinimum: 0 });
const rating = { aloneMs: Type.Number({ minimum: 0 }), capacity: Type.Number({ exclusiveMinimum: 0 }) };

/** Facts of a load that were measured before its first window. */
const rated = object({
  ...rating,
  ratings: Type.Record(Type.String(), object(rating)),
  objective,
  rates: Type.Array(ratePerSecond),
  commonRates: Type.Optional(Type.Array(ratePerSecond)),
  searched: Type.Optional(Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0 }))),
  searchNoise: Type.Optional(Type.Array(blockNoise)),
  requests: Type.Integer({ minimum: 1, maximum: MOST_REQUESTS }),
  settling: count,
  leastWindowMs: Type.Optional(Type.Number({ minimum: 0 })),
});

/** A configuration in the search for the rate that it holds, which precedes the blocks. */
export const searchLog = object({
  cell: Type.String(),
  startupMs: numbers,
  windows: Type.Array(window),
  doubts,
  error: Type.Optional(taskError),
});

const { offered, rejected, gaveUp, failed, wasted, backlog, state } = windowFields;

/** A pulse with the times of its tasks. */
export const measuredPulse = object({
  block,
  plan: object({
    baseRate: ratePerSecond,
    pulseRate: ratePerSecond,
    leadMs: Type.Number({ minimum: 0 }),
    pulseMs: Type.Number({ exclusiveMinimum: 0 }),
    tailMs: Type.Number({ minimum: 0 }),
  }),
  /** The rates are multiples of the rate held; false: of the capacity. */
  isHeld: Type.Boolean(),
  /** Tasks that the configuration does a second when all are there at once. */
  capacity: rating.capacity,
  reading: object({ offered, rejected, gaveUp, failed, wasted, backlog, state }),
  requests: Type.Array(requestTimes),
});

/**
 * Together with the samples, all that another process needs to resume. Written at the end of a block, so that no block
 * is half measured.
 */
export const groupSnapshot = object({
  /** Calibrated number of tasks in a batch. */
  tasks: Type.Integer({ minimum: 1, maximum: MOST_TASKS }),
  /** Facts that were measured before the first window; absent: batches. */
  rated: Type.Optional(rated),
  /** Time to start, open and warm up all cells, as calibrated. */
  preparingMs: Type.Number({ minimum: 0 }),
  /** Number of blocks measured, counted from the first. */
  blocks: block,
  cells: Type.Array(
    object({
      startupMs: numbers,
      memoryBytes: numbers,
      hostCopyBytes: numbers,
      batchMs: Type.Optional(Type.Number({ minimum: 0 })),
      startsMs: numbers,
      pulses: Type.Optional(Type.Array(measuredPulse)),
      discardedSamples: Type.Optional(Type.Array(sample)),
      profile: Type.Optional(object(profileFields)),
      droppedFor: Type.Optional(Type.Union([Type.Literal('far-behind'), Type.Literal('same-program')])),
      isDecided: Type.Optional(Type.Boolean()),
      doubts,
      error: Type.Optional(taskError),
    }),
  ),
  /** Outputs that every batch must give, and the cell that gave them first. */
  reference: Type.Union([Type.Null(), object({ cell: Type.String(), digests })]),
  /** Blocks that were disturbed when they were first measured. */
  hit: Type.Array(block),
  noise: Type.Array(blockNoise),
  discarded: Type.Array(blockNoise),
  upperBounds: Type.Array(
    object({ lanes: Type.Integer({ minimum: 0, maximum: LARGEST_POOL }), samples: Type.Array(upperBoundSample) }),
  ),
  timelines: Type.Array(timeline),
  warnings: Type.Array(warning),
  /** Processes of the workload that outlived their hosts. */
  leftBehind: count,
  /** Nothing is left to measure. */
  isDone: Type.Boolean(),
});
