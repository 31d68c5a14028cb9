/** What the reader must know before any number. */
import { Type, type TProperties } from 'typebox';
import { bound, closed, interval } from './common.ts';

const warningOf = <const Kind extends string, Facts extends TProperties>(
  kind: Kind,
  facts: Facts,
  description: string,
) => Type.Object({ kind: Type.Literal(kind), ...facts }, { ...closed, description });
const name = Type.String();
const count = Type.Integer({ minimum: 0 });
export const warning = Type.Union(
  [
    warningOf(
      'more-lanes-than-cores',
      { workload: name, lanes: count, cores: count },
      'CPU-bound work cannot use lanes beyond the cores.',
    ),
    warningOf(
      'quota-below-cores',
      { quota: Type.Number(), cpus: count },
      'The control group grants less CPU time than the lanes will ask for: they are stopped in every period.',
    ),
    warningOf(
      'smt-siblings',
      { workload: name, lanes: count, physicalCores: count },
      'Some lanes share a physical core.',
    ),
    warningOf('slow-governor', { governor: name }, 'The CPU is set to save power rather than to keep its speed.'),
    warningOf(
      'busy-machine',
      { load: Type.Number(), cores: count },
      'Other programs were running before the first batch.',
    ),
    warningOf(
      'more-lanes-than-tasks',
      { workload: name, lanes: count, tasks: count },
      'Some lanes have nothing to do in a batch.',
    ),
    warningOf(
      'lanes-not-warmed',
      { cell: name, lanes: count, warmed: count },
      'Some lanes ran no task before the first measured batch.',
    ),
    warningOf(
      'disordered-stamps',
      { cell: name, samples: count },
      'Stamps of some tasks are not in order: the clock or the workload interfered.',
    ),
    warningOf(
      'failed-afterwards',
      {
        cell: name,
        step: Type.Enum(['timeline', 'teardown', 'closing']),
        message: Type.String(),
      },
      'Something failed when all had been measured; what was measured stands.',
    ),
    warningOf(
      'memoised',
      { cell: name, firstMs: Type.Number(), laterMs: Type.Number() },
      'The same input took much longer the first time in a lane: results are kept, and there is no verdict about reading them.',
    ),
    warningOf(
      'unawaited',
      { cell: name, afterMs: Type.Number(), pending: count, isEmpty: Type.Boolean() },
      'Work went on after the last result of a batch, or was left where no output says anything: there is no verdict.',
    ),
    warningOf(
      'drifting-batches',
      { cell: name, ratio: interval() },
      'Batches take longer or shorter from round to round: the last of a block takes so many times as long as its first.',
    ),
    warningOf(
      'dominant-task',
      { workload: name, cell: name, share: Type.Number(), bound: Type.Number() },
      'One task takes most of the running time of a batch: no speedup can be larger than `bound`.',
    ),
    warningOf(
      'shared-memory',
      { workload: name },
      'Inputs hold a SharedArrayBuffer: the tasks of a batch share it, and each batch has a fresh copy.',
    ),
    warningOf(
      'costly-digest',
      { workload: name, share: Type.Number() },
      'Digesting the outputs took more than a small share of the time of a batch.',
    ),
    warningOf(
      'left-behind',
      { workload: name, processes: count },
      'Processes that the workload had started were still there when its hosts had ended, and were killed.',
    ),
    warningOf(
      'strategy-left-out',
      { strategy: name, missing: name },
      'A strategy of the user’s needs a package that is not installed.',
    ),
    warningOf(
      'withheld-flags',
      { flags: Type.Array(name) },
      'Processes were started without what a debugger or a watcher had put into the environment.',
    ),
    warningOf(
      'measured-tools',
      { tools: Type.Array(name) },
      'Tools that the environment puts into every Node process were measured with the work.',
    ),
    warningOf(
      'no-older-version',
      {
        workload: name,
        ref: Type.String(),
        because: Type.Enum(['not-in-git', 'not-there']),
      },
      'With --versus-ref, a workload that was not measured: it is not a file of the repository, or that version does not have it.',
    ),
    warningOf(
      'little-memory',
      {
        workload: name,
        processes: count,
        neededBytes: Type.Number(),
        availableBytes: Type.Number(),
        limitBytes: Type.Union([Type.Number(), Type.Null()], { description: 'Of the cgroup.' }),
      },
      'With a module of ordinary size, the processes that are alive at once may need more memory than there is.',
    ),
    warningOf(
      'limit-not-used',
      { limit: count },
      'A number of tasks at once was asked for, which is for the workers of a pool, and no pool is among the strategies.',
    ),
    warningOf('shared-machine', {}, 'Another Lanewise was measuring at the same time.'),
    warningOf(
      'noisy-blocks',
      { workload: name, blocks: count, hit: count, repeated: count, left: count },
      'Blocks were disturbed from outside; some were measured again, and so many disturbed ones are left.',
    ),
    warningOf(
      'short-batch',
      { cell: name, wallMs: Type.Number() },
      'The fastest cell’s batch is so short that measuring it disturbs it.',
    ),
    warningOf(
      'bound-not-seen',
      { workload: name, cell: name, bound, coresUsed: Type.Number() },
      'The workload’s claim of what it is bound by does not show in the cores used.',
    ),
    warningOf(
      'unequal-work',
      { workload: name, cells: Type.Array(name), task: count },
      'Two cells gave different results for the same task: there is no comparison.',
    ),
  ],
  { description: 'A fact that the reader must know; its text is made when it is shown.' },
);
