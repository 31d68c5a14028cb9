import { Type, type TSchema } from 'typebox';

export const closed = { additionalProperties: false } as const;

/** A measurement that some systems cannot give: null is "not measured", never 0. */
export const orNotMeasured = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const params = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The workload’s params as this cell had them.',
});

export const bound = Type.Union([Type.Literal('cpu'), Type.Literal('io'), Type.Literal('mixed')]);
