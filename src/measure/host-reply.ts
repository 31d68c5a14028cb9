/** Messages of a host are checked, not trusted: code that nobody knows runs in it. */
import { Type, type Static, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';
import type { HostReply } from '../host/host-protocol.ts';
import type { Evidence } from '../host/lesson-protocol.ts';
import { errorFields, lane, readingFields, timelineFields } from '../model/results-schema.ts';

const closed = { additionalProperties: false } as const;
const replyOf = <const Kind extends string, Fields extends TProperties>(kind: Kind, fields: Fields) =>
  Type.Object({ kind: Type.Literal(kind), ...fields }, closed);

const index = Type.Integer({ minimum: 0 });
export const digests = Type.Array(Type.Union([Type.String(), Type.Null()]));
const yes = Type.Boolean();
const inputs = Type.Object(
  { buffers: yes, instances: yes, shared: yes, partialViews: yes, isCopyable: yes, areOne: yes },
  closed,
);
const bytes = Type.Optional(Type.Number());
const error = Type.Object(errorFields, closed);

const number = Type.Number();
export const doubts = Type.Array(
  Type.Union([
    Type.Object({ kind: Type.Literal('memoised'), firstMs: number, laterMs: number }, closed),
    Type.Object({ kind: Type.Literal('unawaited'), afterMs: number, pending: index, isEmpty: yes }, closed),
  ]),
);

const hostReply = Type.Union([
  replyOf('booted', {}),
  replyOf('opened', { startupMs: Type.Number(), inputs, hostCopyBytes: bytes }),
  replyOf('warmed', { digests, lanesWarmed: index, doubts: Type.Optional(doubts) }),
  replyOf('measured', {
    digests: Type.Optional(digests),
    reading: Type.Object(readingFields, closed),
    doubts: Type.Optional(doubts),
  }),
  replyOf('traced', { digests, ...timelineFields, memoryBytes: bytes }),
  // Only what was written for it reads what an experiment returns.
  replyOf('performed', { evidence: Type.Unsafe<Evidence<unknown>>(Type.Object({})) }),
  replyOf('closed', { memoryBytes: bytes, teardownError: Type.Optional(error) }),
  replyOf('began', { task: index }),
  replyOf('ended', { task: index }),
  replyOf('underWay', { tasks: Type.Array(Type.Object({ task: index, lane: Type.Optional(lane) }, closed)) }),
  replyOf('failed', {
    failure: Type.Object({ error, task: Type.Optional(index), lane: Type.Optional(lane) }, closed),
  }),
]);

const validator = Compile(hostReply);

/** What the schema allows is a reply of a host: this does not compile if it is not. */
type Checked = Static<typeof hostReply> extends HostReply ? HostReply : never;

export function isHostReply(message: unknown): message is Checked {
  return validator.Check(message);
}
