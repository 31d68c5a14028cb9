import { groupTitle } from '../model/cell-id.ts';
import type { Results } from '../model/results.ts';
import { blocksByWorkload } from '../stats/groups.ts';
import { commandText } from './command-text.ts';
import { listOf, paragraph, present, section, type Block, type Facts } from './document.ts';
import { workName } from './names.ts';
import { duration, listed, percent, plural } from './numbers.ts';

/** How the numbers came about, how to get them again, what the words mean: too long for a terminal. */
export function methodDetails(results: Results): Block {
  return {
    kind: 'details',
    heading: 'How it was measured',
    on: ['markdown', 'page'],
    blocks: [
      listOf([...methodLines(results), ...workloadLines(results), machineLine(results)]),
      paragraph('Much the same again (inputs and time-outs that were given are not in it, and files have no folders):'),
      { kind: 'code', language: 'sh', title: 'The command', isTitled: true, text: commandText(results) },
      section('The words', [{ kind: 'facts', facts: WORDS }]),
    ],
  };
}

function workloadLines({ workloads }: Results): readonly string[] {
  return workloads.map(({ name, bound, boundIs, source, tasks, services }) => {
    const kind = workName({ bound, ...(boundIs && { boundIs }) });
    const beside = services.length > 0 ? `, beside ${services.join(', ')} in processes of their own` : '';
    return `${name} (${source}): ${kind}; ${plural(tasks, 'task')} a batch${beside}.`;
  });
}

function machineLine({ environment }: Results): string {
  const { node, v8, os, arch, cpuModel, availableParallelism, cores } = environment;
  return `Node ${node}, V8 ${v8}, ${os}, ${arch}; ${cpuModel}, Node’s availableParallelism() says ${availableParallelism}, of which ${plural(cores, 'core')} can be used.`;
}

/** How the numbers came about, one sentence or two each. */
function methodLines(results: Results): readonly string[] {
  const { options, environment, seed, tool, orchestratorCpu, noise = [], warnings, cells, tuning } = results;
  const { versusRef } = options;
  const ok = cells.filter(({ status }) => status === 'ok').length;
  const isEqual = ok > 1 && !warnings.some(({ kind }) => kind === 'unequal-work');
  return present(
    `Each way ran in a process of its own, started afresh for each block (${evidenceText(results)}); in a block every way ran ${plural(options.rounds, 'batch', 'batches')}, one round after the other in random order, every second round of the run in the reverse of the one before.`,
    isEqual && 'Every way that was measured gave the same results for the same inputs.',
    versusRef &&
      `The older version is the commit of ${versusRef.ref}, the newer one the working tree; both use the packages that are installed there.`,
    `“Times as fast” is the Hodges-Lehmann estimate over the blocks; its interval inverts the exact Wilcoxon signed-rank test, at 95 % shared among the comparisons of a workload. Less than ${percent(options.minEffect)} faster, either of the other, counts as the same.`,
    tuning &&
      `Before that, ${plural(tuning.screened, 'setting')} were screened with little evidence, in processes of their own; a setting far behind the fastest after the first block was measured no further. The screening chose the finalists and nothing else: what is said of them was measured anew.`,
    ...noise.map(
      ({ workload, hit, repeated, blocks }) =>
        `${workload}: ${hit} of ${plural(blocks.length, 'block')} ${hit === 1 ? 'was' : 'were'} disturbed from outside beyond the limits, ${repeated} measured again.`,
    ),
    `Lanewise ${tool.version}, seed ${seed}, V8 ${environment.v8}, preset ${options.preset}${orchestratorCpu === undefined ? '' : `; the measuring process itself used ${percent(orchestratorCpu)} of a core while batches ran`}.`,
  );
}

/** What the words of the report mean. */
const WORDS: Facts['facts'] = [
  ['task', 'one call of the workload’s function with one input'],
  ['batch', 'the tasks that are handed over together; its time runs from the hand-over to the last result'],
  ['lane', 'a place where tasks run: the main loop, one worker thread, one child process'],
  ['in flight', 'how many tasks one lane may have under way at once: “xall” in a name is all of them'],
  ['in progress', 'the mean number of tasks started and not finished: concurrency'],
  [
    'cores used',
    'CPU time of the process, its threads, its children and the programs that tasks start (on Linux; elsewhere these are not counted) over wall time: parallelism',
  ],
  [
    'task latency',
    'from the moment at which the program submits the batch to the task’s result being there: queued, dispatch, running and return',
  ],
  ['queued', 'until a worker was given the task, and in the worker until those before it had ended or begun to wait'],
  ['dispatch', 'from there to the start of the task: what it costs to hand it to a worker that is free'],
  ['return', 'from the end of the task to its result being there'],
  ['loop delay', 'how long an event that comes while a batch runs would wait for the main thread'],
  ['block', 'one start of every way, warmed up, measured and shut down: what an interval counts'],
  ['paid back after', 'so many batches until the lanes have saved the time that starting them took'],
];

/** How far a run came that was interrupted, killed or out of time, and what it did not reach; undefined of a whole run. */
export function interruption(
  results: Pick<Results, 'cells' | 'complete' | 'options' | 'tuning' | 'workloads'>,
): string | undefined {
  if (results.complete) return undefined;
  const { tuning, options, workloads } = results;
  if (tuning !== undefined && tuning.finalists.length === 0)
    return `Interrupted while screening: no finalists were chosen, and nothing was measured again.`;
  const counts = blocksByWorkload(results).map((blocks, index) => ({ blocks, name: nameOf(workloads, index) }));
  const last = options.looks?.at(-1) ?? options.blocks;
  const partly = counts
    .filter(({ blocks }) => blocks > 0 && blocks < last)
    .map(
      ({ name, blocks }) =>
        `${name} (${blocks} of ${options.looks === undefined ? '' : 'up to '}${plural(last, 'block')})`,
    );
  const missing = counts.filter(({ blocks }) => blocks === 0).map(({ name }) => name);
  return present(
    'Interrupted: these are the results so far.',
    partly.length > 0 && `Measured in part: ${listed(partly, NAMED)}.`,
    missing.length > 0 && `Not reached: ${listed(missing, NAMED)}.`,
  ).join(' ');
}

const NAMED = 6;

/** With its params where the same workload was to be measured with several. */
function nameOf(workloads: Results['workloads'], index: number): string {
  const { name = '', params = {} } = workloads[index] ?? {};
  const isScanned = workloads.filter((other) => other.name === name).length > 1;
  return isScanned ? groupTitle(name, params, {}) : name;
}

/** How long it took; of a run that was gone on with, without the time between. */
function timeText({ durationMs, resumedAt = [] }: Pick<Results, 'durationMs' | 'resumedAt'>): string {
  return resumedAt.length === 0 ? duration(durationMs) : `${duration(durationMs)} in ${resumedAt.length + 1} parts`;
}

/** How many blocks and rounds were measured: of a run that may end before the last look, at which numbers of blocks it looked. */
function evidenceText(results: Pick<Results, 'cells' | 'complete' | 'options' | 'workloads'>): string {
  const { blocks, rounds, looks } = results.options;
  const measured = measuredBlocks(results);
  const of = plural(rounds, 'round');
  if (looks !== undefined)
    return `until decided, looked at after ${looks.join(', ')} blocks, of ${of}: ${measured} measured`;
  return results.complete
    ? `${plural(blocks, 'block')} of ${of}`
    : `${measured} of ${plural(blocks, 'block')} of ${of}`;
}

/** `10`, or `8 to 10` where workloads differ. */
function measuredBlocks(results: Pick<Results, 'cells' | 'workloads'>): string {
  return range(blocksByWorkload(results), String);
}

/** `10`, or `8 to 10`; 0 where there is nothing. */
function range([first = 0, ...others]: readonly number[], show: (value: number) => string): string {
  const [least, most] = others.reduce(([lo, hi], value) => [Math.min(lo, value), Math.max(hi, value)], [first, first]);
  return least === most ? show(most) : `${show(least)} to ${show(most)}`;
}

/** Where, when and with how much evidence it was measured, one fact each. */
export function factsOf(results: Results): readonly string[] {
  const { environment, options, startedAt, seed } = results;
  const { cpuModel, cores, os } = environment;
  const { versusRef, minEffect } = options;
  return present(
    cpuModel,
    plural(cores, 'usable core'),
    nodesOf(results),
    ...inheritedBy(results),
    os,
    versusRef && `older version ${versusRef.ref} (commit ${versusRef.commit.slice(0, 7)})`,
    evidenceText(results),
    timeText(results),
    startedAt,
    verificationText(results),
    `margin ${percent(minEffect)}`,
    `seed ${seed}`,
    !countsCommands(results) && 'CPU time of programs that tasks start: not counted on this system',
  );
}

/** Which outputs were compared with those of every other configuration; nothing of results that do not say. */
function verificationText({ options: { verify }, cells }: Results): string {
  if (verify === undefined) return '';
  if (verify === 'off') return 'results not verified';
  const shares = cells.flatMap((cell) => (cell.status === 'ok' ? (cell.summary.verifiedShare ?? []) : []));
  if (shares.length === 0) return 'results verified in untimed batches';
  return `results verified: all of untimed batches, ${range(shares, percent)} of timed ones`;
}

/** What was measured on, with the flags it was given. */
function nodesOf({ environment, runtimes = [] }: Results): string {
  const measured = runtimes.length > 0 ? runtimes : [{ node: environment.node, flags: [] }];
  return measured.map(({ node, flags }) => [`Node ${node}`, ...flags].join(' ')).join(', ');
}

/** What of the environment decides what is measured: the same command gives other figures where it is another. */
function inheritedBy({ environment, options }: Results): readonly string[] {
  const { uvThreads, nodeFlags = [], variables = {} } = environment;
  const size = options.uvThreads ?? uvThreads;
  return present(
    typeof size === 'number' && `UV_THREADPOOL_SIZE=${size}`,
    nodeFlags.length > 0 && `NODE_OPTIONS ${nodeFlags.join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => (value === 'set' ? `${name} set` : `${name}=${value}`)),
  );
}

/** Results of before they were counted do not say that they were not. */
function countsCommands({ cells }: Results): boolean {
  return !cells.some(({ samples }) => samples.some(({ commandsMs }) => commandsMs === null));
}
