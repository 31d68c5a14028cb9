/** What a host answers. It is checked, not trusted: code that nobody knows runs in it. */
import { Type, type Static, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Evidence } from '../lessons.ts';
import { errorFields, lane } from './cell.ts';
import { readingFields, timelineFields } from './sample.ts';
import { object } from './common.ts';

const replyOf = <const Kind extends string, Fields extends TProperties>(kind: Kind, fields: Fields) =>
  object({ kind: Type.Literal(kind), ...fields });

const index = Type.Integer({ minimum: 0 });
const ms = Type.Number();
const yes = Type.Boolean();
const bytes = Type.Optional(Type.Number());
const error = object(errorFields);

/** Of the tasks of a batch, in order; null where none was taken. None at all: nothing is verified. */
export const digests = Type.Array(Type.Union([Type.String(), Type.Null()]));

/** What a host has seen that makes it doubtful whether what is timed is the work; each is told once. */
export const doubts = Type.Array(
  Type.Union([
    /** The same input took so long the first time in a lane, and takes so long now. */
    object({ kind: Type.Literal('memoised'), firstMs: ms, laterMs: ms }),
    /** After the last result its lanes went on for so long, or so many requests and timers had not ended while no output said anything. */
    object({ kind: Type.Literal('unawaited'), afterMs: ms, pending: index, isEmpty: yes }),
  ]),
);

const seen = { doubts: Type.Optional(doubts) };

/** What of a list of inputs decides how it can reach a lane. */
const inputs = object({
  /** They arrive in a worker thread as Uint8Arrays. */
  buffers: yes,
  /** Of classes of the workload's or of Node's: another thread or process gets their fields at most. */
  instances: yes,
  /** Memory that threads share, and processes cannot. */
  shared: yes,
  /** Views of a part of their memory: structured clone copies all of it along with each. */
  partialViews: yes,
  /** All of it is data that can be copied and stays what it is. */
  isCopyable: yes,
  /** The tasks of a batch have one and the same input. */
  areOne: yes,
});

const hostReply = Type.Union([
  replyOf('booted', {}),
  /** `hostCopyBytes`: what the host took for a copy of the module and the inputs that a pool in a program would not need; absent: not measured. */
  replyOf('opened', { startupMs: ms, inputs, hostCopyBytes: bytes }),
  replyOf('warmed', { digests, lanesWarmed: index, ...seen }),
  /** The digests of a batch are only sent when they are others than those of the batch before. */
  replyOf('measured', { digests: Type.Optional(digests), reading: object(readingFields), ...seen }),
  replyOf('traced', { digests, ...timelineFields, memoryBytes: bytes }),
  /** Only what was written for it reads what an experiment returns. */
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
