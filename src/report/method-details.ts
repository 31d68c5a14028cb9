import type { Results } from '../model/results.ts';
import { commandText } from './command-text.ts';
import { listOf, type Details } from './document.ts';
import { methodLines, WORDS } from './method-text.ts';
import { workName } from './names.ts';
import { plural } from './numbers.ts';

/** How the numbers came about, how to get them again, what the words mean: too long for a terminal. */
export function methodDetails(results: Results): Details & { readonly on: readonly ['markdown', 'page'] } {
  return {
    kind: 'details',
    heading: 'How it was measured',
    on: ['markdown', 'page'],
    blocks: [
      listOf(methodLines(results)),
      { ...listOf([...workloadLines(results), machineLine(results)]), on: ['page'] },
      {
        kind: 'paragraph',
        text: 'Much the same again (inputs and time-outs that were given are not in it, and files have no folders):',
      },
      { kind: 'code', language: 'sh', title: 'The command', isTitled: true, text: commandText(results) },
      { kind: 'section', heading: 'The words', blocks: [{ kind: 'facts', facts: WORDS }] },
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
