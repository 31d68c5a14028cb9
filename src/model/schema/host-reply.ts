/** Replies of a host. They are checked, not trusted: unknown code runs in it. */
import { Type, type Static, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';
import type { CpuProfile } from '../../../workers/contract.ts';
import type { Evidence } from '../lessons.ts';
import { errorFields } from './cell.ts';
import { lane, profileFields, readingFields, timelineFields } from './sample.ts';
import { object } from './common.ts';
import { requestTimes, windowCosts, windowFields } from './window.ts';

const replyOf = <const Kind extends string, Fields extends TProperties>(kind: Kind, fields: Fields) =>
  object({ kind: Type.Literal(kind), ...fields });

const index = Type.Integer({ minimum: 0 });
const ms = Type.Number();
const yes = Type.Boolean();
const bytes = Type.Optional(Type.Number());
const error = object(errorFields);

/** Digests of a batch, in the order of its tasks; null: not taken. Empty: nothing is verified. */
export const digests = Type.Array(Type.Union([Type.String(), Type.Null()]));

/** Signs that what is timed may not be the work; each is reported once. */
export const doubts = Type.Array(
  Type.Union([
    /** How long the same input took the first time in a worker, and how long it takes later. */
    object({ kind: Type.Literal('memoised'), firstMs: ms, laterMs: ms }),
    /**
     * How long workers kept running after the last result, or how many requests and timers were pending while every
     * output was undefined.
     */
    object({ kind: Type.Literal('unawaited'), afterMs: ms, pending: index, isEmpty: yes }),
  ]),
);

const seen = { doubts: Type.Optional(doubts) };

/** Properties of a list of inputs that decide how it can reach a worker. */
const inputs = object({
  /** There are Buffers, which arrive in a worker thread as Uint8Arrays. */
  buffers: yes,
  /** There are instances of classes: another thread or process gets their fields at most. */
  instances: yes,
  /** There is memory that threads share and processes cannot. */
  shared: yes,
  /** There are views of a part of their memory: structured clone copies the whole of it with each view. */
  partialViews: yes,
  /** Every input is plain data, which survives a copy unchanged. */
  isCopyable: yes,
  /** All tasks of a batch have the same input. */
  areOne: yes,
});

const hostReply = Type.Union([
  replyOf('booted', {}),
  /**
   * `hostCopyBytes`: memory of the host's copy of the module and the inputs, which a pool in a program would not need;
   * absent: not measured.
   */
  replyOf('opened', { startupMs: ms, inputs, hostCopyBytes: bytes }),
  replyOf('warmed', { digests, wallMs: Type.Number({ minimum: 0 }), lanesWarmed: index, ...seen }),
  /** The digests of a batch are only sent if they differ from those of the previous batch. */
  replyOf('measured', { digests: Type.Optional(digests), reading: object(readingFields), ...seen }),
  replyOf('windowed', {
    digests,
    reading: object(windowFields),
    /** The first error that a task threw which counts. */
    thrown: Type.Optional(error),
    requests: Type.Optional(Type.Array(requestTimes)),
  }),
  /** `isNice`: it runs at a lower priority from then on. */
  replyOf('listening', { port: index, isNice: yes }),
  replyOf('accepting', {}),
  replyOf('finished', { costs: object(windowCosts) }),
  replyOf('traced', { digests, ...timelineFields, memoryBytes: bytes }),
  /** The content of a profile is not checked: it is only written to a file. Empty: there is no profiler. */
  replyOf('profiled', {
    ...profileFields,
    files: Type.Array(object({ lane, content: Type.Unsafe<CpuProfile>(Type.Object({})) })),
  }),
  /** Not checked further: only code written for an experiment reads what it returns. */
  replyOf('performed', { evidence: Type.Unsafe<Evidence<unknown>>(Type.Object({})) }),
  replyOf('closed', { memoryBytes: bytes, teardownError: Type.Optional(error) }),
  replyOf('began', { task: index }),
  replyOf('ended', { task: index }),
  replyOf('underWay', { tasks: Type.Array(object({ task: index, lane: Type.Optional(lane) })) }),
  replyOf('failed', {
    /** `task`: the 0-based position of the task that failed, where one did. */
    failure: object({ error, task: Type.Optional(index), lane: Type.Optional(lane) }),
  }),
]);

export type HostReply = Static<typeof hostReply>;
export type Digests = Static<typeof digests>;
export type Doubt = Static<typeof doubts>[number];
export type Composition = Static<typeof inputs>;
export type ReplyOf<Kind extends HostReply['kind']> = Extract<HostReply, { kind: Kind }>;
export type HostFailure = ReplyOf<'failed'>['failure'];

const validator = Compile(hostReply);

export function isHostReply(message: unknown): message is HostReply {
  return validator.Check(message);
}
