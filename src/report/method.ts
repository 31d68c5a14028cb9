import type { Results } from '../model/results.ts';
import { commandText } from './command-text.ts';
import { listOf, section, type Details, type Facts } from './document.ts';
import { evidenceText } from './evidence-text.ts';
import { workName } from './names.ts';
import { percent, plural } from './numbers.ts';

/** How the numbers came about, how to get them again, what the words mean: too long for a terminal. */
export function methodDetails(results: Results): Details & { readonly on: readonly ['markdown', 'page'] } {
  return {
    kind: 'details',
    heading: 'How it was measured',
    on: ['markdown', 'page'],
    blocks: [
      listOf([...methodLines(results), ...workloadLines(results), machineLine(results)]),
      {
        kind: 'paragraph',
        text: 'Much the same again (inputs and time-outs that were given are not in it, and files have no folders):',
      },
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
  const ok = cells.filter(({ status }) => status === 'ok').length;
  const isEqual = ok > 1 && !warnings.some(({ kind }) => kind === 'unequal-work');
  return [
    `Each way ran in a process of its own, started afresh for each block (${evidenceText(results)}); in a block every way ran ${plural(options.rounds, 'batch', 'batches')}, one round after the other in random order, every second round of the run in the reverse of the one before.`,
    ...(isEqual ? ['Every way that was measured gave the same results for the same inputs.'] : []),
    ...(options.versusRef === undefined
      ? []
      : [
          `The older version is the commit of ${options.versusRef.ref}, the newer one the working tree; both use the packages that are installed there.`,
        ]),
    `“Times as fast” is the Hodges-Lehmann estimate over the blocks; its interval inverts the exact Wilcoxon signed-rank test, at 95 % shared among the comparisons of a workload. Less than ${percent(options.minEffect)} faster, either of the other, counts as the same.`,
    ...(tuning === undefined
      ? []
      : [
          `Before that, ${plural(tuning.screened, 'setting')} were screened with little evidence, in processes of their own; a setting far behind the fastest after the first block was measured no further. The screening chose the finalists and nothing else: what is said of them was measured anew.`,
        ]),
    ...noise.map(
      ({ workload, hit, repeated, blocks }) =>
        `${workload}: ${hit} of ${plural(blocks.length, 'block')} ${hit === 1 ? 'was' : 'were'} disturbed from outside beyond the limits, ${repeated} measured again.`,
    ),
    `Lanewise ${tool.version}, seed ${seed}, V8 ${environment.v8}, preset ${options.preset}${orchestratorCpu === undefined ? '' : `; the measuring process itself used ${percent(orchestratorCpu)} of a core while batches ran`}.`,
  ];
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
