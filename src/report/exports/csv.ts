import { stringify } from 'csv-stringify/sync';
import type { Cell, Results, Sample } from '../../model.ts';
import { groupResults } from '../groups.ts';

type Value = string | number | null | undefined;
type Row = Readonly<Record<string, Value>>;

/**
 * One row for each sample, in the order in which the cells' samples were measured. RFC 4180, with a header; units are in
 * the names of the columns, and what was not measured is an empty field.
 */
export function renderSamplesCsv({ cells }: Results): string {
  return toCsv(cells.flatMap((cell) => cell.samples.map((sample) => ({ ...identity(cell), ...readings(sample) }))));
}

/** One row for each cell: what it is, its medians, how it compares with its baseline. */
export function renderCellsCsv(results: Results): string {
  const rows = groupResults(results).flatMap(({ workload, cells, comparisons, recommendation }) =>
    cells.map((cell): Row => {
      const comparison = comparisons.find(({ contender }) => contender === cell.id);
      return {
        ...identity(cell),
        bound: workload.bound,
        tasks: workload.tasks,
        status: cell.status,
        ...medians(cell),
        baseline: comparison?.baseline,
        speedup: comparison?.speedup.estimate,
        speedup_lo: comparison?.speedup.lo,
        speedup_hi: comparison?.speedup.hi,
        speedup_level: comparison?.speedup.level,
        verdict: comparison?.verdict,
        is_choice: String(cell.id === recommendation?.choose),
        is_tied: String(recommendation?.tied.includes(cell.id) ?? false),
        error: cell.status === 'failed' ? `${cell.error.name}: ${cell.error.message}` : undefined,
      };
    }),
  );
  return toCsv(rows);
}

function toCsv(rows: readonly Row[]): string {
  return stringify([...rows], {
    header: true,
    columns: Object.keys(rows[0] ?? { cell: '' }),
    record_delimiter: 'windows',
    // A spreadsheet would run a name that begins with = + - or @.
    escape_formulas: true,
  });
}

function identity({ id, workload, params, strategy, poolSize, inFlight, version }: Cell): Row {
  return {
    cell: id,
    workload,
    params: JSON.stringify(params),
    strategy,
    pool_size: poolSize,
    in_flight: inFlight,
    version,
  };
}

function readings(sample: Sample): Row {
  const { loopDelayMs, taskMs, dispatchMs, contextSwitches } = sample;
  return {
    block: sample.block,
    round: sample.round,
    position: sample.position,
    wall_ms: sample.wallMs,
    cpu_ms: sample.cpuMs,
    system_ms: sample.systemMs,
    in_progress: sample.inProgress,
    cores_used: sample.coresUsed,
    ...latencies({ loopDelayMs, taskMs, dispatchMs }),
    voluntary_switches: contextSwitches?.voluntary,
    involuntary_switches: contextSwitches?.involuntary,
    digest_share: sample.digestShare,
    disordered_stamps: sample.disorderedStamps ?? 0,
  };
}

function medians(cell: Cell): Row {
  const summary = cell.status === 'ok' ? cell.summary : undefined;
  return {
    samples: cell.samples.length,
    wall_ms: summary?.wallMs.median,
    wall_lo_ms: summary?.wallMs.lo,
    wall_hi_ms: summary?.wallMs.hi,
    tasks_per_second: summary?.tasksPerSecond,
    cpu_ms_per_task: summary?.cpuMsPerTask,
    in_progress: summary?.inProgress,
    cores_used: summary?.coresUsed,
    ...latencies(summary),
    voluntary_switches: summary?.contextSwitches?.voluntary,
    involuntary_switches: summary?.contextSwitches?.involuntary,
    memory_mib: summary?.memoryMiB,
    startup_ms: summary?.startupMs,
  };
}

function latencies(of: Pick<Sample, 'loopDelayMs' | 'taskMs' | 'dispatchMs'> | undefined): Row {
  return {
    loop_delay_p50_ms: of?.loopDelayMs.p50,
    loop_delay_p99_ms: of?.loopDelayMs.p99,
    loop_delay_max_ms: of?.loopDelayMs.max,
    task_p5_ms: of?.taskMs.p5,
    task_p25_ms: of?.taskMs.p25,
    task_p50_ms: of?.taskMs.p50,
    task_p75_ms: of?.taskMs.p75,
    task_p90_ms: of?.taskMs.p90,
    task_p95_ms: of?.taskMs.p95,
    task_p99_ms: of?.taskMs.p99,
    task_max_ms: of?.taskMs.max,
    dispatch_p50_ms: of?.dispatchMs.p50,
    dispatch_p99_ms: of?.dispatchMs.p99,
  };
}
