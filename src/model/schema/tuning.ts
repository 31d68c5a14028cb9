/** The goal of `tune`, and its result. */
import { Type } from 'typebox';
import { described, object, orNotMeasured } from './common.ts';

export const tuningOptions = described('The goal of `tune`.', {
  for: Type.Enum(['throughput', 'latency', 'responsiveness', 'memory'], {
    description: 'latency: task latency p99. responsiveness: event-loop delay p99 of the main thread.',
  }),
  minThroughput: Type.Number({
    description: 'Minimum share of the best throughput that the choice must reach.',
  }),
  maxMemoryMiB: orNotMeasured(Type.Number(), 'The choice needs at most this much memory; null: no limit.'),
  maxPoolSize: Type.Integer({ minimum: 1, description: 'The choice has at most this many workers.' }),
});
const module = described('Facts about the module for the code to paste.', {
  isPackage: Type.Boolean({ description: 'It was given as a package specifier, not as a path.' }),
  file: Type.Optional(
    Type.String({ description: 'Name of its file, where code cannot find that by the package specifier.' }),
  ),
  exportName: Type.Optional(Type.String({ description: 'Absent: the default export.' })),
  format: Type.Enum(['esm', 'cjs'], {
    description: 'Format of a .js file in the folder where it was tuned.',
  }),
  steps: Type.Array(Type.String(), {
    description: 'Path from the namespace of `import()` to the workload: property names, and `await` for a promise.',
  }),
  definition: Type.Optional(
    described('Absent: the module exports a function that a pool can call.', {
      makesInputs: Type.Boolean(),
      transfers: Type.Boolean({ description: 'It has a `transfer` function.' }),
      services: Type.Array(Type.String()),
    }),
  ),
  needsTsx: Type.Boolean({ description: 'TypeScript that Node did not run by itself.' }),
});
export const tuning = described('The result of `tune`.', {
  choose: Type.Union([Type.String(), Type.Null()], {
    description: 'Id of the cell to use; null: none could be chosen.',
  }),
  current: Type.Optional(Type.String({ description: 'Id of the cell given with --current.' })),
  finalists: Type.Array(Type.String(), {
    description: 'Ids of the cells that were measured again, in blocks of their own.',
  }),
  module: Type.Optional(module),
  screened: Type.Integer({ minimum: 0, description: 'Number of candidates screened to find the finalists.' }),
  durationMs: Type.Number({ minimum: 0, description: 'Duration of both phases.' }),
  screeningMs: Type.Number({ minimum: 0 }),
  leftOut: Type.Array(
    object({
      cell: Type.String(),
      because: Type.Enum(['failed', 'memory', 'pool-size']),
    }),
    { description: 'Candidates that could not be chosen, however fast.' },
  ),
});
