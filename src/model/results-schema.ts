/**
 * The results as a JSON Schema, from which the types in `results.ts` are derived: one source for both.
 * Published as `docs/results-1.schema.json`.
 */
import { RESULTS_SCHEMA_ID } from './results.ts';
import { Type } from 'typebox';
import { strategy, inFlight, cell } from './schema/cell.ts';
import { bound, closed, described, maybeMeasured, object, ofGroup, orNotMeasured, params } from './schema/common.ts';
import { comparison, ceiling, recommendation } from './schema/conclusions.ts';
import { timeline } from './schema/sample.ts';
import { blockNoise, environment, noiseLimits } from './schema/machine.ts';
import { crossover, prediction, scaling } from './schema/scaling.ts';
import { tuning, tuningOptions } from './schema/tuning.ts';
import { warning } from './schema/warning.ts';

const options = object({
  strategies: Type.Array(strategy),
  poolSizes: Type.Array(Type.Integer({ minimum: 1 })),
  inFlight: orNotMeasured(Type.Array(inFlight), 'As asked for; null: the defaults.'),
  baseline: strategy,
  preset: Type.String(),
  blocks: Type.Integer({ minimum: 1 }),
  rounds: Type.Integer({ minimum: 1 }),
  warmups: Type.Integer({ minimum: 1 }),
  minEffect: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  timeoutMs: Type.Number({ description: 'Of a batch.' }),
  startTimeoutMs: Type.Optional(Type.Number({ description: 'Of starting a host, and of opening its lanes.' })),
  timeLimitMs: maybeMeasured(Type.Number(), 'Of the whole run; null: none.'),
  atomics: Type.Enum(['sync', 'async', 'disabled']),
  uvThreads: orNotMeasured(Type.Integer(), 'UV_THREADPOOL_SIZE of the hosts; null: as inherited.'),
  tasks: maybeMeasured(
    Type.Integer({ minimum: 1 }),
    'As asked for; null: the workload’s own, or more for a short batch.',
  ),
  looks: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1 }), {
      minItems: 1,
      description:
        'Numbers of blocks after which it was looked whether all is decided; the level is divided among them.',
    }),
  ),
  noiseLimits: Type.Optional(noiseLimits),
  verify: Type.Optional(
    Type.Enum(['all', 'sample', 'off'], {
      description:
        'Which outputs were compared: in timed batches all, or as many as cost next to nothing (otherwise all are); or none at all.',
    }),
  ),
  tuning: Type.Optional(tuningOptions),
  versusRef: Type.Optional(
    described('With --versus-ref: the older version, from git.', {
      ref: Type.String({ description: 'As it was asked for: a branch, tag or commit.' }),
      commit: Type.String({ description: 'What it was when the run began.' }),
    }),
  ),
  predict: Type.Optional(
    described('Pool sizes to predict (--predict), and the cores of the machine they are predicted for.', {
      lanes: Type.Array(Type.Integer({ minimum: 1 })),
      cores: orNotMeasured(
        Type.Integer({ minimum: 1 }),
        'As asked for; null: as many as lanes, or those of this machine.',
      ),
    }),
  ),
});

const runtime = described('What hosts run on: a Node binary and its flags.', {
  label: Type.Optional(Type.String({ description: 'As cells have it; absent where all cells run on the same.' })),
  node: Type.String({ description: 'Version of Node.' }),
  v8: Type.String(),
  flags: Type.Array(Type.String()),
});

const noise = object({
  ...ofGroup,
  hit: Type.Integer({ minimum: 0, description: 'Blocks that were disturbed beyond a limit.' }),
  repeated: Type.Integer({ minimum: 0, description: 'Those of them that were measured again, whole.' }),
  blocks: Type.Array(blockNoise, { description: 'Of the blocks that are in the statistics.' }),
  discarded: Type.Array(blockNoise, { description: 'Of the blocks that were measured again, the first time.' }),
});

const workload = object({
  name: Type.String(),
  bound,
  boundIs: Type.Optional(
    Type.Enum(['claimed', 'measured', 'unknown'], {
      description:
        'Whether the module says what it is bound by, or a few tasks on the event loop have shown it; unknown: neither, and it was tried as mixed.',
    }),
  ),
  title: Type.Optional(
    Type.String({
      description:
        'The workload with those of its params that are not the default, as the ids of its cells begin; absent in results of before that was written.',
    }),
  ),
  source: Type.String({ description: '`shipped`, or the file’s name without its folder.' }),
  newerSource: Type.Optional(Type.String({ description: 'Of the newer of two versions (--versus).' })),
  params,
  tasks: Type.Integer({ minimum: 1, description: 'In a batch, the same for all cells.' }),
  digest: orNotMeasured(Type.String(), 'Of all outputs of a batch, equal in every cell; null if no cell gave one.'),
  services: Type.Array(Type.String()),
});

export const resultsSchema = Type.Object(
  {
    schema: Type.Literal(RESULTS_SCHEMA_ID),
    complete: Type.Boolean({ description: 'False if the run was interrupted: what was measured until then is here.' }),
    tool: object({
      name: Type.Literal('lanewise'),
      version: Type.String(),
      piscina: Type.Optional(Type.String({ description: 'The version of Piscina that worker-threads is.' })),
    }),
    startedAt: Type.String({ description: 'ISO 8601, UTC.' }),
    durationMs: Type.Number({ minimum: 0, description: 'Of a run that was gone on with: without the time between.' }),
    resumedAt: Type.Optional(
      Type.Array(Type.String(), { description: 'When the run was gone on with, ISO 8601, UTC (--resume).' }),
    ),
    seed: Type.Integer(),
    orchestratorCpu: Type.Optional(
      Type.Number({ description: 'CPU time of the orchestrator while batches were measured / their wall time.' }),
    ),
    environment,
    runtimes: Type.Optional(Type.Array(runtime, { description: 'Absent: that of the environment, without flags.' })),
    options,
    workloads: Type.Array(workload),
    cells: Type.Array(cell),
    comparisons: Type.Array(comparison),
    recommendations: Type.Array(recommendation),
    ceilings: Type.Optional(Type.Array(ceiling)),
    noise: Type.Optional(Type.Array(noise)),
    tuning: Type.Optional(tuning),
    scaling: Type.Optional(Type.Array(scaling)),
    predictions: Type.Optional(Type.Array(prediction)),
    crossovers: Type.Optional(Type.Array(crossover)),
    timelines: Type.Array(timeline),
    warnings: Type.Array(warning),
  },
  { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Lanewise results', ...closed },
);
