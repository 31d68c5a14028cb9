import { Type, type TProperties, type TSchema } from 'typebox';

export const closed = { additionalProperties: false } as const;

/** An object with exactly these fields. */
export const object = <Fields extends TProperties>(fields: Fields) => Type.Object(fields, closed);

/** The same, with a description. */
export const described = <Fields extends TProperties>(description: string, fields: Fields) =>
  Type.Object(fields, { ...closed, description });

/** An estimate and its interval. */
export const intervalFields = { estimate: Type.Number(), lo: Type.Number(), hi: Type.Number() };
export const interval = (description: string) => described(description, intervalFields);

/** A size that is never negative: a time, a rate, a count. */
export const size = (description?: string) =>
  Type.Number({ minimum: 0, ...(description !== undefined && { description }) });

/** A part of a whole, from 0 to 1. */
export const share = (description?: string) =>
  Type.Number({ minimum: 0, maximum: 1, ...(description !== undefined && { description }) });

/** A measurement that some systems cannot give: null is "not measured", never 0. */
export const orNotMeasured = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const params = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The params that the workload was measured with.',
});

/** The same for a field that may be absent. */
export const maybeMeasured = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Optional(orNotMeasured(schema, description));

/** The workload and its params that a finding is about. */
export const ofGroup = { workload: Type.String(), params };

export const bound = Type.Enum(['cpu', 'io', 'mixed']);
export const boundIs = Type.Optional(
  Type.Enum(['claimed', 'measured', 'unknown'], {
    description:
      'claimed: the module declares its `bound`. measured: a few tasks on the event loop showed it. unknown: neither, treated as mixed.',
  }),
);

export const versusRef = Type.Optional(
  described('With --versus-ref: the older version, from git.', {
    ref: Type.String({ description: 'As given: a branch, tag or commit.' }),
    commit: Type.String({ description: 'The commit that it was at the start of the run.' }),
  }),
);
