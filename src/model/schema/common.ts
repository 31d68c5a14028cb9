import { Type, type TProperties, type TSchema } from 'typebox';

export const closed = { additionalProperties: false } as const;

/** With these fields and no others. */
export const object = <Fields extends TProperties>(fields: Fields) => Type.Object(fields, closed);

/** The same, with what is said of it. */
export const described = <Fields extends TProperties>(description: string, fields: Fields) =>
  Type.Object(fields, { ...closed, description });

/** An estimate and what it may be. */
export const intervalFields = { estimate: Type.Number(), lo: Type.Number(), hi: Type.Number() };
export const interval = (description: string) => described(description, intervalFields);

/** A measurement that some systems cannot give: null is "not measured", never 0. */
export const orNotMeasured = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const params = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The workload’s params as this cell had them.',
});

/** The same of what is not always there. */
export const maybeMeasured = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Optional(orNotMeasured(schema, description));

/** The workload, with its params, that something was found of. */
export const ofGroup = { workload: Type.String(), params };

export const bound = Type.Enum(['cpu', 'io', 'mixed']);
