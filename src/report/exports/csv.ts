import type { Cell, Results, Sample, Summary } from '../../model/results.ts';
import { visible } from '../../model/text.ts';
import { comparisonOf, groupResults, type ReportGroup } from '../../stats/groups.ts';

type Value = string | number | null | undefined;
type Column<Item> = readonly [name: string, read: (item: Item) => Value];

/**
 * One row per sample, for each cell in the order of measuring. RFC 4180, with a header; column names have the units,
 * and an empty field is a value that was not measured.
 */
export function renderSamplesCsv({ cells }: Results): string {
  const rows = cells.flatMap((cell) => {
    const own = IDENTITY.map(([, read]) => fieldOf(read(cell)));
    return cell.samples.map((sample) => [...own, ...READINGS.map(([, read]) => fieldOf(read(sample)))].join(','));
  });
  return toCsv([...IDENTITY, ...READINGS], rows);
}

/** One row per cell: its configuration, its medians, its comparison with the baseline. */
export function renderCellsCsv(results: Results): string {
  const rows = groupResults(results).flatMap((group) =>
    group.cells.map((cell) =>
      [
        ...IDENTITY.map(([, read]) => fieldOf(read(cell))),
        ...CONCLUSIONS.map(([, read]) => fieldOf(read({ cell, group }))),
        ...MEDIANS.map(([, read]) => (cell.status === 'ok' ? fieldOf(read(cell.summary)) : '')),
      ].join(','),
    ),
  );
  return toCsv([...IDENTITY, ...CONCLUSIONS, ...MEDIANS], rows);
}

function toCsv(columns: readonly (readonly [name: string, read: unknown])[], rows: readonly string[]): string {
  return [columns.map(([name]) => name).join(','), ...rows, ''].join('\r\n');
}

/** A spreadsheet runs texts that begin with one of these (OWASP, "CSV Injection"), unless after an apostrophe. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Puts every text in quotation marks, since spreadsheets differ in their field separators. */
function fieldOf(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value).replaceAll('"', '""');
  return `"${FORMULA.test(text) ? "'" : ''}${text}"`;
}

const IDENTITY: readonly Column<Cell>[] = [
  ['cell', ({ id }) => id],
  ['workload', ({ workload }) => workload],
  ['params', ({ params }) => JSON.stringify(params)],
  ['strategy', ({ strategy }) => strategy],
  ['pool_size', ({ poolSize }) => poolSize],
  ['concurrency', ({ concurrency }) => concurrency],
  ['version', ({ version }) => version],
  ['uv_threads', ({ uvThreads }) => uvThreads],
  ['runtime', ({ runtime }) => runtime],
  ['phase', ({ phase }) => phase],
];

type Latencies = Pick<Sample, 'loopDelayMs' | 'taskMs' | 'queuedMs' | 'dispatchMs' | 'runningMs' | 'returnMs'>;

const LATENCIES: readonly Column<Latencies>[] = [
  ...quantiles('loop_delay', ({ loopDelayMs }) => loopDelayMs, ['p50', 'p99', 'max']),
  ...quantiles('task', ({ taskMs }) => taskMs, ['p5', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'max']),
  ...quantiles('queued', ({ queuedMs }) => queuedMs, ['p50', 'p99']),
  ...quantiles('dispatch', ({ dispatchMs }) => dispatchMs, ['p50', 'p99']),
  ...quantiles('running', ({ runningMs }) => runningMs, ['p50', 'p99']),
  ...quantiles('return', ({ returnMs }) => returnMs, ['p50', 'p99']),
];

/** One column per quantile of a latency: `task_p99_ms`. */
function quantiles<Name extends string>(
  latency: string,
  read: (item: Latencies) => { readonly [Quantile in Name]?: number | undefined } | undefined,
  names: readonly Name[],
): readonly Column<Latencies>[] {
  return names.map((name) => [`${latency}_${name}_ms`, (item) => read(item)?.[name]]);
}

const SWITCHES: readonly Column<Pick<Sample, 'contextSwitches'>>[] = [
  ['voluntary_switches', ({ contextSwitches }) => contextSwitches?.voluntary],
  ['involuntary_switches', ({ contextSwitches }) => contextSwitches?.involuntary],
];

const READINGS: readonly Column<Sample>[] = [
  ['block', ({ block }) => block],
  ['round', ({ round }) => round],
  ['position', ({ position }) => position],
  ['wall_ms', ({ wallMs }) => wallMs],
  ['cpu_ms', ({ cpuMs }) => cpuMs],
  ['system_ms', ({ systemMs }) => systemMs],
  ['tasks_in_flight', ({ tasksInFlight }) => tasksInFlight],
  ['cpus_used', ({ cpusUsed }) => cpusUsed],
  ...LATENCIES,
  ...SWITCHES,
  ['digest_share', ({ digestShare }) => digestShare],
  ['disordered_stamps', ({ disorderedStamps = 0 }) => disorderedStamps],
];

interface Concluded {
  readonly cell: Cell;
  readonly group: ReportGroup;
}

const CONCLUSIONS: readonly Column<Concluded>[] = [
  ['bound', ({ group }) => group.workload.bound],
  ['tasks', ({ group }) => group.workload.tasks],
  ['status', ({ cell }) => cell.status],
  ['error', ({ cell }) => (cell.status === 'failed' ? `${cell.error.name}: ${cell.error.message}` : undefined)],
  ['is_choice', ({ cell, group }) => String(cell.id === group.recommendation?.choose)],
  ['is_tied', ({ cell, group }) => String(group.tied.includes(cell) || cell.id === group.recommendation?.choose)],
  ['baseline', ({ cell, group }) => comparisonOf(cell, group)?.baseline],
  ['speedup', ({ cell, group }) => comparisonOf(cell, group)?.speedup.estimate],
  ['speedup_lo', ({ cell, group }) => comparisonOf(cell, group)?.speedup.lo],
  ['speedup_hi', ({ cell, group }) => comparisonOf(cell, group)?.speedup.hi],
  ['speedup_level', ({ cell, group }) => comparisonOf(cell, group)?.speedup.level],
  ['verdict', ({ cell, group }) => comparisonOf(cell, group)?.verdict],
  ['samples', ({ cell }) => cell.samples.length],
];

const MEDIANS: readonly Column<Summary>[] = [
  ['wall_ms', ({ wallMs }) => wallMs.median],
  ['wall_lo_ms', ({ wallMs }) => wallMs.lo],
  ['wall_hi_ms', ({ wallMs }) => wallMs.hi],
  ['tasks_per_second', ({ tasksPerSecond }) => tasksPerSecond],
  ['cpu_ms_per_task', ({ cpuMsPerTask }) => cpuMsPerTask],
  ['tasks_in_flight', ({ tasksInFlight }) => tasksInFlight],
  ['cpus_used', ({ cpusUsed }) => cpusUsed],
  ...LATENCIES,
  ...SWITCHES,
  ['memory_mib', ({ memoryMiB }) => memoryMiB],
  ['startup_ms', ({ startupMs }) => startupMs],
];
