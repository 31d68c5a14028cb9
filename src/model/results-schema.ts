/**
 * The results as a JSON Schema, from which the types in `model.ts` are derived: one source for both.
 * Published as `docs/results-1.schema.json`.
 */
import { RESULTS_SCHEMA_ID } from './results.ts';
import { Type } from 'typebox';
import { bound, closed, orNotMeasured, params } from './schema/common.ts';
import { blockNoise, environment, noiseLimits } from './schema/machine.ts';
import { crossover, prediction, scaling } from './schema/scaling.ts';
import { tuning, tuningOptions } from './schema/tuning.ts';
import { warning } from './schema/warning.ts';

const strategy = Type.String({
  minLength: 1,
  description:
    'sequential, event-loop, worker-threads, child-processes, thread-per-task, process-per-task, or the name of one of the user’s.',
});
const verdict = Type.Union([
  Type.Literal('faster'),
  Type.Literal('slower'),
  Type.Literal('same'),
  Type.Literal('inconclusive'),
]);
const inFlight = Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('all')], {
  description: 'How many tasks one lane may have under way at once.',
});

const contextSwitches = orNotMeasured(
  Type.Object({ voluntary: Type.Number(), involuntary: Type.Number() }, closed),
  'Of the host and all its lanes, without programs that tasks start, in one batch; null where the system does not count them.',
);
const loopDelay = Type.Object(
  { p50: Type.Number(), p99: Type.Number(), max: Type.Number() },
  {
    ...closed,
    description:
      'How long an event that comes at any moment of the batch would wait for the host’s main loop, ms: from how late a timer fired, weighed by time.',
  },
);
const taskLatency = Type.Object(
  {
    p5: Type.Optional(Type.Number()),
    p25: Type.Optional(Type.Number()),
    p50: Type.Number(),
    p75: Type.Optional(Type.Number()),
    p90: Type.Number(),
    p95: Type.Optional(Type.Number()),
    p99: Type.Number(),
    max: Type.Number(),
  },
  {
    ...closed,
    description:
      'From the moment at which the program submits the batch to the task’s result being there, less its digest, ms; the same in every cell.',
  },
);
const partOfLatency = (description: string) =>
  Type.Object({ p50: Type.Number(), p99: Type.Number() }, { ...closed, description });
/** The parts that each task's latency is made of; quantiles over the tasks, so that they need not add up. */
const latencyParts = {
  queuedMs: Type.Optional(
    partOfLatency(
      'From submission until a worker was given the task and was done with those before it, ms; on the main thread until its start.',
    ),
  ),
  dispatchMs: partOfLatency(
    'From there to the task’s start, ms: the price of handing it to a worker that is free. 0 on the main thread. In results without queuedMs, all of the latency that is not the task itself.',
  ),
  runningMs: Type.Optional(partOfLatency('From the task’s start to its end, its waits included, ms.')),
  returnMs: Type.Optional(partOfLatency('From the task’s end to its result being there, ms.')),
};

/** What a host reads of one batch. */
export const readingFields = {
  wallMs: Type.Number({ exclusiveMinimum: 0, description: 'From handing over the batch to its last result.' }),
  cpuMs: Type.Number({
    description:
      'CPU time of the host, its threads and its children, and of the programs that tasks start, where the system counts them.',
  }),
  commandsMs: Type.Optional(
    orNotMeasured(
      Type.Number(),
      'Of cpuMs: what programs used that tasks had started, to 10 ms; absent: nothing; null: the system does not count them.',
    ),
  ),
  systemMs: Type.Optional(Type.Number({ description: 'Of cpuMs: time in the kernel.' })),
  inProgress: Type.Number({ description: 'Mean number of tasks started and not finished: concurrency.' }),
  coresUsed: Type.Number({ description: 'cpuMs / wallMs: parallelism.' }),
  loopDelayMs: loopDelay,
  taskMs: taskLatency,
  ...latencyParts,
  contextSwitches,
  digestShare: Type.Number({
    description: 'Time that all lanes spent on digests / wallMs: Lanewise’s own work in the batch.',
  }),
  verified: Type.Optional(Type.Integer({ minimum: 0, description: 'Outputs of the batch whose digest was taken.' })),
  longestTask: Type.Optional(
    Type.Object(
      {
        index: Type.Integer({ minimum: 0, description: '0-based position in the batch.' }),
        share: Type.Number({ description: 'Its running time / that of all tasks of the batch.' }),
      },
      { ...closed, description: 'The task that ran longest.' },
    ),
  ),
  disorderedStamps: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Tasks whose stamps are not in order; the sample is suspect.' }),
  ),
};
export const sample = Type.Object(
  {
    block: Type.Integer({ minimum: 0 }),
    round: Type.Integer({ minimum: 0 }),
    position: Type.Integer({ minimum: 0, description: 'The cell’s place in the order of its round.' }),
    ...readingFields,
  },
  closed,
);

const estimate = Type.Object(
  {
    median: Type.Number({ description: 'Hodges-Lehmann estimate over the blocks.' }),
    lo: orNotMeasured(Type.Number(), 'Lower end of the 95 % interval; null with fewer blocks than it takes.'),
    hi: orNotMeasured(Type.Number(), 'Upper end of the 95 % interval; null with fewer blocks than it takes.'),
  },
  closed,
);

const summary = Type.Object(
  {
    wallMs: estimate,
    tasksPerSecond: Type.Number({ description: 'Tasks of a batch / median wall time.' }),
    taskMs: taskLatency,
    ...latencyParts,
    inProgress: Type.Number(),
    coresUsed: Type.Number(),
    cpuMsPerTask: Type.Number(),
    loopDelayMs: loopDelay,
    memoryMiB: orNotMeasured(
      Type.Number(),
      'Of the host and its children, what they share counted once: the largest reading between batches and during an extra one.',
    ),
    hostCopyMiB: Type.Optional(
      Type.Number({
        description:
          'Of memoryMiB, about: the host’s own copy of the module and of the inputs that it makes, beside those of its lanes.',
      }),
    ),
    startupMs: Type.Number({ description: 'Median over blocks of the time to open all lanes.' }),
    verifiedShare: Type.Optional(
      Type.Number({ description: 'Of the outputs of measured batches: how many had their digest taken.' }),
    ),
    contextSwitches,
  },
  closed,
);

export const lane = Type.Object(
  {
    kind: Type.Union([Type.Literal('main'), Type.Literal('thread'), Type.Literal('process')]),
    index: Type.Integer({ minimum: 0 }),
  },
  closed,
);
const errorSummary = Type.Object({ name: Type.String(), message: Type.String() }, closed);
export const errorFields = {
  name: Type.String(),
  message: Type.String(),
  stack: Type.Optional(Type.String()),
  causes: Type.Optional(
    Type.Array(errorSummary, { description: 'Its `cause`, the cause of that, and so on: at most the first five.' }),
  ),
  errors: Type.Optional(
    Type.Array(errorSummary, {
      description: 'The first five `errors` of the first AggregateError among it and its causes.',
    }),
  ),
};
export const taskError = Type.Object(
  {
    ...errorFields,
    task: Type.Optional(Type.Integer({ minimum: 0, description: '0-based position in the batch.' })),
    lane: Type.Optional(lane),
  },
  closed,
);

const cellFields = {
  id: Type.String({ description: 'workload[params]/strategy@poolSize x inFlight #twin.' }),
  workload: Type.String(),
  params,
  strategy,
  poolSize: Type.Integer({ minimum: 1 }),
  inFlight,
  uvThreads: Type.Optional(
    Type.Integer({ minimum: 1, description: 'UV_THREADPOOL_SIZE of its processes, where it is not that of the run.' }),
  ),
  laneKind: Type.Optional(
    Type.Union([Type.Literal('main'), Type.Literal('thread'), Type.Literal('process')], {
      description: 'Where the tasks of a strategy of the user’s run; absent for those of Lanewise.',
    }),
  ),
  keepsLanes: Type.Optional(
    Type.Boolean({
      description: 'False of a strategy of the user’s that starts a lane for every task; absent otherwise.',
    }),
  ),
  runtime: Type.Optional(
    Type.String({ description: 'Label of what its processes run on, where that is not the same for all cells.' }),
  ),
  phase: Type.Optional(
    Type.Literal('screening', {
      description: 'Measured by `tune` with little evidence, to choose what to measure again; in no comparison.',
    }),
  ),
  family: Type.Optional(
    Type.Union([Type.Literal('loop'), Type.Literal('threads'), Type.Literal('processes')], {
      description: 'Where its tasks run; absent in results of before that was written.',
    }),
  ),
  twin: Type.Optional(
    Type.Integer({
      minimum: 2,
      description: 'Which of several cells that are the same but for their id: `2` of `#2`; absent of the first.',
    }),
  ),
  version: Type.Optional(
    Type.Union([Type.Literal('old'), Type.Literal('new')], {
      description: 'Which of two versions of the workload, where it was given twice (--versus).',
    }),
  ),
  startupMs: Type.Array(Type.Number(), { description: 'One per block.' }),
  samples: Type.Array(sample, { description: 'In the order in which they were measured.' }),
};
const cell = Type.Union([
  Type.Object({ ...cellFields, status: Type.Literal('ok'), summary }, closed),
  Type.Object({ ...cellFields, status: Type.Literal('failed'), error: taskError }, closed),
]);

const speedup = Type.Object(
  {
    estimate: Type.Number({ description: 'How many times as fast as the baseline.' }),
    lo: Type.Number(),
    hi: Type.Number(),
    level: Type.Number({
      description: 'Confidence level of this interval: 95 % shared among the comparisons shown together.',
    }),
  },
  closed,
);

const comparison = Type.Object(
  {
    workload: Type.String(),
    params,
    baseline: Type.String({ description: 'Cell id.' }),
    contender: Type.String({ description: 'Cell id.' }),
    speedup,
    verdict,
    blocks: Type.Integer({ minimum: 1 }),
    blocksToDecide: Type.Optional(
      Type.Integer({ description: 'If inconclusive: how many blocks would likely decide.' }),
    ),
  },
  closed,
);

export const ceilingSample = Type.Object(
  {
    block: Type.Integer({ minimum: 0 }),
    round: Type.Integer({ minimum: 0 }),
    wallMs: Type.Number({ exclusiveMinimum: 0, description: 'What they do together, as the time of one batch.' }),
  },
  closed,
);
const ceiling = Type.Object(
  {
    workload: Type.String(),
    params,
    lanes: Type.Integer({ minimum: 1, description: 'Plain processes at once, in which nothing is handed over.' }),
    samples: Type.Array(ceilingSample),
    baseline: Type.String({ description: 'Cell id.' }),
    speedup,
    best: Type.String({ description: 'Id of the cell that looked fastest.' }),
    share: Type.Object(
      { estimate: Type.Number(), lo: Type.Number(), hi: Type.Number(), level: Type.Number() },
      { ...closed, description: 'How much of the ceiling’s throughput the best cell reaches.' },
    ),
  },
  { ...closed, description: 'What plain processes can give at most, measured in the same blocks.' },
);

const times = (description: string) =>
  Type.Object(
    { estimate: Type.Number(), lo: Type.Number(), hi: Type.Number(), level: Type.Number() },
    { ...closed, description },
  );
const tradeOff = Type.Object(
  {
    cell: Type.String({ description: 'Cell id: about as fast as the choice, or faster.' }),
    speedup: times('How many times as fast as the choice it is.'),
    loopDelayMs: Type.Optional(
      times('How many times as long the choice holds the main thread (event-loop delay p99), if more than twice.'),
    ),
    taskP50Ms: Type.Optional(
      times('How many times as long the median task takes with the choice, if more than twice.'),
    ),
    taskP99Ms: Type.Optional(times('The same of the p99 of a task.')),
  },
  { ...closed, description: 'What whoever follows the recommendation gives up; absent: nothing was shown.' },
);

const recommendation = Type.Object(
  {
    workload: Type.String(),
    params,
    choose: Type.String({ description: 'Cell id: the cheapest of the tie.' }),
    fastest: Type.String({ description: 'Cell id.' }),
    tied: Type.Array(Type.String(), {
      description: 'Cell ids not shown to be slower than the fastest by more than the margin.',
    }),
    because: Type.String({
      description: 'In words, for whoever reads the file alone: reports say it with `tied` and `chosenFor`.',
    }),
    chosenFor: Type.Optional(
      Type.Union(
        [
          Type.Literal('only'),
          Type.Literal('near-best'),
          Type.Literal('beats-baseline'),
          Type.Literal('fewest-workers'),
          Type.Literal('libuv-threads'),
          Type.Literal('kept'),
          Type.Literal('looks-best'),
          Type.Literal('least-cpu'),
          Type.Literal('least-memory'),
          Type.Literal('baseline'),
          Type.Literal('first'),
        ],
        {
          description:
            'What told the choice from the rest of the tie. only: there is no other. near-best: no other looks within half of the minimum effect of the best. beats-baseline: no other was shown to be faster than the baseline. kept: the present setting. baseline, first: nothing did.',
        },
      ),
    ),
    tradeOff: Type.Optional(tradeOff),
  },
  closed,
);

const slices = Type.Array(
  Type.Object(
    {
      task: Type.Integer({ minimum: 0 }),
      lane: Type.Integer({ minimum: 0 }),
      startMs: Type.Number({ description: 'Since the batch was handed over.' }),
      endMs: Type.Number(),
      kind: Type.Union([Type.Literal('run'), Type.Literal('wait')]),
    },
    closed,
  ),
);
export const timelineFields = {
  slices,
  batchMs: Type.Optional(
    Type.Number({
      description: 'Wall time of the traced batch: of up to three, the one nearest to the median measured batch.',
    }),
  ),
  tasks: Type.Optional(Type.Integer({ minimum: 1, description: 'Tasks of it: no more than 200 are traced.' })),
};
export const timeline = Type.Object({ cell: Type.String(), ...timelineFields }, closed);

const options = Type.Object(
  {
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
    timeLimitMs: Type.Optional(orNotMeasured(Type.Number(), 'Of the whole run; null: none.')),
    atomics: Type.Union([Type.Literal('sync'), Type.Literal('async'), Type.Literal('disabled')]),
    uvThreads: orNotMeasured(Type.Integer(), 'UV_THREADPOOL_SIZE of the hosts; null: as inherited.'),
    tasks: Type.Optional(
      orNotMeasured(Type.Integer({ minimum: 1 }), 'As asked for; null: the workload’s own, or more for a short batch.'),
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
      Type.Union([Type.Literal('all'), Type.Literal('sample'), Type.Literal('off')], {
        description:
          'Which outputs were compared: in timed batches all, or as many as cost next to nothing (otherwise all are); or none at all.',
      }),
    ),
    tuning: Type.Optional(tuningOptions),
    versusRef: Type.Optional(
      Type.Object(
        {
          ref: Type.String({ description: 'As it was asked for: a branch, tag or commit.' }),
          commit: Type.String({ description: 'What it was when the run began.' }),
        },
        { ...closed, description: 'With --versus-ref: the older version, from git.' },
      ),
    ),
    predict: Type.Optional(
      Type.Object(
        {
          lanes: Type.Array(Type.Integer({ minimum: 1 })),
          cores: orNotMeasured(
            Type.Integer({ minimum: 1 }),
            'As asked for; null: as many as lanes, or those of this machine.',
          ),
        },
        {
          ...closed,
          description: 'Pool sizes to predict (--predict), and the cores of the machine they are predicted for.',
        },
      ),
    ),
  },
  closed,
);

const runtime = Type.Object(
  {
    label: Type.Optional(Type.String({ description: 'As cells have it; absent where all cells run on the same.' })),
    node: Type.String({ description: 'Version of Node.' }),
    v8: Type.String(),
    flags: Type.Array(Type.String()),
  },
  { ...closed, description: 'What hosts run on: a Node binary and its flags.' },
);

const noise = Type.Object(
  {
    workload: Type.String(),
    params,
    hit: Type.Integer({ minimum: 0, description: 'Blocks that were disturbed beyond a limit.' }),
    repeated: Type.Integer({ minimum: 0, description: 'Those of them that were measured again, whole.' }),
    blocks: Type.Array(blockNoise, { description: 'Of the blocks that are in the statistics.' }),
    discarded: Type.Array(blockNoise, { description: 'Of the blocks that were measured again, the first time.' }),
  },
  closed,
);

const workload = Type.Object(
  {
    name: Type.String(),
    bound,
    boundIs: Type.Optional(
      Type.Union([Type.Literal('claimed'), Type.Literal('measured'), Type.Literal('unknown')], {
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
  },
  closed,
);

export const resultsSchema = Type.Object(
  {
    schema: Type.Literal(RESULTS_SCHEMA_ID),
    complete: Type.Boolean({ description: 'False if the run was interrupted: what was measured until then is here.' }),
    tool: Type.Object(
      {
        name: Type.Literal('lanewise'),
        version: Type.String(),
        piscina: Type.Optional(Type.String({ description: 'The version of Piscina that worker-threads is.' })),
      },
      closed,
    ),
    startedAt: Type.String({ description: 'ISO 8601, UTC.' }),
    durationMs: Type.Number({ description: 'Of a run that was gone on with: without the time between.' }),
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
