import { isWithholding, type Warning } from '../model/results.ts';
import { mebibytes, ms, percent, plural, ratio } from './numbers.ts';

const STEPS = { timeline: 'recording its timeline', teardown: 'its teardown', closing: 'closing its lanes' } as const;

/** What a warning means for whoever reads the numbers. */
export function warningText(warning: Warning): string {
  switch (warning.kind) {
    case 'more-lanes-than-cores':
      return `${warning.workload}: up to ${plural(warning.lanes, 'lane')} on ${plural(warning.cores, 'usable core')}; CPU work gains nothing from lanes beyond the cores.`;
    case 'quota-below-cores':
      return `The control group grants ${ratio(warning.quota)} CPUs of ${warning.cpus}; work that asks for more is stopped in every period, and its times jump.`;
    case 'smt-siblings':
      return `${warning.workload}: up to ${plural(warning.lanes, 'lane')} on ${plural(warning.physicalCores, 'physical core')}; two lanes that share a core are not twice as fast.`;
    case 'slow-governor':
      return `The CPU's governor is "${warning.governor}": its speed changes with the load, and with it every time; "performance" keeps it.`;
    case 'busy-machine':
      return `The load was ${ratio(warning.load)} on ${plural(warning.cores, 'usable core')} before anything was measured: other programs take part of what is measured here.`;
    case 'more-lanes-than-tasks':
      return `${warning.workload}: up to ${plural(warning.lanes, 'lane')} for ${plural(warning.tasks, 'task')} a batch, so some lanes have nothing to do; raise --tasks.`;
    case 'lanes-not-warmed':
      return `${warning.cell}: only ${warning.warmed} of ${warning.lanes} lanes ran a task before the first measured batch, so that it may be slow; raise --tasks.`;
    case 'disordered-stamps':
      return `${warning.cell}: in ${plural(warning.samples, 'sample')} the time stamps are not in order; its latencies cannot be trusted.`;
    case 'failed-afterwards':
      return `${warning.cell}: after a block had been measured, ${STEPS[warning.step]} failed (${warning.message}); the numbers stand.`;
    case 'memoised':
      return `${warning.cell}: the same input took ${ms(warning.firstMs)} the first time and ${ms(warning.laterMs)} from then on. Results are probably kept from batch to batch, so what was timed is looking them up: no verdict. Measure the function behind the cache, or clear the cache in each task.`;
    case 'unawaited':
      return `${warning.cell}: ${unawaitedText(warning)}. The task probably does not wait for its work, so what was timed is starting it: no verdict. Return or await its promise.`;
    case 'drifting-batches':
      return driftingText(warning);
    case 'dominant-task':
      return `${warning.workload}: one task takes ${percent(warning.share)} of the running time of a batch, so no number of workers can be more than ${ratio(warning.bound)}× as fast as running them one after the other. Split that task, or raise --tasks.`;
    case 'limit-not-used':
      return `--in-flight ${warning.limit} is for the workers of a pool, and there is none here: all tasks of a batch ran as the strategy runs them. A limited event loop is --strategy event-loop@1x${warning.limit}.`;
    case 'shared-memory':
      return `${warning.workload}: its inputs hold shared memory (a SharedArrayBuffer). The tasks of a batch share it; every batch gets a fresh copy, and child processes cannot have it.`;
    case 'costly-digest':
      return `${warning.workload}: comparing the outputs took ${percent(warning.share)} of the time of a batch, work that several workers share and one event loop does not: no verdict. Use --verify sample, or give the workload a \`digest\` that picks what must be equal.`;
    case 'left-behind':
      return `${warning.workload}: ${plural(warning.processes, 'process', 'processes')} that it had started outlived their hosts and were killed; while they ran, they took part of what is measured here.`;
    case 'strategy-left-out':
      return `The strategy ${warning.strategy} was left out: it needs the package ${warning.missing}, which is not installed (npm install ${warning.missing}).`;
    case 'withheld-flags':
      return `Hosts ran without ${warning.flags.join(', ')} of this environment: a debugger or a watcher would be measured too, and every process would want the same port.`;
    case 'measured-tools':
      return `${warning.tools.join(', ')} of this environment ${warning.tools.length === 1 ? 'was' : 'were'} in every host and measured with the work: unset ${warning.tools.length === 1 ? 'it' : 'them'} to measure the work alone.`;
    case 'no-older-version':
      return `${warning.workload} was not measured: ${warning.because === 'not-there' ? `there is no such file at ${warning.ref}` : 'it is not a file of the repository'}, so there is nothing to compare it with.`;
    case 'little-memory':
      return `${warning.workload}: ${plural(warning.processes, 'process', 'processes')} at once may need ${mebibytes(warning.neededBytes)} of memory with a module of ordinary size, and ${mebibytes(warning.availableBytes)} are free${warning.limitBytes === null ? '' : ` (cgroup limit ${mebibytes(warning.limitBytes)})`}. If it runs out, the kernel kills some of them: ask for fewer with -s, -p or -c.`;
    case 'shared-machine':
      return 'Another Lanewise was measuring at the same time (--no-lock): the two have disturbed each other, and neither can say by how much.';
    case 'noisy-blocks':
      return `${warning.workload}: ${disturbance(warning)} Intervals are wider than on a quiet machine.`;
    case 'short-batch':
      return `${warning.cell}: a batch takes only ${ms(warning.wallMs)}, so that noise and the measuring itself weigh heavily; raise --tasks or the work of a task.`;
    case 'bound-not-seen':
      return `${warning.workload} says that it is bound by ${warning.bound === 'io' ? 'I/O' : 'CPU'}, but used ${ratio(warning.coresUsed)} cores on the event loop.`;
    case 'unequal-work':
      return `${warning.workload}: ${[...new Set(warning.cells)].join(' and ')} gave different results for task ${warning.task + 1}, so there is no comparison.`;
    default:
      return warning satisfies never;
  }
}

/** `other programs disturbed 2 of 10 blocks; 1 was measured again, 1 disturbed block is left.` */
function disturbance({ blocks, hit, repeated, left }: Extract<Warning, { kind: 'noisy-blocks' }>): string {
  // In results of before they agreed, a run that was interrupted had counted none of those that were left.
  const disturbed = Math.max(hit, left);
  const again = repeated === 0 ? 'none was' : `${repeated} ${repeated === 1 ? 'was' : 'were'}`;
  const rest =
    left === 0 ? 'none of the disturbed ones is' : `${plural(left, 'disturbed one')} ${left === 1 ? 'is' : 'are'}`;
  return `the machine was disturbed during ${disturbed} of ${plural(blocks, 'block')}; ${again} measured again, and ${rest} left.`;
}

/** Those without which a verdict would be misread: they stand above it. */
export function isAboveVerdict(warning: Warning): boolean {
  return isWithholding(warning) || warning.kind === 'drifting-batches' || warning.kind === 'dominant-task';
}

/** In the order in which they are to be read. */
export function warningsInOrder(warnings: readonly Warning[]): readonly Warning[] {
  return [...warnings.filter(isAboveVerdict), ...warnings.filter((warning) => !isAboveVerdict(warning))];
}

function unawaitedText({ afterMs, pending, isEmpty }: Extract<Warning, { kind: 'unawaited' }>): string {
  const busy = `its workers went on for ${ms(afterMs)} after the last result of a batch`;
  const left = `${plural(pending, 'timer or request', 'timers and requests')} had not ended when the last result of a batch was there`;
  return `${isEmpty && pending > 0 ? left : busy}${isEmpty ? ', and every output is undefined' : ''}`;
}

function driftingText({ cell, ratio: { estimate, lo, hi } }: Extract<Warning, { kind: 'drifting-batches' }>): string {
  const change = `from the first to the last round of a block (95% CI, shared among the configurations, ${ratio(lo)}–${ratio(hi)})`;
  return estimate > 1
    ? `${cell}: batches get slower, ${ratio(estimate)}× as long ${change}. Times, and the speedup, depend on how many batches came before: its state may grow, or the machine slows down under it. Clear what tasks keep, or compare with a run with --rounds 1.`
    : `${cell}: batches get faster, ${ratio(estimate)}× as long ${change}. Times depend on how many batches came before: warm-up may not be over. Measure more: --preset rigorous, or a larger --tasks.`;
}
