/**
 * The results as a JSON Schema, from which the types in `results.ts` are derived: one source for both.
 * Published as `docs/results-1.schema.json`.
 */
import { RESULTS_SCHEMA_ID } from './results.ts';
import { Type } from 'typebox';
import { strategy, concurrency, cell } from './schema/cell.ts';
import {
  bound,
  boundIs,
  closed,
  described,
  maybeMeasured,
  object,
  ofGroup,
  orNotMeasured,
  params,
  versusRef,
} from './schema/common.ts';
import { comparison, upperBound, recommendation } from './schema/conclusions.ts';
import { timeline } from './schema/sample.ts';
import { environment } from './schema/machine.ts';
import { blockNoise, noiseLimits } from './schema/noise.ts';
import { crossover, prediction, scaling } from './schema/scaling.ts';
import { tuning, tuningOptions } from './schema/tuning.ts';
import { warning } from './schema/warning.ts';

const options = object({
  strategies: Type.Array(strategy),
  poolSizes: Type.Array(Type.Integer({ minimum: 1 })),
  concurrency: orNotMeasured(Type.Array(concurrency), 'Concurrency, as given; null: the defaults.'),
  baseline: strategy,
  preset: Type.String(),
  blocks: Type.Integer({ minimum: 1 }),
  rounds: Type.Integer({ minimum: 1 }),
  warmups: Type.Integer({ minimum: 1 }),
  minEffect: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  timeoutMs: Type.Number({ description: 'Timeout of a batch.' }),
  startTimeoutMs: Type.Optional(
    Type.Number({ description: 'Timeout for starting a host, and for starting its workers.' }),
  ),
  timeLimitMs: maybeMeasured(Type.Number(), 'Time limit of the whole run; null: none.'),
  atomics: Type.Enum(['sync', 'async', 'disabled']),
  queueServer: Type.Optional(
    Type.Enum(['redis', 'valkey', 'postgres'], { description: 'Kind of server that bullmq was to start, as given.' }),
  ),
  machines: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0 }), {
      description: 'Numbers of joined machines for bullmq, as given. poolSizes are those of each machine.',
    }),
  ),
  queue: Type.Optional(
    described('The queue that bullmq ran on. Never its address.', {
      bullmq: Type.String({ description: 'Version of BullMQ.' }),
      server: Type.Enum(['redis', 'valkey', 'postgres']),
      version: Type.String({ description: 'Version of the server.' }),
      isOwn: Type.Boolean({
        description:
          'Every configuration and block started a server of its own, without persistence; false: --queue-url.',
      }),
      joined: Type.Optional(
        Type.Array(
          object({
            name: Type.String({ description: 'A letter from b; a is the machine of the run.' }),
            node: Type.String({ description: 'Version of Node.' }),
            platform: Type.String(),
            arch: Type.String(),
            cpus: Type.Integer({ minimum: 1 }),
            sharesCpus: Type.Optional(
              Type.Literal(true, { description: 'It is the machine of the run, with the same CPUs.' }),
            ),
          }),
          { description: 'Machines that joined the run.' },
        ),
      ),
    }),
  ),
  uvThreads: orNotMeasured(Type.Integer(), 'UV_THREADPOOL_SIZE of the hosts; null: as inherited.'),
  tasks: maybeMeasured(
    Type.Integer({ minimum: 1 }),
    'Tasks per batch, as given; null: the workload’s own number, or more for a short batch.',
  ),
  looks: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1 }), {
      minItems: 1,
      description:
        'Numbers of blocks after which the run could stop if all was decided; the confidence level is shared among these looks.',
    }),
  ),
  noiseLimits: Type.Optional(noiseLimits),
  allowBusy: Type.Optional(
    Type.Literal(true, {
      description: 'LANEWISE_ALLOW_BUSY=1: verdicts are given although other programs may have taken CPUs.',
    }),
  ),
  verify: Type.Optional(
    Type.Enum(['all', 'sample', 'off'], {
      description:
        'Which outputs were compared. all: every one. sample: in timed batches only as many as cost next to nothing, otherwise every one. off: none.',
    }),
  ),
  aa: Type.Optional(
    Type.Literal(true, { description: 'A/A test (--aa): every configuration is compared with a twin of itself.' }),
  ),
  cpuProf: Type.Optional(
    Type.Literal(true, { description: 'CPU profiles of all workers were recorded in extra batches (--cpu-prof).' }),
  ),
  tuning: Type.Optional(tuningOptions),
  versusRef,
  predict: Type.Optional(
    described('Pool sizes to predict (--predict), and the CPUs of the machine to predict for.', {
      lanes: Type.Array(Type.Integer({ minimum: 1 })),
      cores: orNotMeasured(
        Type.Integer({ minimum: 1 }),
        'As given; null: one per worker, at least those of this machine.',
      ),
    }),
  ),
});

const runtime = described('A binary of Node, Bun or Deno and its flags, on which hosts ran.', {
  label: Type.Optional(Type.String({ description: 'The `runtime` of cells; absent if all cells ran on the same.' })),
  name: Type.Enum(['node', 'bun', 'deno']),
  version: Type.String({ description: 'Its own version, as 24.1.0.' }),
  v8: Type.Optional(Type.String({ description: 'Absent for Bun, which has another engine.' })),
  flags: Type.Array(Type.String()),
});

const noise = object({
  ...ofGroup,
  hit: Type.Integer({ minimum: 0, description: 'Number of blocks disturbed beyond a limit.' }),
  repeated: Type.Integer({ minimum: 0, description: 'Number of these that were measured again.' }),
  blocks: Type.Array(blockNoise, { description: 'Noise of the blocks in the statistics.' }),
  discarded: Type.Array(blockNoise, { description: 'Noise of the blocks that were measured again and discarded.' }),
});

const workload = object({
  name: Type.String(),
  bound,
  boundIs,
  title: Type.Optional(
    Type.String({
      description:
        'Name of the workload with its non-default params, which is also the start of its cell ids; absent in results of earlier versions.',
    }),
  ),
  source: Type.String({ description: '`shipped`, or the file’s name without its folder.' }),
  newerSource: Type.Optional(Type.String({ description: 'Source of the newer of two versions (--versus).' })),
  params,
  tasks: Type.Integer({ minimum: 1, description: 'Tasks per batch, the same for all cells.' }),
  evidence: Type.Optional(
    described(
      'Planned evidence that verdicts rest on: blocks, without the first starts of a race, and rounds in each.',
      {
        blocks: Type.Integer({ minimum: 0 }),
        rounds: Type.Integer({ minimum: 0 }),
      },
    ),
  ),
  interrupted: Type.Optional(
    Type.Literal(true, { description: 'Not measured to the planned end: estimates, and no verdict.' }),
  ),
  digest: orNotMeasured(Type.String(), 'Output checksum of a batch, equal in every cell; null: none was taken.'),
  services: Type.Array(Type.String()),
});

export const resultsSchema = Type.Object(
  {
    schema: Type.Literal(RESULTS_SCHEMA_ID),
    complete: Type.Boolean({ description: 'False: the run was interrupted, and these are the results so far.' }),
    tool: object({
      name: Type.Literal('lanewise'),
      version: Type.String(),
      piscina: Type.Optional(Type.String({ description: 'Version of Piscina, which runs worker-threads.' })),
    }),
    startedAt: Type.String({ description: 'ISO 8601, UTC.' }),
    durationMs: Type.Number({ minimum: 0, description: 'Duration; of a resumed run, without the time between.' }),
    resumedAt: Type.Optional(
      Type.Array(Type.String(), { description: 'When the run was resumed (--resume), ISO 8601, UTC.' }),
    ),
    seed: Type.Integer(),
    orchestratorCpu: Type.Optional(
      Type.Number({ description: 'CPU time of the orchestrator during the measured batches / their wall time.' }),
    ),
    environment,
    runtimes: Type.Optional(Type.Array(runtime, { description: 'Absent: that of `environment`, without flags.' })),
    options,
    workloads: Type.Array(workload),
    cells: Type.Array(cell),
    comparisons: Type.Array(comparison),
    recommendations: Type.Array(recommendation),
    upperBounds: Type.Optional(Type.Array(upperBound)),
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
