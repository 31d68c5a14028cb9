/** Warnings: facts that the reader must know before any number. */
import { Type, type TProperties } from 'typebox';
import { bound, described, intervalFields, object, params } from './common.ts';

const warningOf = <const Kind extends string, Facts extends TProperties>(
  kind: Kind,
  description: string,
  facts: Facts,
) => described(description, { kind: Type.Literal(kind), ...facts });
const name = Type.String();
/** The workload, and what it was measured with, if that has a name. */
const ofGroup = { workload: name, params: Type.Optional(params) };
const count = Type.Integer({ minimum: 0 });
export const warning = Type.Union(
  [
    warningOf('more-lanes-than-cores', 'CPU-bound work gains nothing from more workers than CPUs.', {
      workload: name,
      lanes: count,
      cores: count,
    }),
    warningOf('quota-below-cores', 'The CPU limit (cgroup) is below what the workers need: they will be throttled.', {
      quota: Type.Number(),
      cpus: count,
    }),
    warningOf('smt-siblings', 'Some workers share a physical core.', {
      workload: name,
      lanes: count,
      physicalCores: count,
    }),
    warningOf('slow-governor', 'The CPU governor saves power instead of keeping the clock speed constant.', {
      governor: name,
    }),
    warningOf('busy-machine', 'In earlier results: the load average before the first batch was high.', {
      load: Type.Number(),
      cores: count,
    }),
    warningOf('more-lanes-than-tasks', 'Some workers are idle in a batch.', {
      ...ofGroup,
      lanes: count,
      tasks: count,
    }),
    warningOf('lanes-not-warmed', 'Some workers ran no task before the first measured batch.', {
      cell: name,
      lanes: count,
      warmed: count,
    }),
    warningOf('disordered-stamps', 'Timestamps of some tasks are out of order: the clock or the workload interfered.', {
      cell: name,
      samples: count,
    }),
    warningOf('ran-again', 'A queue ran tasks twice: their replies came again, and both runs were timed.', {
      cell: name,
      tasks: count,
    }),
    warningOf(
      'replies-fetched',
      'A queue did not report that tasks were done: their replies were fetched, and batches took longer for it.',
      { cell: name, replies: count, samples: count },
    ),
    warningOf(
      'longer-than-lock',
      'A task took more than half of the default lock of BullMQ. In a program, one that blocks the event loop for as long as the lock runs twice.',
      {
        cell: name,
        taskMs: Type.Number(),
        lockMs: Type.Number({ description: 'The default lock, not that of the run.' }),
      },
    ),
    warningOf('failed-afterwards', 'Something failed after a measured block; the numbers stand.', {
      cell: name,
      step: Type.Enum(['timeline', 'profile', 'teardown', 'closing']),
      message: Type.String(),
    }),
    warningOf(
      'memoised',
      'The same input took much longer the first time in a worker: results are probably cached, so there is no verdict.',
      { cell: name, firstMs: Type.Number(), laterMs: Type.Number() },
    ),
    warningOf(
      'unawaited',
      'Work continued after the last result of a batch, or was pending while every output was undefined or empty: there is no verdict.',
      { cell: name, afterMs: Type.Number(), pending: count, isEmpty: Type.Boolean() },
    ),
    warningOf(
      'drifting-batches',
      'Batches get slower or faster from round to round; `ratio` is the last of a block over its first.',
      { cell: name, ratio: object(intervalFields) },
    ),
    warningOf(
      'drifting-windows',
      'The CPU time of a task changes from window to window; `ratio` is that in the last of a block over its first.',
      { cell: name, ratio: object(intervalFields) },
    ),
    warningOf(
      'dominant-task',
      'One task takes most of the running time of a batch: the speedup cannot exceed `bound`.',
      { ...ofGroup, cell: name, share: Type.Number(), bound: Type.Number() },
    ),
    warningOf('no-input', 'The task has a parameter for an input, and none was given: it got `undefined`.', {
      workload: name,
    }),
    warningOf(
      'shared-memory',
      'The inputs contain a SharedArrayBuffer: the tasks of a batch share it, and every batch gets a fresh copy.',
      { ...ofGroup },
    ),
    warningOf('costly-digest', 'Verifying the outputs took too large a share of a batch.', {
      ...ofGroup,
      share: Type.Number(),
    }),
    warningOf('left-behind', 'Processes that the workload started outlived its hosts, and were killed.', {
      ...ofGroup,
      processes: count,
    }),
    warningOf('strategy-left-out', 'A custom strategy needs a package that is not installed.', {
      strategy: name,
      missing: name,
    }),
    warningOf(
      'withheld-flags',
      'Flags of a debugger or watcher in the environment were removed before starting processes.',
      { flags: Type.Array(name) },
    ),
    warningOf(
      'measured-tools',
      'Tools that the environment loads into every Node process were measured with the work.',
      { tools: Type.Array(name) },
    ),
    warningOf(
      'no-older-version',
      'With --versus-ref: a workload that was not measured, since it is not in the repository or not in that version.',
      {
        workload: name,
        ref: Type.String(),
        because: Type.Enum(['not-in-git', 'not-there']),
      },
    ),
    warningOf('same-version', 'Both versions are the same file: only what it imports can make a difference.', {
      workload: name,
    }),
    warningOf(
      'little-memory',
      'With a module of ordinary size, all processes alive at once may need more memory than is free.',
      {
        workload: name,
        processes: count,
        neededBytes: Type.Number(),
        availableBytes: Type.Number(),
        limitBytes: Type.Union([Type.Number(), Type.Null()], { description: 'Memory limit of the cgroup.' }),
      },
    ),
    warningOf('limit-not-used', 'A concurrency was given, which applies to pools, and no pool was measured.', {
      limit: count,
    }),
    warningOf('server-not-used', 'A server for queues was given, and no strategy that needs one was measured.', {
      option: Type.Enum(['--queue-url', '--queue-server']),
    }),
    warningOf('queues-left', 'Queues of the run may remain on the user’s server, which has refused to remove them.', {
      server: Type.Enum(['redis', 'postgres'], { description: 'How it is reached; a Valkey is reached as a Redis.' }),
      prefix: Type.String({
        pattern: '^lanewise_[0-9a-f]{16}_$',
        description: 'The names of the queues begin with it.',
      }),
    }),
    warningOf('shared-machine', 'Another Lanewise was measuring at the same time.', {}),
    warningOf(
      'noisy-blocks',
      'Blocks were disturbed by other programs; some were measured again, `left` disturbed ones remain.',
      {
        ...ofGroup,
        blocks: count,
        hit: count,
        repeated: count,
        left: count,
        refused: Type.Optional(
          Type.Integer({
            minimum: 1,
            description:
              'Of those that remain, blocks of a load with a refused window: its requests were not sent as planned.',
          }),
        ),
      },
    ),
    warningOf(
      'taken-cpus',
      'Other programs used CPUs that the work needed: the times depend on them, so there is no verdict.',
      {
        ...ofGroup,
        machine: Type.Optional(
          Type.String({
            description: 'The machine that it is about, a letter from b; absent: the machine of the run.',
          }),
        ),
        cores: count,
        freeCpus: Type.Union([Type.Number(), Type.Null()], {
          description: 'CPUs left for the work, median over the blocks; null: not measured.',
        }),
        neededCpus: Type.Number({ description: 'CPUs that its largest configuration may use.' }),
        loopCpus: Type.Union([Type.Number(), Type.Null()], {
          description:
            'CPUs that the event loop got where it was always ready to run; null: it got one, or was not measured.',
        }),
      },
    ),
    warningOf(
      'taken-search',
      'Other programs used CPUs that the work needed while rates were searched for: those measured may lie beside the ones held.',
      {
        ...ofGroup,
        cores: count,
        freeCpus: Type.Number({ description: 'CPUs left for the work, median over the blocks of the search.' }),
        neededCpus: Type.Number({ description: 'CPUs that its largest configuration may use.' }),
      },
    ),
    warningOf(
      'race-assumption',
      'Single batches vary more than the race assumes: what it has dropped may be as fast.',
      {
        ...ofGroup,
        share: Type.Number({
          description: 'Share of first batches that were off from their usual time by 1.5× or more.',
        }),
        batches: count,
      },
    ),
    warningOf('short-batch', 'The batch of the fastest cell is so short that noise and overhead weigh heavily.', {
      cell: name,
      wallMs: Type.Number(),
    }),
    warningOf('bound-not-seen', 'The `bound` that the workload declares does not match the CPUs used.', {
      ...ofGroup,
      cell: name,
      bound,
      cpusUsed: Type.Number(),
    }),
    warningOf('unequal-work', 'Two cells returned different outputs for the same task, so they are not compared.', {
      ...ofGroup,
      cells: Type.Array(name),
      task: count,
    }),
  ],
  { description: 'A fact that the reader must know; reports make the text.' },
);
