/** What the reader must know before any number. */
import { Type, type TProperties } from 'typebox';
import { bound, described, intervalFields, object } from './common.ts';

const warningOf = <const Kind extends string, Facts extends TProperties>(
  kind: Kind,
  description: string,
  facts: Facts,
) => described(description, { kind: Type.Literal(kind), ...facts });
const name = Type.String();
const count = Type.Integer({ minimum: 0 });
export const warning = Type.Union(
  [
    warningOf('more-lanes-than-cores', 'CPU-bound work cannot use lanes beyond the cores.', {
      workload: name,
      lanes: count,
      cores: count,
    }),
    warningOf(
      'quota-below-cores',
      'The control group grants less CPU time than the lanes will ask for: they are stopped in every period.',
      { quota: Type.Number(), cpus: count },
    ),
    warningOf('smt-siblings', 'Some lanes share a physical core.', {
      workload: name,
      lanes: count,
      physicalCores: count,
    }),
    warningOf('slow-governor', 'The CPU is set to save power rather than to keep its speed.', { governor: name }),
    warningOf('busy-machine', 'Other programs were running before the first batch.', {
      load: Type.Number(),
      cores: count,
    }),
    warningOf('more-lanes-than-tasks', 'Some lanes have nothing to do in a batch.', {
      workload: name,
      lanes: count,
      tasks: count,
    }),
    warningOf('lanes-not-warmed', 'Some lanes ran no task before the first measured batch.', {
      cell: name,
      lanes: count,
      warmed: count,
    }),
    warningOf('disordered-stamps', 'Stamps of some tasks are not in order: the clock or the workload interfered.', {
      cell: name,
      samples: count,
    }),
    warningOf('failed-afterwards', 'Something failed when all had been measured; what was measured stands.', {
      cell: name,
      step: Type.Enum(['timeline', 'teardown', 'closing']),
      message: Type.String(),
    }),
    warningOf(
      'memoised',
      'The same input took much longer the first time in a lane: results are kept, and there is no verdict about reading them.',
      { cell: name, firstMs: Type.Number(), laterMs: Type.Number() },
    ),
    warningOf(
      'unawaited',
      'Work went on after the last result of a batch, or was left where no output says anything: there is no verdict.',
      { cell: name, afterMs: Type.Number(), pending: count, isEmpty: Type.Boolean() },
    ),
    warningOf(
      'drifting-batches',
      'Batches take longer or shorter from round to round: the last of a block takes so many times as long as its first.',
      { cell: name, ratio: object(intervalFields) },
    ),
    warningOf(
      'dominant-task',
      'One task takes most of the running time of a batch: no speedup can be larger than `bound`.',
      { workload: name, cell: name, share: Type.Number(), bound: Type.Number() },
    ),
    warningOf(
      'shared-memory',
      'Inputs hold a SharedArrayBuffer: the tasks of a batch share it, and each batch has a fresh copy.',
      { workload: name },
    ),
    warningOf('costly-digest', 'Digesting the outputs took more than a small share of the time of a batch.', {
      workload: name,
      share: Type.Number(),
    }),
    warningOf(
      'left-behind',
      'Processes that the workload had started were still there when its hosts had ended, and were killed.',
      { workload: name, processes: count },
    ),
    warningOf('strategy-left-out', 'A strategy of the user’s needs a package that is not installed.', {
      strategy: name,
      missing: name,
    }),
    warningOf(
      'withheld-flags',
      'Processes were started without what a debugger or a watcher had put into the environment.',
      { flags: Type.Array(name) },
    ),
    warningOf(
      'measured-tools',
      'Tools that the environment puts into every Node process were measured with the work.',
      { tools: Type.Array(name) },
    ),
    warningOf(
      'no-older-version',
      'With --versus-ref, a workload that was not measured: it is not a file of the repository, or that version does not have it.',
      {
        workload: name,
        ref: Type.String(),
        because: Type.Enum(['not-in-git', 'not-there']),
      },
    ),
    warningOf(
      'little-memory',
      'With a module of ordinary size, the processes that are alive at once may need more memory than there is.',
      {
        workload: name,
        processes: count,
        neededBytes: Type.Number(),
        availableBytes: Type.Number(),
        limitBytes: Type.Union([Type.Number(), Type.Null()], { description: 'Of the cgroup.' }),
      },
    ),
    warningOf(
      'limit-not-used',
      'A number of tasks at once was asked for, which is for the workers of a pool, and no pool is among the strategies.',
      { limit: count },
    ),
    warningOf('shared-machine', 'Another Lanewise was measuring at the same time.', {}),
    warningOf(
      'noisy-blocks',
      'Blocks were disturbed from outside; some were measured again, and so many disturbed ones are left.',
      { workload: name, blocks: count, hit: count, repeated: count, left: count },
    ),
    warningOf('short-batch', 'The fastest cell’s batch is so short that measuring it disturbs it.', {
      cell: name,
      wallMs: Type.Number(),
    }),
    warningOf('bound-not-seen', 'The workload’s claim of what it is bound by does not show in the cores used.', {
      workload: name,
      cell: name,
      bound,
      coresUsed: Type.Number(),
    }),
    warningOf('unequal-work', 'Two cells gave different results for the same task: there is no comparison.', {
      workload: name,
      cells: Type.Array(name),
      task: count,
    }),
  ],
  { description: 'A fact that the reader must know; its text is made when it is shown.' },
);
