import { isWithholding, type Results, type Warning } from '../model/results.ts';
import { isAbout, titlesOf } from '../stats/groups.ts';
import { isAboutFree } from '../stats/taken-cpus.ts';
import { configurationName, machineText, withPreposition } from './names.ts';
import { duration, listed, mebibytes, ms, percent, plural, ratio } from './numbers.ts';

const STEPS = {
  timeline: 'recording the timeline',
  profile: 'recording the CPU profiles',
  teardown: 'teardown',
  closing: 'closing the workers',
} as const;

/**
 * The texts of warnings of a run, which name configurations in words, and workloads with what was scanned. Short
 * batches of several workloads are one text.
 */
export function warningTexts(
  warnings: readonly Warning[],
  { cells, workloads }: Pick<Results, 'cells' | 'workloads'>,
): readonly string[] {
  const titles = titlesOf(workloads);
  const titleOf = (about: Parameters<typeof isAbout>[0]): string =>
    titles[workloads.findIndex((workload) => isAbout(about, workload))] ?? about.workload;
  const cellOf = (id: string): Results['cells'][number] | undefined => cells.find((cell) => cell.id === id);
  const nameOf = (id: string): string => {
    const cell = cellOf(id);
    return cell === undefined ? id : `${titleOf(cell)} ${withPreposition(cell)}`;
  };
  const named = warnings.map((warning): Warning => ({
    ...warning,
    ...('workload' in warning && { workload: titleOf(warning) }),
    ...('cell' in warning && { cell: nameOf(warning.cell) }),
    ...('cells' in warning && {
      cells: warning.cells.map((id) => {
        const cell = cellOf(id);
        if (cell !== undefined) return configurationName(cell);
        return id.endsWith(UPPER_BOUND) ? 'the independent processes of the upper bound' : id;
      }),
    }),
  }));
  const short = named.filter((warning) => warning.kind === 'short-batch');
  const shortOnes = new Set(
    warnings.flatMap((warning) => (warning.kind === 'short-batch' ? [cellOf(warning.cell)?.workload] : [])),
  );
  const isSlow = cells.some((cell) => takesLong(cell) && shortOnes.has(cell.workload));
  return named.flatMap((warning) => {
    if (warning.kind !== 'short-batch') return [warningText(warning)];
    return warning === short[0] ? [shortBatchesText(short, isSlow)] : [];
  });
}

/** Twice the tasks would take longer than a second, the most that calibration allows a batch. */
const LONG_BATCH_MS = 500;

function takesLong(cell: Results['cells'][number]): boolean {
  return cell.status === 'ok' && cell.summary.wallMs.median > LONG_BATCH_MS;
}

/** End of the id of what is no configuration. */
const UPPER_BOUND = '/upper-bound';

const SHORT_NAMED = 6;

/** One sentence for all workloads with short batches. @param isSlow whether a configuration takes long for so few tasks */
function shortBatchesText(short: readonly Extract<Warning, { kind: 'short-batch' }>[], isSlow: boolean): string {
  const [first] = short;
  const batches = short.map(({ cell, wallMs }) => `${cell} (${ms(wallMs)})`);
  const what =
    short.length === 1 && first !== undefined
      ? `${first.cell}: a batch takes only ${ms(first.wallMs)}, so noise and overhead weigh heavily.`
      : `Batches are so short that noise and overhead weigh heavily: ${listed(batches, SHORT_NAMED)}.`;
  return `${what} Raise --tasks or the work of a task${isSlow ? ', and leave out what then takes too long (-s)' : ''}.`;
}

/** The text of a warning: the fact, and what it means for the numbers. */
export function warningText(warning: Warning): string {
  switch (warning.kind) {
    case 'more-lanes-than-cores':
      return `${warning.workload}: up to ${plural(warning.lanes, 'worker')} on ${plural(warning.cores, 'CPU')}. CPU-bound work gains nothing from more workers than CPUs.`;
    case 'quota-below-cores':
      return `CPU limit (cgroup): ${ratio(warning.quota)} of ${warning.cpus} CPUs. Pools with more than ${plural(Math.max(1, Math.floor(warning.quota)), 'worker')} will be throttled, and their times will jump.`;
    case 'smt-siblings':
      return `${warning.workload}: up to ${plural(warning.lanes, 'worker')} on ${plural(warning.physicalCores, 'physical core')}. Two workers that share a core are not twice as fast.`;
    case 'slow-governor':
      return `CPU governor: "${warning.governor}". The clock speed changes with the load, and every time with it; "performance" keeps it constant.`;
    case 'busy-machine':
      return `Load average before the run: ${ratio(warning.load)} on ${plural(warning.cores, 'CPU')}. Other programs compete for the CPUs.`;
    case 'more-lanes-than-tasks':
      return `${warning.workload}: up to ${plural(warning.lanes, 'worker')} for ${plural(warning.tasks, 'task')} per batch, so some workers are idle. Raise --tasks.`;
    case 'lanes-not-warmed':
      return `${warning.cell}: only ${warning.warmed} of ${warning.lanes} workers ran a task before the first measured batch, which may be slow. Raise --tasks.`;
    case 'disordered-stamps':
      return `${warning.cell}: timestamps are out of order in ${plural(warning.samples, 'batch', 'batches')}. Its latencies cannot be trusted.`;
    case 'ran-again':
      return `${warning.cell}: the queue ran ${plural(warning.tasks, 'task')} twice, and both runs were timed. Its times are too long.`;
    case 'replies-fetched':
      return `${warning.cell}: the queue did not report that ${plural(warning.replies, 'task')} of ${plural(warning.samples, 'batch', 'batches')} were done. Their replies were fetched, and these batches took longer for it.`;
    case 'longer-than-lock':
      return `${warning.cell}: a task took ${duration(warning.taskMs)}. BullMQ runs a task again if its worker blocks the event loop for as long as its lock, by default ${duration(warning.lockMs)}. In your program, set lockDuration to more than twice the longest task.`;
    case 'failed-afterwards':
      return `${warning.cell}: ${STEPS[warning.step]} failed after a measured block (${warning.message}). The numbers stand${warning.step === 'closing' ? ' if each task waits for its work' : ''}.`;
    case 'memoised':
      return `${warning.cell}: the same input took ${ms(warning.firstMs)} the first time and ${ms(warning.laterMs)} from then on. Results are probably cached, so lookups were timed: no verdict. Measure the function behind the cache, or clear the cache in each task.`;
    case 'unawaited':
      return `${warning.cell}: ${unawaitedText(warning)}. The task probably does not wait for its work, so only its start was timed: no verdict. Return or await its promise${warning.isEmpty && warning.pending > 0 ? '; if there is none, clear the timers that the task has set' : ''}.`;
    case 'drifting-batches':
      return driftingText(warning);
    case 'drifting-windows':
      return driftingWindowsText(warning);
    case 'dominant-task':
      return `${warning.workload}: one task takes ${percent(warning.share)} of the running time of a batch, so the speedup over sequential cannot exceed ${ratio(warning.bound)}×. Split that task, or raise --tasks.`;
    case 'limit-not-used':
      return `--concurrency ${warning.limit} applies to pools, and none was measured. For a limited event loop: --strategy event-loop@1x${warning.limit}.`;
    case 'server-not-used':
      return `${warning.option} applies to the strategy bullmq, which was not measured. Add it, as in -s event-loop,bullmq, or leave the option out.`;
    case 'queues-left':
      return `Queues of this run may remain on your server: it did not remove them. With its address in LANEWISE_QUEUE_URL: ${removalOf(warning)}`;
    case 'no-input':
      return `${warning.workload}: its task has a parameter, and no input was given, so each task got undefined and may have had nothing to do. Give one with --input or --inputs, or with \`input\` in the module.`;
    case 'shared-memory':
      return `${warning.workload}: the inputs contain a SharedArrayBuffer. The tasks of a batch share it, every batch gets a fresh copy, and child processes cannot receive it.`;
    case 'costly-digest':
      return `${warning.workload}: verifying the outputs took ${percent(warning.share)} of a batch, and workers share that work while one event loop does not: no verdict. Use --verify sample, or give the workload a \`digest\` that picks what must be equal.`;
    case 'left-behind':
      return `${warning.workload}: ${plural(warning.processes, 'process', 'processes')} started by it outlived the measurement and had to be killed; while running, ${warning.processes === 1 ? 'it' : 'they'} may have taken CPUs from it.`;
    case 'strategy-left-out':
      return `The strategy ${warning.strategy} was left out: it needs the package ${warning.missing}, which is not installed (npm install ${warning.missing}).`;
    case 'withheld-flags':
      return `${warning.flags.join(', ')} of this environment ${warning.flags.length === 1 ? 'was' : 'were'} removed for what is measured: a debugger or watcher would be measured too, and all processes would need the same port.`;
    case 'measured-tools':
      return `${warning.tools.join(', ')} of this environment ${warning.tools.length === 1 ? 'was' : 'were'} measured with the work. Unset ${warning.tools.length === 1 ? 'it' : 'them'} to measure the work alone.`;
    case 'no-older-version':
      return `${warning.workload} was not measured: ${warning.because === 'not-there' ? `there is no such file at ${warning.ref}` : 'it is not a file of the repository'}, so it cannot be compared.`;
    case 'same-version':
      return `${warning.workload}: both versions are the same file, so only what it imports can make a difference; without that, they are equal however long they are measured.`;
    case 'little-memory':
      return `${warning.workload}: ${plural(warning.processes, 'process', 'processes')} at once may need ${mebibytes(warning.neededBytes)} of memory with a module of ordinary size, and ${mebibytes(warning.availableBytes)} are free${warning.limitBytes === null ? '' : ` (cgroup limit ${mebibytes(warning.limitBytes)})`}. If it runs out, the kernel kills some of them: ask for fewer with -s, -p or -c.`;
    case 'shared-machine':
      return 'Another Lanewise was measuring at the same time, so they disturbed each other.';
    case 'race-assumption':
      return `${warning.workload}: ${percent(warning.share)} of ${warning.batches} first batches took 1.5× their usual time or more, or two thirds of it or less, where dropping after a few starts assumes at most 10%. A dropped configuration may be as fast: name fewer with -s, and all are measured in full.`;
    case 'taken-cpus':
      return `${warning.workload}: ${takenText(warning)} Times and speedups depend on what other programs did: no verdict. Measure again when they are done.`;
    case 'taken-search':
      return `${warning.workload}: while rates were searched for, ${freeText(warning)}. The rates that were measured may lie beside those held: where an end is missing, measure again.`;
    case 'noisy-blocks':
      return `${warning.workload}: ${disturbance(warning)} Intervals are wider than on a quiet machine.${warning.refused === undefined ? '' : ' Fewer windows are refused with a longer --objective.'}`;
    case 'short-batch':
      return shortBatchesText([warning], false);
    case 'bound-not-seen':
      return `${warning.workload} declares \`bound: '${warning.bound}'\` but used ${ratio(warning.cpusUsed)} CPUs on the event loop; it looks ${warning.bound === 'io' ? 'CPU' : 'I/O'}-bound.`;
    case 'unequal-work':
      return `${warning.workload}: ${[...new Set(warning.cells)].join(' and ')} returned different outputs for task ${warning.task + 1}, so they are not compared. If that is intended: --verify off.`;
    default:
      return warning satisfies never;
  }
}

/** `2 of 10 blocks disturbed by other programs; 1 measured again, 1 of the disturbed ones left.` */
function disturbance({ blocks, hit, repeated, left, refused }: Extract<Warning, { kind: 'noisy-blocks' }>): string {
  // In earlier results, an interrupted run did not count those that were left.
  const disturbed = Math.max(hit, left);
  const rest = left === 0 ? 'none' : `${left}`;
  // A driver can be late without other programs, if what is measured takes all CPUs.
  const by = refused === undefined ? 'by other programs' : 'by other programs, or by requests not sent as planned';
  return `${disturbed} of ${plural(blocks, 'block')} disturbed ${by}; ${repeated} measured again, ${rest} of the disturbed ones left.`;
}

/** The command that removes queues, without any others on the same server. */
function removalOf({ server, prefix }: Extract<Warning, { kind: 'queues-left' }>): string {
  const url = '"$LANEWISE_QUEUE_URL"';
  return server === 'redis'
    ? `redis-cli -u ${url} --scan --pattern '${prefix}*' | xargs -r redis-cli -u ${url} unlink`
    : `psql ${url} -Atc "select format('drop schema %I cascade;', nspname) from pg_namespace where starts_with(nspname, '${prefix}')" | psql ${url}`;
}

function takenText(warning: Extract<Warning, { kind: 'taken-cpus' }>): string {
  const { freeCpus, loopCpus } = warning;
  const loop = loopCpus === null ? '' : `the event loop was always ready to run and got ${ratio(loopCpus)} of a CPU`;
  if (freeCpus === null || !isAboutFree(warning)) return `${loop}.`;
  const free = freeText({ ...warning, freeCpus });
  return loop === '' ? `${free}.` : `${free}; ${loop}.`;
}

function freeText({
  machine,
  freeCpus,
  cores,
  neededCpus,
}: Readonly<Record<'freeCpus' | 'cores' | 'neededCpus', number>> & { readonly machine?: string | undefined }): string {
  return `${machineText(machine)} had ${ratio(freeCpus)} of ${plural(cores, 'CPU')} free, and the work may use ${ratio(neededCpus)}`;
}

const ABOVE: ReadonlySet<Warning['kind']> = new Set([
  'drifting-batches',
  'drifting-windows',
  'dominant-task',
  'no-input',
  'unequal-work',
  'same-version',
]);

/** Whether the verdict would be misread without it: shown above the verdict. */
export function isAboveVerdict(warning: Warning): boolean {
  return isWithholding(warning) || ABOVE.has(warning.kind);
}

function unawaitedText({ afterMs, pending, isEmpty }: Extract<Warning, { kind: 'unawaited' }>): string {
  const busy = `workers kept running for ${ms(afterMs)} after the last result of a batch`;
  const rest = `${plural(pending, 'timer or request', 'timers and requests')} ${pending === 1 ? 'was' : 'were'} pending when the last result of a batch arrived`;
  return `${isEmpty && pending > 0 ? rest : busy}${isEmpty ? ', and every output is undefined or empty' : ''}`;
}

function driftingText({ cell, ratio: { estimate, lo, hi } }: Extract<Warning, { kind: 'drifting-batches' }>): string {
  const change = `from the first to the last round of a block (95% CI, shared among the configurations, ${ratio(lo)}–${ratio(hi)})`;
  return estimate > 1
    ? `${cell}: batches get slower, ${ratio(estimate)}× as long ${change}. Times, and the speedup, depend on how many batches came before: its state may grow, or the machine slows down under it. Clear what tasks keep, or compare with a run with --rounds 1.`
    : `${cell}: batches get faster, ${ratio(estimate)}× as long ${change}. Times depend on how many batches came before: warm-up may not be over. Measure more: --preset rigorous, or a larger --tasks.`;
}

function driftingWindowsText({
  cell,
  ratio: { estimate, lo, hi },
}: Extract<Warning, { kind: 'drifting-windows' }>): string {
  const change = `${ratio(estimate)}× in the last window of a block, compared with the first (95% CI, shared among the configurations, ${ratio(lo)}–${ratio(hi)})`;
  return estimate > 1
    ? `${cell}: a task takes more CPU time the later it comes, ${change}. Rates depend on how many tasks came before: its state may grow, or the machine slows down under it. Clear what tasks keep.`
    : `${cell}: a task takes less CPU time the later it comes, ${change}. Warm-up may not be over, so more may be held than was measured. Measure more: --preset rigorous.`;
}
