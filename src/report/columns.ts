import type { Cell, MeasuredCell } from '../model/results.ts';
import { paybackOf } from '../stats/trade-off.ts';
import type { Cell as Shown, Column, Table } from './document.ts';
import { familyOf } from '../model/strategies.ts';
import { comparisonOf, isBaseline, type ReportGroup } from '../stats/groups.ts';
import { shortId } from '../model/cell-id.ts';
import { wayName } from './names.ts';
import { orNotMeasured, plural, ratio, threeDigits, withInterval } from './numbers.ts';
import { VERDICT_TONES } from './dress/tones.ts';

/** A column of the table of all numbers. What is shown of a cell begins with the number, if it has one: by that it is sorted. */
interface NumberColumn extends Column {
  readonly of: (cell: MeasuredCell, group: ReportGroup) => Shown;
}

/** Where there is room for all of them. */
const WIDE = ['markdown', 'page'] as const;
const ALL = ['terminal', ...WIDE] as const;

const COLUMNS: readonly NumberColumn[] = [
  {
    title: 'batch, ms',
    short: 'batch\nms',
    align: 'right',
    of: ({ summary: { wallMs } }) => ({ text: batchText(wallMs), short: threeDigits(wallMs.median) }),
  },
  {
    title: 'times as fast',
    short: 'speedup',
    of: (cell, group) => ({ text: speedupText(cell, group), short: speedupText(cell, group, 'short') }),
  },
  { title: 'verdict', spare: 3, of: verdict },
  number('tasks/s', ({ summary }) => summary.tasksPerSecond),
  { ...number('in progress', ({ summary }) => summary.inProgress, ratio), short: 'in\nflight', spare: 1, on: ALL },
  { ...number('cores used', ({ summary }) => summary.coresUsed, ratio), short: 'CPUs\nused', spare: 2, on: ALL },
  number('CPU ms/task', ({ summary }) => summary.cpuMsPerTask),
  {
    title: 'task ms\np50/p99',
    align: 'right',
    on: ['terminal'],
    of: ({ summary: { taskMs } }) => ({ text: `${threeDigits(taskMs.p50)}/${threeDigits(taskMs.p99)}` }),
  },
  number('task p50, ms', ({ summary }) => summary.taskMs.p50),
  number('task p99, ms', ({ summary }) => summary.taskMs.p99),
  number('queued p50, ms', ({ summary }) => summary.queuedMs?.p50),
  number('dispatch p50, ms', ({ summary }) => summary.dispatchMs.p50),
  number('running p50, ms', ({ summary }) => summary.runningMs?.p50),
  { ...number('loop delay p99, ms', ({ summary }) => summary.loopDelayMs.p99), short: 'loop\np99', on: ALL },
  number('voluntary switches', ({ summary }) => summary.contextSwitches?.voluntary),
  number('involuntary switches', ({ summary }) => summary.contextSwitches?.involuntary),
  number('memory, MiB', ({ summary }) => summary.memoryMiB),
  number('start-up, ms', ({ summary }) => summary.startupMs),
  { title: 'paid back after', align: 'right', on: WIDE, of: (cell, group) => ({ text: payback(cell, group) }) },
];

function number(
  title: string,
  value: (cell: MeasuredCell) => number | null | undefined,
  show = threeDigits,
): NumberColumn {
  return { title, align: 'right', on: WIDE, of: (cell) => ({ text: orNotMeasured(value(cell), show) }) };
}

/** All numbers of one workload, a row for each way; in a terminal those that fit it. */
export function numbersTable(group: ReportGroup): Table {
  return {
    kind: 'table',
    label: group.title,
    isSortable: true,
    columns: [{ title: 'way', short: 'configuration' }, ...COLUMNS],
    rows: group.cells.map((cell) => ({
      isChosen: cell === group.choice,
      cells: [
        { text: shortId(cell), long: wayName(cell), family: familyOf(cell) },
        ...(cell.status === 'ok'
          ? COLUMNS.map(({ of }) => of(cell, group))
          : [{ text: 'failed', tone: 'bad' as const }]),
      ],
    })),
  };
}

function verdict(cell: MeasuredCell, group: ReportGroup): Shown {
  const comparison = comparisonOf(cell, group);
  if (comparison === undefined) return { text: '' };
  const { verdict: text } = comparison;
  return { text, tone: VERDICT_TONES[text], ...(text === 'inconclusive' && { short: 'unclear' }) };
}

/** `1.65 (1.57 to 1.94)`, and where there is little room `1.65 (1.57–1.94)`. */
export function speedupText(cell: Cell, group: ReportGroup, room?: 'short'): string {
  const speedup = comparisonOf(cell, group)?.speedup;
  if (speedup !== undefined) return withInterval(speedup, ratio, room === 'short' ? '–' : ' to ');
  if (!isBaseline(cell, group)) return 'not compared';
  return room === 'short' ? '1.00 baseline' : '1.00 (baseline)';
}

/** How many batches it takes until the lanes have saved what starting them cost, where they were shown to save any. */
function payback(cell: MeasuredCell, group: ReportGroup): string {
  const baseline = group.cells.find(({ id }) => id === comparisonOf(cell, group)?.baseline);
  const batches = baseline?.status === 'ok' ? paybackOf(cell, baseline, group) : undefined;
  if (batches === undefined) return '';
  return batches === null ? 'never' : plural(Math.ceil(batches), 'batch', 'batches');
}

function batchText({ median, lo, hi }: MeasuredCell['summary']['wallMs']): string {
  return lo === null || hi === null ? threeDigits(median) : withInterval({ estimate: median, lo, hi }, threeDigits);
}
