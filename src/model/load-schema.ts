/**
 * The results of a load measurement as a JSON Schema, from which the types in `load.ts` are derived. Published as
 * `docs/load-1.schema.json`.
 */
import { Type } from 'typebox';
import { PULSE } from './evidence.ts';
import { LOAD_SCHEMA_ID } from './load.ts';
import { identityFields, taskError } from './schema/cell.ts';
import {
  bound,
  boundIs,
  closed,
  described,
  intervalFields,
  object,
  ofGroup,
  orNotMeasured,
  params,
  share,
  size,
  versusRef,
} from './schema/common.ts';
import { speedup, verdict } from './schema/conclusions.ts';
import { overload } from './schema/overload.ts';
import { held, heldComparison, loadRecommendation } from './schema/held.ts';
import { environment } from './schema/machine.ts';
import { blockNoise } from './schema/noise.ts';
import { objective } from './schema/objective.ts';
import { warning } from './schema/warning.ts';
import { latencyQuantiles, window } from './schema/window.ts';

const rate = Type.Number({ exclusiveMinimum: 0, description: 'Arrivals per second.' });

const arrivals = Type.Union([
  object({ kind: Type.Enum(['poisson', 'constant']) }),
  object({ kind: Type.Literal('burst'), size: Type.Integer({ minimum: 2 }) }),
]);

const options = object({
  strategies: Type.Array(Type.String()),
  poolSizes: Type.Array(Type.Integer({ minimum: 1 })),
  baseline: Type.String(),
  preset: Type.String(),
  blocks: Type.Integer({ minimum: 1 }),
  rounds: Type.Integer({ minimum: 1, description: 'Windows of each configuration and rate in a block.' }),
  minEffect: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  timeoutMs: Type.Number(),
  objective: Type.Optional(objective),
  rates: orNotMeasured(Type.Array(rate), 'As given; null: searched for.'),
  arrivals,
  via: Type.Enum(['http', 'in-process'], {
    description:
      'http: another process requests tasks from a server in that of the strategy; in-process: tasks are given to the strategy in its own process.',
  }),
  connections: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('new')], {
      description: 'Kept-alive connections at least, or a new one for each request; absent in process.',
    }),
  ),
  probePerSecond: Type.Optional(
    Type.Number({ minimum: 0, description: 'Requests to /ping a second; absent in process.' }),
  ),
  requests: Type.Integer({ minimum: 1, description: 'Arrivals of a window at least, with those that do not count.' }),
  settling: Type.Integer({
    minimum: 0,
    description: 'First arrivals of a window of that size, which do not count; of a longer one, as large a share.',
  }),
  leastWindowMs: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'How long a window lasts at least, ms: where `requests` arrivals take less, it has more; absent: as long as they take.',
    }),
  ),
  maxQueue: orNotMeasured(
    Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 1 })]),
    'The most tasks that may wait in a queue; auto: the square of the pool size; null: no limit.',
  ),
  pingObjectiveMs: Type.Optional(
    Type.Number({ description: 'Longest p99 of pings of a recommended configuration; absent: that of the objective.' }),
  ),
  giveUpMs: orNotMeasured(Type.Number({ exclusiveMinimum: 0 }), 'How long somebody waits for a task; null: for ever.'),
  versusRef,
  overload: Type.Optional(
    object({
      times: Type.Number({
        exclusiveMinimum: 1,
        maximum: PULSE.mostTimes,
        description: 'Rate of the pulse as a multiple of the one held.',
      }),
      pulseMs: Type.Number({ exclusiveMinimum: 0, maximum: PULSE.longestMs }),
    }),
  ),
  stricterFifo: Type.Boolean({ description: 'False: Piscina may put a waiting task behind others, its default.' }),
});

const workload = object({
  name: Type.String(),
  title: Type.String(),
  bound,
  boundIs,
  source: Type.String(),
  newerSource: Type.Optional(Type.String({ description: 'Source of the newer of two versions.' })),
  params,
  inputs: Type.Integer({ minimum: 1, description: 'Number of different inputs.' }),
  aloneMs: size('Median latency of a task that meets no other, in the baseline, ms.'),
  capacity: size('Tasks per second that the baseline does when all are there at once.'),
  objective,
  rates: Type.Array(rate),
});

const atRate = described('One configuration at one rate, over all its windows.', {
  rate,
  latencyMs: {
    ...latencyQuantiles,
    description:
      'Medians, over the windows, of the quantiles of the tasks that are done; `max`: the most; 0: none is done. Ms.',
  },
  objectiveMs: orNotMeasured(
    object(intervalFields),
    'The quantile of the objective in a typical window, those without a result counting as slower than all others, with its CI over the blocks; null: too few blocks, or too many tasks without a result.',
  ),
  missShare: share('Share of the tasks of all windows that missed the objective.'),
  failedShare: Type.Optional(share('Share that threw; absent in results of versions that did not count it.')),
  rejectedShare: share('Share that the full queue did not take.'),
  gaveUpShare: share('Share for which nobody waited any longer.'),
  wastedShare: share('Share that were done although nobody waited any longer.'),
  wastedRunning: size('Mean number of tasks that ran although nobody waited any longer.'),
  holds: Type.Enum(['yes', 'no', 'unsure', 'overloaded', 'driver-limited'], {
    description:
      'Whether the CI lies within the objective; overloaded: tasks piled up in at least one window; driver-limited: windows in more than a quarter of the blocks are refused.',
  }),
});

const cellFields = {
  ...identityFields,
  startupMs: Type.Array(size(), { description: 'One value per block.' }),
  aloneMs: Type.Optional(size('Median latency of a task that meets no other, ms; absent: not measured.')),
  capacity: Type.Optional(size('Tasks per second when all are there at once; absent: not measured.')),
  windows: Type.Array(window, { description: 'In the order of measuring.' }),
};

const cell = Type.Union([
  object({ ...cellFields, status: Type.Literal('ok'), rates: Type.Array(atRate) }),
  object({ ...cellFields, status: Type.Literal('failed'), error: taskError }),
]);

export const loadSchema = Type.Object(
  {
    schema: Type.Literal(LOAD_SCHEMA_ID),
    complete: Type.Boolean({ description: 'False: the run was interrupted, and these are the results so far.' }),
    tool: object({ name: Type.Literal('lanewise'), version: Type.String() }),
    startedAt: Type.String({ description: 'ISO 8601, UTC.' }),
    durationMs: Type.Number({ minimum: 0 }),
    resumedAt: Type.Optional(
      Type.Array(Type.String(), { description: 'When the run was resumed (--resume), ISO 8601, UTC.' }),
    ),
    seed: Type.Integer(),
    environment,
    options,
    workloads: Type.Array(workload),
    cells: Type.Array(cell),
    latencyComparisons: Type.Array(
      object({
        ...ofGroup,
        rate,
        baseline: Type.String(),
        contender: Type.String(),
        speedup,
        verdict,
        blocks: Type.Integer(),
      }),
    ),
    held: Type.Optional(Type.Array(held, { description: 'Absent: the rates were given.' })),
    heldComparisons: Type.Optional(Type.Array(heldComparison)),
    recommendations: Type.Optional(Type.Array(loadRecommendation)),
    overload: Type.Optional(Type.Array(overload, { description: 'Absent: not asked for.' })),
    noise: Type.Array(
      object({
        ...ofGroup,
        blocks: Type.Array(blockNoise),
        hit: Type.Optional(Type.Integer({ minimum: 0, description: 'Number of blocks disturbed beyond a limit.' })),
        repeated: Type.Optional(Type.Integer({ minimum: 0, description: 'Number of these that were measured again.' })),
        discarded: Type.Optional(
          Type.Array(blockNoise, { description: 'Noise of the blocks that were measured again and discarded.' }),
        ),
        search: Type.Optional(
          Type.Array(blockNoise, { description: 'Noise of the blocks of the search; absent: the rates were given.' }),
        ),
      }),
    ),
    warnings: Type.Array(warning),
  },
  { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Lanewise load results', ...closed },
);
