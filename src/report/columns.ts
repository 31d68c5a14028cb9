import type { CellOfGroup } from '../model/cell-id.ts';
import type { Cell, Comparison, MeasuredCell, WorkerProfile } from '../model/results.ts';
import { paybackOf } from '../stats/trade-off.ts';
import type { Cell as Shown, Column, Table } from './document.ts';
import { shownVerdict, type Judged, type ShownVerdict } from '../stats/compare.ts';
import { familyOf } from '../model/strategies.ts';
import { isSameProgram } from '../stats/same-program.ts';
import { comparisonOf, isBaseline, type ReportGroup } from '../stats/groups.ts';
import { configurationName } from './names.ts';
import { inPercent, listed, orNotMeasured, percent, plural, ratio, threeDigits, withInterval } from './numbers.ts';
import { VERDICT_TONES } from './dress/tones.ts';

/** A column of the table of all numbers. A text with a number begins with it, since the page sorts by it. */
interface NumberColumn extends Column {
  readonly of: (cell: MeasuredCell, group: ReportGroup) => Shown;
  /** Whether the results have it; absent: all have. */
  readonly isKnown?: (group: ReportGroup) => boolean;
}

/** Dresses with room for all columns. */
const WIDE = ['markdown', 'page'] as const;
const ALL = ['terminal', ...WIDE] as const;

interface IdentityColumn extends Column {
  readonly of: (cell: CellOfGroup) => Shown;
  /** Shown even if all rows have the same value. */
  readonly isAlways?: boolean;
}

/** The columns that identify a configuration. */
const IDENTITY: readonly IdentityColumn[] = [
  {
    title: 'strategy',
    isAlways: true,
    of: (cell) => ({ text: strategyText(cell), long: configurationName(cell), family: familyOf(cell) }),
  },
  { title: 'workers', align: 'right', isAlways: true, of: ({ poolSize }) => ({ text: String(poolSize) }) },
  {
    title: 'concurrency',
    short: 'conc.',
    align: 'right',
    isAlways: true,
    of: ({ concurrency }) => ({ text: String(concurrency) }),
  },
  { title: 'machines', align: 'right', of: ({ machines = 0 }) => ({ text: String(machines + 1) }) },
  { title: 'version', of: ({ version = 'old' }) => ({ text: version }) },
  { title: 'runtime', of: ({ runtime = '' }) => ({ text: runtime }) },
  { title: 'libuv threads', short: 'libuv', align: 'right', of: ({ uvThreads = '' }) => ({ text: String(uvThreads) }) },
];

const SPEEDUP: NumberColumn = { title: 'speedup', of: (cell, group) => ({ text: speedupText(cell, group) }) };

const READINGS: readonly NumberColumn[] = [
  {
    title: 'batch, ms',
    short: 'batch\nms',
    align: 'right',
    of: ({ summary: { wallMs } }) => ({ text: batchText(wallMs), short: threeDigits(wallMs.median) }),
  },
  SPEEDUP,
  { title: 'verdict', spare: 4, of: verdict },
  {
    title: 'total-time speedup',
    on: WIDE,
    isKnown: ({ comparisons }) => comparisons.some(({ totalSpeedup }) => totalSpeedup !== undefined),
    of: (cell, group) => ({ text: totalText(cell, group) }),
  },
  {
    ...number('slow batches', ({ summary }) => summary.slowShare, percent),
    isKnown: ({ cells }) => cells.some((cell) => cell.status === 'ok' && cell.summary.slowShare !== undefined),
  },
  number('tasks/s', ({ summary }) => summary.tasksPerSecond),
  {
    ...number('tasks in flight', ({ summary }) => summary.tasksInFlight, ratio),
    short: 'in\nflight',
    spare: 3,
    on: ALL,
  },
  { ...number('CPUs used', ({ summary }) => summary.cpusUsed, ratio), short: 'CPUs\nused', on: ALL },
  number('CPU ms/task', ({ summary }) => summary.cpuMsPerTask),
  {
    title: 'task ms\np50/p99',
    align: 'right',
    on: ['terminal'],
    spare: 1,
    of: ({ summary: { taskMs } }) => ({ text: `${threeDigits(taskMs.p50)}/${threeDigits(taskMs.p99)}` }),
  },
  number('task p50, ms', ({ summary }) => summary.taskMs.p50),
  number('task p99, ms', ({ summary }) => summary.taskMs.p99),
  {
    ...number('between tasks, ms', ({ summary }) => summary.gapMs),
    isKnown: ({ cells }) => cells.some((cell) => cell.status === 'ok' && cell.summary.queue !== undefined),
  },
  number('queued p50, ms', ({ summary }) => summary.queuedMs?.p50),
  number('dispatch p50, ms', ({ summary }) => summary.dispatchMs.p50),
  number('running p50, ms', ({ summary }) => summary.runningMs?.p50),
  {
    ...number('event-loop delay p99, ms', ({ summary }) => summary.loopDelayMs.p99),
    short: 'delay\nms',
    spare: 2,
    on: ALL,
  },
  number('voluntary switches', ({ summary }) => summary.contextSwitches?.voluntary),
  number('involuntary switches', ({ summary }) => summary.contextSwitches?.involuntary),
  profiled('event-loop utilization', ({ loopUtilization }) => orNotMeasured(loopUtilization, ratio)),
  profiled('GC time', ({ gcShare }) => orNotMeasured(gcShare, percent)),
  number('memory, MiB', ({ summary }) => summary.memoryMiB),
  number('startup, ms', ({ summary }) => summary.startupMs),
  { title: 'breaks even after', align: 'right', on: WIDE, of: (cell, group) => ({ text: payback(cell, group) }) },
];

function number(
  title: string,
  value: (cell: MeasuredCell) => number | null | undefined,
  show = threeDigits,
): NumberColumn {
  return { title, align: 'right', on: WIDE, of: (cell) => ({ text: orNotMeasured(value(cell), show) }) };
}

/** A reading of each worker, the main thread's last: `0.98, 0.97; main 0.12`. */
function profiled(title: string, show: (worker: WorkerProfile) => string): NumberColumn {
  return {
    title,
    align: 'right',
    on: WIDE,
    isKnown: ({ cells }) => cells.some(({ profile }) => profile !== undefined),
    of: ({ profile }) => {
      const [main, ...others] = profile?.workers ?? [];
      if (main === undefined) return { text: 'not measured' };
      if (others.length === 0) return { text: show(main) };
      return { text: `${listed(others.map(show), WORKERS_SHOWN)}; main ${show(main)}` };
    },
  };
}

/** The table of where the time goes has more. */
const WORKERS_SHOWN = 4;

/** All numbers of one workload, one row per configuration; in a terminal, as many columns as fit. */
export function numbersTable(group: ReportGroup): Table {
  const { cells, title, choice, comparisons } = group;
  const readings = READINGS.filter(({ isKnown }) => isKnown?.(group) !== false);
  const identity = identityOf(cells);
  return {
    kind: 'table',
    label: title,
    isSortable: true,
    columns: [...identity, ...readings.map((column) => (column === SPEEDUP ? withLevel(column, comparisons) : column))],
    rows: cells.map((cell) => ({
      isChosen: cell === choice,
      cells: [
        ...identity.map(({ of }) => of(cell)),
        ...(cell.status === 'ok'
          ? readings.map(({ of }) => of(cell, group))
          : [{ text: 'failed', tone: 'bad' as const }]),
      ],
    })),
  };
}

/** The columns that identify each of these configurations. */
export function identityOf(cells: readonly CellOfGroup[]): readonly IdentityColumn[] {
  return IDENTITY.filter(
    ({ isAlways, of }) => isAlways === true || new Set(cells.map((cell) => of(cell).text)).size > 1,
  );
}

/** Adds the confidence level to the title if all intervals have the same. */
export function withLevel(column: Column, comparisons: readonly Pick<Comparison, 'speedup'>[]): Column {
  const [level, ...others] = new Set(comparisons.map(({ speedup }) => speedup.level));
  if (level === undefined || others.length > 0) return column;
  const interval = `(${inPercent(level)}% CI)`;
  return { ...column, title: `${column.title} ${interval}`, short: `${column.title}\n${interval}` };
}

function strategyText({ strategy, twin }: CellOfGroup): string {
  return twin === undefined ? strategy : `${strategy} (${twin})`;
}

function verdict(cell: MeasuredCell, group: ReportGroup): Shown {
  const comparison = comparisonOf(cell, group);
  if (isSameProgram(cell, group)) return { text: 'same program', short: 'identical' };
  if (cell.dropped !== undefined)
    return cell.dropped.isSlower && group.workload.interrupted !== true
      ? { text: 'slower', tone: VERDICT_TONES.slower }
      : { text: 'far behind' };
  if (comparison === undefined) return { text: isBaseline(cell, group) ? 'baseline' : '' };
  // An estimate only, however far from 1.
  if (group.workload.interrupted === true) return { text: 'no verdict' };
  return verdictCell(shownVerdict(comparison, group.minEffect));
}

/** The verdict of a comparison of a load measurement; empty without one. */
export function judgedCell(comparison: Judged | undefined, minEffect: number): Shown {
  return comparison === undefined ? { text: '' } : verdictCell(shownVerdict(comparison, minEffect));
}

export function verdictCell(which: ShownVerdict): Shown & { readonly text: string } {
  const short = SHORT_VERDICTS[which];
  return { text: VERDICTS[which], tone: VERDICT_TONES[which], ...(short !== undefined && { short }) };
}

/** A verdict as the complement of a sentence: `2 look the same`. */
export function verdictSaid(which: ShownVerdict): string {
  return which === 'same' ? 'the same' : VERDICTS[which];
}

/** Verdicts as people read them. */
export const VERDICTS = {
  faster: 'faster',
  slower: 'slower',
  same: 'same',
  inconclusive: 'unclear',
  'slightly faster': 'slightly faster',
  'slightly slower': 'slightly slower',
} as const satisfies Record<ShownVerdict, string>;

/** For 80 columns; the speedup beside it shows in which direction. */
const SHORT_VERDICTS: Partial<Record<ShownVerdict, string>> = {
  'slightly faster': 'slightly',
  'slightly slower': 'slightly',
};

/** Text of the column `speedup`. */
export function speedupText(cell: Cell, group: ReportGroup): string {
  const speedup = comparisonOf(cell, group)?.speedup;
  // More starts of the same program would show noise, and so do these.
  if (cell.dropped?.isSameProgram === true) return 'not compared';
  if (cell.dropped?.speedup !== undefined) return droppedText(cell.dropped.speedup);
  if (speedup === undefined) return isBaseline(cell, group) ? '1.00×' : 'not compared';
  return ratioText(speedup);
}

/** `1.65× (1.57–1.94)` */
export function ratioText({ estimate, lo, hi }: Omit<Comparison['speedup'], 'level'>): string {
  return `${ratio(estimate)}× (${ratio(lo)}–${ratio(hi)})`;
}

/** Empty for a baseline, and in earlier results. */
function totalText(cell: Cell, group: ReportGroup): string {
  const total = comparisonOf(cell, group)?.totalSpeedup;
  return total === undefined ? '' : ratioText(total);
}

/** The range of its starts, which is no interval: `0.05–0.07×, dropped`. */
function droppedText({ lo, hi }: { readonly lo: number; readonly hi: number }): string {
  const [least, most] = [ratio(lo), ratio(hi)];
  return `${least === most ? least : `${least}–${most}`}× dropped`;
}

/** Number of batches after which a pool that is significantly faster has saved its startup time. */
function payback(cell: MeasuredCell, group: ReportGroup): string {
  const baseline = group.cells.find(({ id }) => id === comparisonOf(cell, group)?.baseline);
  const batches = baseline?.status === 'ok' ? paybackOf(cell, baseline, group) : undefined;
  if (batches === undefined) return '';
  return batches === null ? 'never' : plural(Math.ceil(batches), 'batch', 'batches');
}

function batchText({ median, lo, hi }: MeasuredCell['summary']['wallMs']): string {
  return lo === null || hi === null ? threeDigits(median) : withInterval({ estimate: median, lo, hi }, threeDigits);
}
