import { Type, type TSchema } from 'typebox';

export const closed = { additionalProperties: false } as const;

/** A measurement that some systems cannot give: null is "not measured", never 0. */
export const orNotMeasured = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const params = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The workload’s params as this cell had them.',
});

/** An estimate and what it may be. */
export const interval = (description?: string) =>
  Type.Object(
    { estimate: Type.Number(), lo: Type.Number(), hi: Type.Number() },
    { ...closed, ...(description !== undefined && { description }) },
  );

export const bound = Type.Enum(['cpu', 'io', 'mixed']);
