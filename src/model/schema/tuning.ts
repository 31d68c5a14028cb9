/** What `tune` was to look for, and what it found. */
import { Type } from 'typebox';
import { described, object, orNotMeasured } from './common.ts';

export const tuningOptions = described('What `tune` was to look for.', {
  for: Type.Enum(['throughput', 'latency', 'responsiveness', 'memory'], {
    description: 'latency: p99 of a task. responsiveness: event-loop delay p99 of the main thread.',
  }),
  minThroughput: Type.Number({
    description: 'A setting that does less than this share of the best one’s throughput is not chosen.',
  }),
  maxMemoryMiB: orNotMeasured(Type.Number(), 'A setting that needs more is not chosen; null: no limit.'),
  maxPoolSize: Type.Integer({ minimum: 1, description: 'A setting with more lanes is not chosen.' }),
});
const module = described('What code to paste must know of the module.', {
  isPackage: Type.Boolean({ description: 'It was given as what a package is imported by, and not as a path.' }),
  exportName: Type.Optional(Type.String({ description: 'Absent: its default export.' })),
  format: Type.Enum(['esm', 'cjs'], {
    description: 'What a .js file is where it was tuned.',
  }),
  steps: Type.Array(Type.String(), {
    description: 'How a program gets from what `import()` gives to it: names, and `await` where there is a promise.',
  }),
  definition: Type.Optional(
    described('Absent: the module exports the function that a pool calls.', {
      makesInputs: Type.Boolean(),
      transfers: Type.Boolean({ description: 'It says what of an input threads move.' }),
      services: Type.Array(Type.String()),
    }),
  ),
  needsTsx: Type.Boolean({ description: 'It is TypeScript that Node did not run by itself.' }),
});
export const tuning = described('What `tune` found.', {
  choose: Type.Union([Type.String(), Type.Null()], { description: 'Cell id; null: nothing could be chosen.' }),
  current: Type.Optional(Type.String({ description: 'Cell id of the user’s present setting.' })),
  finalists: Type.Array(Type.String(), { description: 'Cell ids: measured again, in blocks of their own.' }),
  module: Type.Optional(module),
  screened: Type.Integer({ minimum: 0, description: 'So many settings were measured to find the finalists.' }),
  durationMs: Type.Number({ minimum: 0, description: 'Of both phases.' }),
  screeningMs: Type.Number({ minimum: 0 }),
  leftOut: Type.Array(
    object({
      cell: Type.String(),
      because: Type.Enum(['failed', 'memory', 'pool-size']),
    }),
    { description: 'Settings that could not be chosen, however fast.' },
  ),
});
