import type { Cell, MeasuredCell } from '../model/results.ts';
import { comparisonOf, isBaseline, type ReportGroup } from '../stats/groups.ts';
import { paybackOf } from '../stats/payback.ts';
import { orNotMeasured, plural, ratio, threeDigits } from './numbers.ts';

/** One column of the table of all numbers. */
export interface Column {
  /** With the unit. */
  readonly title: string;
  /** Begins with the number, if it has one: that is what a column is sorted by. */
  readonly text: (cell: MeasuredCell, group: ReportGroup) => string;
}

export const COLUMNS: readonly Column[] = [
  {
    title: 'batch, ms',
    text: ({ summary: { wallMs } }) => interval(wallMs.median, wallMs.lo, wallMs.hi),
  },
  { title: 'times as fast', text: speedupText },
  { title: 'verdict', text: (cell, group) => comparisonOf(cell, group)?.verdict ?? '' },
  number('tasks/s', ({ summary }) => summary.tasksPerSecond),
  number('in progress', ({ summary }) => summary.inProgress, ratio),
  number('cores used', ({ summary }) => summary.coresUsed, ratio),
  number('CPU ms/task', ({ summary }) => summary.cpuMsPerTask),
  number('task p50, ms', ({ summary }) => summary.taskMs.p50),
  number('task p99, ms', ({ summary }) => summary.taskMs.p99),
  number('queued p50, ms', ({ summary }) => summary.queuedMs?.p50 ?? null),
  number('dispatch p50, ms', ({ summary }) => summary.dispatchMs.p50),
  number('running p50, ms', ({ summary }) => summary.runningMs?.p50 ?? null),
  number('loop delay p99, ms', ({ summary }) => summary.loopDelayMs.p99),
  number('voluntary switches', ({ summary }) => summary.contextSwitches?.voluntary ?? null),
  number('involuntary switches', ({ summary }) => summary.contextSwitches?.involuntary ?? null),
  number('memory, MiB', ({ summary }) => summary.memoryMiB),
  number('start-up, ms', ({ summary }) => summary.startupMs),
  { title: 'paid back after', text: payback },
];

function number(
  title: string,
  value: (cell: MeasuredCell) => number | null,
  show: (value: number) => string = threeDigits,
): Column {
  return {
    title,
    text: (cell) => {
      const read = value(cell);
      return read === null ? orNotMeasured(null) : show(read);
    },
  };
}

export function speedupText(cell: Cell, group: ReportGroup): string {
  const comparison = comparisonOf(cell, group);
  if (comparison === undefined) return isBaseline(cell, group) ? '1.00 (baseline)' : 'not compared';
  const { estimate, lo, hi } = comparison.speedup;
  return `${ratio(estimate)} (${ratio(lo)} to ${ratio(hi)})`;
}

/** The same where there is little room: `1.65 (1.57–1.94)`. */
export function shortSpeedup(cell: Cell, group: ReportGroup): string {
  const speedup = comparisonOf(cell, group)?.speedup;
  if (speedup === undefined) return isBaseline(cell, group) ? '1.00 baseline' : 'not compared';
  return `${ratio(speedup.estimate)} (${ratio(speedup.lo)}–${ratio(speedup.hi)})`;
}

/** How many batches it takes until the lanes have saved what starting them cost, where they were shown to save any. */
function payback(cell: MeasuredCell, group: ReportGroup): string {
  const baseline = group.cells.find(({ id }) => id === comparisonOf(cell, group)?.baseline);
  const batches = baseline?.status === 'ok' ? paybackOf(cell, baseline, group) : undefined;
  if (batches === undefined) return '';
  return batches === null ? 'never' : plural(Math.ceil(batches), 'batch', 'batches');
}

function interval(median: number, lo: number | null, hi: number | null): string {
  return lo === null || hi === null
    ? threeDigits(median)
    : `${threeDigits(median)} (${threeDigits(lo)} to ${threeDigits(hi)})`;
}
