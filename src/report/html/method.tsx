import type { VNode } from 'preact';
import type { Results } from '../../model/results.ts';
import { commandText } from '../command-text.ts';
import { methodLines, WORDS } from '../method-text.ts';
import { workName } from '../names.ts';
import { plural } from '../numbers.ts';

/** How the numbers came about, how to get them again, what the words mean. */
export function Method({ results }: { readonly results: Results }): VNode {
  const { environment, workloads } = results;
  return (
    <details>
      <summary>How it was measured</summary>
      <ul>
        {methodLines(results).map((line) => (
          <li>{line}</li>
        ))}
        {workloads.map(({ name, bound, boundIs, source, tasks, services }) => (
          <li>
            {name} ({source}): {workName({ bound, ...(boundIs && { boundIs }) })}; {plural(tasks, 'task')} a batch
            {services.length > 0 ? `, beside ${services.join(', ')} in processes of their own` : ''}.
          </li>
        ))}
        <li>
          Node {environment.node}, V8 {environment.v8}, {environment.os}, {environment.arch}; {environment.cpuModel},
          Node’s availableParallelism() says {environment.availableParallelism}, of which{' '}
          {plural(environment.cores, 'core')} can be used.
        </li>
      </ul>
      <p>Much the same again (inputs and time-outs that were given are not in it, and files have no folders):</p>
      <pre>{commandText(results)}</pre>
      <h2>The words</h2>
      <dl>
        {WORDS.map(([word, meaning]) => (
          <>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}
