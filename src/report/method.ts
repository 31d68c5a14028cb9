import { RUNTIME_NAMES } from '../../workers/this-runtime.ts';
import type { Results } from '../model/results.ts';
import { blocksByWorkload, groupBy, keyOf, titlesOf } from '../stats/groups.ts';
import { rulesFor } from '../model/evidence.ts';
import { commandText } from './command-text.ts';
import { listOf, note, paragraph, present, section, type Block, type Facts } from './document.ts';
import { runtimeText, workName } from './names.ts';
import { duration, inPercent, listed, plural, verdictWords } from './numbers.ts';

/** The method, the command to reproduce the run, and the glossary: too long for a terminal. */
export function methodDetails(results: Results): Block {
  return {
    kind: 'details',
    heading: 'How it was measured',
    on: ['markdown', 'page'],
    blocks: [
      listOf([...methodLines(results), ...workloadLines(results), machineLine(results)]),
      reproduction('run', commandText(results)),
      { ...section('Glossary', [{ kind: 'facts', facts: GLOSSARY }]), id: 'glossary' },
    ],
  };
}

/** The command to reproduce a measurement. */
export function reproduction(what: 'run' | 'load', command: string): Block {
  return section(`Reproduce this ${what}`, [
    paragraph('Inputs and timeouts that were given are not in it, and files have no folders.'),
    { kind: 'code', language: 'sh', title: 'The command', isTitled: true, text: command },
  ]);
}

function workloadLines({ workloads }: Results): readonly string[] {
  const titles = titlesOf(workloads);
  return workloads.map((workload, index) => {
    const { name, source, tasks, services } = workload;
    const beside = services.length > 0 ? `, with ${services.join(', ')} in separate processes` : '';
    return `${titles[index] ?? name} (${source}): ${workName(workload)}; ${plural(tasks, 'task')} per batch${beside}.`;
  });
}

function machineLine({ environment }: Results): string {
  const { node, v8, os, arch, cpuModel, availableParallelism, cores } = environment;
  return `Node ${node}, V8 ${v8}, ${os}, ${arch}; ${cpuModel}, availableParallelism() ${availableParallelism}, ${plural(cores, 'CPU')} usable.`;
}

/** The method, in paragraphs of one or two sentences. */
function methodLines(results: Results): readonly string[] {
  const { options, environment, seed, tool, orchestratorCpu, noise = [], warnings, cells, tuning } = results;
  const { versusRef } = options;
  const raced = cells.filter(({ startsMs }) => startsMs !== undefined);
  const ok = cells.filter(({ status }) => status === 'ok').length;
  const isEqual = ok > 1 && !warnings.some(({ kind }) => kind === 'unequal-work');
  return present(
    `Every configuration ran in its own process, started afresh for each block (${evidenceText(results)}). In a block all take turns, in rounds of random order; every second round reverses the one before.`,
    raced.length > 0 && raceMethod(raced),
    raced.some(({ version }) => version !== undefined) &&
      'A configuration was dropped only if its old and its new version both were that far behind; how it has changed is then not known.',
    isEqual && options.verify !== 'off' && 'All configurations gave the same results for the same inputs.',
    versusRef &&
      `The old version is commit ${versusRef.commit.slice(0, 7)} (${versusRef.ref}), the new one the working tree; both use the packages installed there.`,
    `Speedup is that of a typical batch: the Hodges-Lehmann estimate over the blocks, each with the median of its rounds; its CI inverts the exact Wilcoxon signed-rank test. An error of 5% is shared among the comparisons of a workload with its baseline, so with several, each CI has a higher level than 95%. Outside these 5% are the choice among tied configurations (at 95% by itself), trade-offs, total times, the upper bound, curves and crossovers, and other workloads. ${verdictWords(options.minEffect)}`,
    tuning &&
      `Before that, ${plural(tuning.screened, 'candidate')} were screened with little evidence; those far behind the fastest in both of their first two starts were dropped. The screening only chose the finalists: all numbers reported for them were measured again. If finalists are equally fast, the speedup of the chosen one reads a little high, since the best of several estimates is partly the luckiest.`,
    ...noiseLines(noise),
    `Lanewise ${tool.version}, seed ${seed}, V8 ${environment.v8}, preset ${options.preset}${orchestratorCpu === undefined ? '' : `; the measuring process used ${inPercent(orchestratorCpu)}% of a CPU while batches ran`}.`,
  );
}

function noiseLines(noise: NonNullable<Results['noise']>): readonly string[] {
  const titles = titlesOf(noise.map(({ workload, params }) => ({ name: workload, params })));
  return noise.map(({ workload, hit, repeated, blocks }, index) => {
    const title = titles[index] ?? workload;
    if (blocks.length === 0) return `${title}: no block was measured to its end.`;
    return `${title}: ${hit} of ${plural(blocks.length, 'block')} disturbed beyond the limits, ${repeated} measured again.`;
  });
}

/** How the race works, for the method of a run that had one; with many configurations, the level is too small for 1.5×. */
function raceMethod(raced: Results['cells']): string {
  const groups = [...groupBy(raced, keyOf).values()];
  const isOfOne = raced.every(({ version }) => version === undefined);
  const contenders = groups.map(({ length }) => (isOfOne ? length : length / 2) - 1);
  const have = groups.filter((_, index) => rulesFor(contenders[index] ?? 0).length > 1).length;
  const also = have === 0 ? '' : `, or 1.5× in 3${have < groups.length ? ' where there were few enough' : ''},`;
  return `Configurations that took at least 2.5× the time of the fastest in 2 fresh starts${also} were dropped. If a single start in ten is off by half, that loses fewer than 2 in 1000 that are really as fast, and the level of the CIs pays for it. The others were measured again, in new blocks: every verdict comes from those.`;
}

const GLOSSARY: Facts['facts'] = [
  ['task', 'one call of the workload’s function with one input'],
  ['batch', 'tasks submitted together; its time ends with the last result'],
  ['worker', 'the main thread, one worker thread or one child process that runs tasks'],
  ['concurrency', 'how many tasks one worker may run at once'],
  ['tasks in flight', 'tasks started and not finished, on average: the measured concurrency'],
  [
    'CPUs used',
    'CPU time of the process, its threads, its children and (on Linux) the commands of tasks, divided by the wall time: the measured parallelism',
  ],
  [
    'speedup',
    'time of a batch of the baseline divided by that of the configuration measured in the same round: the typical one (Hodges–Lehmann) of these ratios, which can lie beside the ratio of the two medians where times vary',
  ],
  [
    'total-time speedup',
    'the same for the time of all measured batches, so that slow ones count in full; its CI cannot cover slow batches too rare to have occurred',
  ],
  ['slow batches', 'share of the batches that took more than 1.5 times the median batch'],
  [
    'CI',
    'confidence interval of a speedup: one that includes 1 shows no significant difference. The comparisons of a workload share an error of 5%, so the more there are, the higher the level of each',
  ],
  ['tied with', 'not significantly slower by more than the minimum effect'],
  ['task latency', 'from submitting the batch to the task’s result: queued, dispatch, running, return'],
  ['queued', 'waiting in the program or in a worker, behind other tasks'],
  ['dispatch', 'from giving a task to a free worker until it starts'],
  ['return', 'from the end of a task until its result has arrived'],
  ['event-loop delay', 'how long an event would wait for the main thread during a batch'],
  ['memory', 'private memory of all processes of a configuration, and what they share, such as the code of Node, once'],
  ['block', 'one repetition: every configuration is started afresh, warmed up, measured and ended'],
  ['breaks even after', 'batches until the workers have saved their startup time'],
];

const FIRST_WORDS = new Set(['worker', 'concurrency', 'tasks in flight', 'CPUs used', 'speedup', 'CI', 'tied with']);

/** The words that answers and figures cannot do without; the glossary has all. */
export const HOW_TO_READ: Block = {
  kind: 'details',
  heading: 'How to read this',
  on: ['page'],
  blocks: [
    { kind: 'facts', facts: GLOSSARY.filter(([name]) => FIRST_WORDS.has(name)) },
    note(['The other words: ', { text: 'Glossary', to: 'glossary' }, '.']),
  ],
};

/** Progress of a run that was interrupted, killed or out of time; undefined for a complete run. */
export function interruption(
  results: Pick<Results, 'cells' | 'complete' | 'options' | 'tuning' | 'workloads'>,
): string | undefined {
  if (results.complete) return undefined;
  const { tuning, options, workloads } = results;
  if (tuning !== undefined && tuning.finalists.length === 0)
    return 'Interrupted while screening: no finalists were chosen.';
  const titles = titlesOf(workloads);
  const counts = blocksByWorkload(results).map((blocks, index) => ({
    blocks,
    last: workloads[index]?.evidence?.blocks ?? options.looks?.at(-1) ?? options.blocks,
    name: titles[index] ?? '',
  }));
  const partly = counts
    .filter(({ blocks, last }) => blocks > 0 && blocks < last)
    .map(
      ({ name, blocks, last }) =>
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

/** Duration; for a resumed run, without the time between. */
function timeText({ durationMs, resumedAt = [] }: Pick<Results, 'durationMs' | 'resumedAt'>): string {
  return resumedAt.length === 0 ? duration(durationMs) : `${duration(durationMs)} in ${resumedAt.length + 1} parts`;
}

/** Number of measured blocks and rounds; for a run that may stop early, its looks. */
function evidenceText(results: Pick<Results, 'cells' | 'complete' | 'options' | 'workloads'>): string {
  const { workloads, options } = results;
  const planned = workloads.map(({ evidence = options }) => evidence);
  const measured = measuredBlocks(results);
  const rounds = range(
    planned.map((evidence) => evidence.rounds),
    String,
  );
  const of = `${rounds} ${rounds === '1' ? 'round' : 'rounds'}`;
  if (options.looks !== undefined) return `${measured} blocks × ${of} (looks: ${options.looks.join(', ')})`;
  const blocks = range(
    planned.map((evidence) => evidence.blocks),
    String,
  );
  return `${results.complete && measured !== '0' ? '' : `${measured} of `}${blocks} ${blocks === '1' ? 'block' : 'blocks'} × ${of}`;
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

/** The machine, the time and the evidence, one fact each; first those without which numbers mislead. */
export function factsOf(results: Results): readonly string[] {
  const { environment, options, startedAt, seed, workloads, tuning } = results;
  // Elsewhere each table has a heading with it.
  const [{ tasks } = { tasks: 0 }] = workloads;
  const { cpuModel, cores, os } = environment;
  const { allowBusy, versusRef, minEffect, verify } = options;
  return present(
    plural(cores, 'CPU'),
    emulatedText(results),
    runtimesOf(results),
    ...inheritedBy(results),
    verify === 'off' && 'outputs not verified',
    allowBusy === true && 'verdicts even if other programs took CPUs',
    versusRef && `old version ${versusRef.ref} (${versusRef.commit.slice(0, 7)})`,
    evidenceText(results),
    timeText(results),
    workloads.length === 1 && tuning === undefined && `${plural(tasks, 'task')} per batch`,
    `seed ${seed}`,
    cpuModel,
    os,
    startedAt,
    verificationText(results),
    `minimum effect ${inPercent(minEffect)}%`,
    !countsCommands(results) && 'CPU time of commands: not measured',
  );
}

const NOTHING = { cpus: null, memory: null } as const;

/** `emulated: 1.5 CPUs, 512 MiB for each configuration`, or nothing. */
function emulatedText({ environment: { emulated: { cpus, memory } = NOTHING } }: Results): string {
  const limits = present(
    cpus !== null && plural(cpus, 'CPU'),
    memory !== null && `${Math.round(memory)} MiB for each configuration`,
  );
  return limits.length === 0 ? '' : `emulated: ${limits.join(', ')}`;
}

/** Which outputs were verified; empty for results that do not record it. */
function verificationText({ options: { verify }, cells }: Results): string {
  if (verify === undefined || verify === 'off') return '';
  const shares = cells.flatMap((cell) => (cell.status === 'ok' ? (cell.summary.verifiedShare ?? []) : []));
  if (shares.length === 0) return 'outputs verified in untimed batches';
  return `outputs verified: all of untimed batches, ${range(shares, (share) => `${inPercent(share)}%`)} of timed ones`;
}

/** The versions of the runtimes and their flags. */
function runtimesOf({ environment, runtimes = [] }: Results): string {
  if (runtimes.length === 0) return runtimeText(environment);
  return runtimes
    .map(({ name, version, flags }) =>
      [`${RUNTIME_NAMES[name]} ${name === 'node' ? 'v' : ''}${version}`, ...flags].join(' '),
    )
    .join(', ');
}

/** Settings of the environment that change the results of the same command. */
function inheritedBy({ environment, options }: Results): readonly string[] {
  const { uvThreads, nodeFlags = [], variables = {} } = environment;
  const size = options.uvThreads ?? uvThreads;
  return present(
    typeof size === 'number' && `UV_THREADPOOL_SIZE=${size}`,
    nodeFlags.length > 0 && `NODE_OPTIONS ${nodeFlags.join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => (value === 'set' ? `${name} set` : `${name}=${value}`)),
  );
}

/** Whether commands of tasks were counted; earlier results do not record it. */
function countsCommands({ cells }: Results): boolean {
  return !cells.some(({ samples }) => samples.some(({ commandsMs }) => commandsMs === null));
}
